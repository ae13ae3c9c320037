"""No answer mixes two states of the shop, and none is older than what was committed before the tap.

The long form is `deploy/bench prices --sweep torn`.
"""

from __future__ import annotations

from benches.pricing import torn


def test_no_answer_mixes_two_states_of_the_shop(database_url: str) -> None:
    found = torn.sweep(database_url, 400, processes=0)
    assert (found["answers"], found["torn"], found["stale"]) == (400, 0, 0)
    assert found["states seen"] > 5

"""What the holder of a card agrees to: told to the server at once, and shown as it holds there."""

from __future__ import annotations

from uuid import UUID

from kiosk.client import Client
from kiosk.errors import KioskError
from kiosk.given import Surroundings
from kiosk.screen import Showing
from kiosk.stage import Stage
from server.wire import PURPOSES, PersonCard, PersonChoice, Purpose, uuid7


def chosen(agreed: tuple[Purpose, ...], purpose: Purpose, *, yes: bool) -> tuple[Purpose, ...]:
    """Return what is agreed to after one choice. Where the visit is nobody's, nothing else can hold."""
    wanted = {*agreed, purpose} if yes else {*agreed} - {purpose}
    return tuple(one for one in PURPOSES if one in wanted) if "service" in wanted else ()


class Choosing:
    """Takes what a shopper chooses; a choice that cannot be told does not hold, and the screen says so."""

    def __init__(self, client: Client, stage: Stage, given: Surroundings) -> None:
        self._client, self._stage, self._given = client, stage, given

    def tell(self, purpose: Purpose, *, yes: bool, visit_id: UUID) -> dict[str, object]:
        """Tell the server one choice and return how the screen's state changes."""
        state, moment = self._stage.state, self._given.now()
        agreed = chosen(state.agreed or (), purpose, yes=yes)
        choice = PersonChoice(
            choice_id=uuid7(moment, self._given.luck(10)),
            visit_id=visit_id,
            occurred_at=moment,
            agreed=agreed,
            language=state.language,
        )
        try:
            self._client.choose(choice)
        except KioskError:
            return {"choice_lost": True}
        return {"agreed": agreed, "choice_lost": False}

    def show(self) -> None:
        """Show what holds, where a card was tapped in this visit."""
        agreed = self._stage.state.agreed
        if agreed is not None:
            fresh = uuid7(self._given.now(), self._given.luck(10))
            view = Showing(fresh, PersonCard(agreed=agreed), (), live=True, as_of=None)
            self._stage.show(view, warning_seconds=None)

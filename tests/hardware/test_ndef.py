"""Any bytes become an outcome; a URI comes out exactly as it went in."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from hardware import ndef
from hardware.tag import Outcome
from hardware.type2 import find_message

HOSTILE = (
    "dc0802016b73703a736f68d1011155",
    "d102105370d201045504782e795101045402656e74",
    "d10107540200ff004d2869",
    "d1020644690101610101e2",
)


@given(st.binary(max_size=400))
def test_no_bytes_raise(message: bytes) -> None:
    outcome, uri = ndef.decode(message)
    assert outcome in Outcome
    assert uri is None or outcome is Outcome.OK


@given(st.sampled_from(HOSTILE).map(bytes.fromhex), st.binary(max_size=20))
def test_what_breaks_other_decoders_is_an_outcome(message: bytes, more: bytes) -> None:
    assert ndef.decode(message + more)[0] in Outcome


@given(st.binary(max_size=300))
def test_no_memory_raises(area: bytes) -> None:
    found = find_message(area)
    assert found is None or found in area or found == b""


def test_a_query_is_not_touched() -> None:
    for uri in (
        "https://a.example/01/09506000134352?a=b&c=%2F",
        "http://www.x.example/",
        "urn:epc:id:sgtin:1",
        "x:y",
    ):
        assert ndef.decode(ndef.encode_uri(uri)) == (Outcome.OK, uri)


def test_a_million_empty_records_are_refused_quickly() -> None:
    assert ndef.decode(b"\x90\x00\x00" + b"\x10\x00\x00" * 300_000)[0] is Outcome.MALFORMED

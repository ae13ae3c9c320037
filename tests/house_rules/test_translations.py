"""Every sentence people read is there in Spanish."""

from __future__ import annotations

from io import BytesIO

import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

from tests.house_rules.house import TOP

METHODS = [("**.py", "python"), ("**/templates/**.html", "jinja2")]
KEYWORDS = {"_": None, "gettext": None, "mark": None}


@pytest.mark.parametrize("room", ["hardware", "kiosk", "server"])
def test_every_sentence_is_translated(room: str) -> None:
    used = {message for _, _, message, *_ in extract_from_dir(TOP / room, METHODS, keywords=KEYWORDS)}
    assert used, "no sentence was found: this test would prove nothing"
    po = TOP / room / "translations/es/LC_MESSAGES/messages.po"
    known = {message.id: message.string for message in read_po(BytesIO(po.read_bytes())) if message.id}
    assert {message for message in used if not known.get(message)} == set()
    assert set(known) - used == set(), "these are no longer used"

"""A setting that cannot be used is a sentence naming it."""

from __future__ import annotations

from pathlib import Path

import pytest

from kiosk.errors import SettingsError
from kiosk.settings import from_environment

GOOD = {"SHELFTALKER_SERVER": "https://shop.example/", "SHELFTALKER_KEY": "stk_x"}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SERVER", ""),
        ("SERVER", "shop.example"),
        ("KEY", ""),
        ("KEY", "stk_\n_x"),
        ("KEY", "stk_ñ"),
        ("KEY_FILE", "/nowhere/key"),
        ("PORT", "0"),
        ("PORT", "eight"),
        ("IDLE_SECONDS", "29"),
        ("IDLE_SECONDS", "301"),
        ("READER", "usb,"),
        ("READER", "usb,usb"),
    ],
)
def test_the_sentence_names_the_variable(name: str, value: str) -> None:
    with pytest.raises(SettingsError, match=f"SHELFTALKER_{name}"):
        from_environment(GOOD | {f"SHELFTALKER_{name}": value})


def test_what_is_not_said_has_a_default(tmp_path: Path) -> None:
    (tmp_path / "key").write_text("stk_filed\n")
    settings = from_environment(GOOD | {"SHELFTALKER_KEY_FILE": str(tmp_path / "key")})
    assert (settings.server, settings.key, settings.readers) == ("https://shop.example", "stk_filed", ("usb",))
    assert (settings.port, settings.idle_seconds) == (8001, 60)


def test_several_readers_are_named_with_commas() -> None:
    settings = from_environment(GOOD | {"SHELFTALKER_READER": "usb:001:004, tty:AMA0:pn532"})
    assert settings.readers == ("usb:001:004", "tty:AMA0:pn532")


def test_only_a_watchdog_meant_for_this_program_counts() -> None:
    assert from_environment(GOOD | {"WATCHDOG_USEC": "30000000"}).watchdog_seconds == 30
    assert from_environment(GOOD | {"WATCHDOG_USEC": "30000000", "WATCHDOG_PID": "1"}).watchdog_seconds == 0

"""The manager reads in words how each kiosk is."""

from __future__ import annotations

import html

from flask.testing import FlaskClient

from tests.clock import NOW
from tests.shopfloor import as_device, sign_in

BEAT = {"version": "0.1.0", "reader": "ready", "waiting": 0, "boot_id": "b"}


def page_after(client: FlaskClient, **told: object) -> str:
    """Return the kiosks page, its text, after the Madrid kiosk said how it is."""
    assert client.post("/api/v1/heartbeats", json=BEAT | told, headers=as_device("kiosk")).status_code == 204
    sign_in(client, "manager")
    return html.unescape(
        client.get("/manage/MAD/kiosks", headers={"Accept-Language": "en"}).get_data(as_text=True)
    )


def test_a_kiosk_of_before_says_nothing_of_its_readers_and_is_shown(client: FlaskClient) -> None:
    assert "The reader works." in page_after(client)


def test_each_reader_is_told_with_its_times_and_faults(client: FlaskClient) -> None:
    works = {
        "name": "usb",
        "state": "working",
        "last_tap_at": NOW.isoformat(),
        "read_ms_p50": 4.4,
        "read_ms_p95": 9.1,
        "opens": 3,
        "faults": 2,
    }
    broken = {"name": "tty:AMA0:pn532", "state": "fault", "words": "No reader answers there."}
    page = page_after(client, readers=[works, broken])
    assert "The reader usb works." in page
    assert "Half of its reads took up to 4 ms, 95 of 100 up to 9 ms." in page
    assert "Faults since it was started: 2; opened: 3." in page
    assert "The reader tty:AMA0:pn532 does not work." in page
    assert "No reader answers there." in page


def test_a_fault_is_told_by_its_code_and_an_unknown_one_in_the_kiosks_own_words(client: FlaskClient) -> None:
    broken = {"name": "usb", "state": "fault", "words": "Said in English."}
    broken |= {"fault": "port_empty", "where": "1-1.4"}
    page = page_after(client, readers=[broken, broken | {"name": "other", "fault": "of tomorrow"}])
    assert "Nothing is plugged into the USB port 1-1.4." in page
    assert page.count("Said in English.") == 1


def test_taps_in_memory_only_are_told_with_what_to_do(client: FlaskClient) -> None:
    page = page_after(client, unrecorded=3, outbox_words="disk I/O error")
    assert "only in its memory: 3. See that the disk works" in page
    assert "in its memory" not in page_after(client)

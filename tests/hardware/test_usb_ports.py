"""A reader is found by the USB port it is plugged into, wherever the system puts it this time."""

from __future__ import annotations

from pathlib import Path

import pytest

from hardware.usb_ports import PORT, UsbDevice, device_at, plugged_in


def plug(sysfs: Path, port: str, *, number: int, serial: str = "") -> None:
    folder = sysfs / port
    folder.mkdir(parents=True)
    for name, text in {"idVendor": "072f", "idProduct": "2200", "busnum": "1", "devnum": str(number)}.items():
        (folder / name).write_text(text + "\n")
    (sysfs / f"{port}:1.0").mkdir()
    if serial:
        (folder / f"{port}:1.0" / serial).mkdir(parents=True)


def test_a_device_has_its_new_number_after_each_plugging_in(tmp_path: Path) -> None:
    plug(tmp_path, "1-1.4", number=7)
    assert device_at("1-1.4", tmp_path) == UsbDevice("1-1.4", "072f", "2200", 1, 7)
    (tmp_path / "1-1.4" / "devnum").write_text("8\n")
    device = device_at("1-1.4", tmp_path)
    assert device is not None
    assert device.path() == "usb:001:008"


def test_a_serial_converter_is_named_by_its_line(tmp_path: Path) -> None:
    plug(tmp_path, "1-1.2", number=3, serial="ttyUSB0")
    device = device_at("1-1.2", tmp_path)
    assert device is not None
    assert device.path("arygon") == "tty:/dev/ttyUSB0:arygon"


def test_an_empty_port_and_a_hub_without_numbers_are_nothing(tmp_path: Path) -> None:
    (tmp_path / "1-1").mkdir()
    assert device_at("1-1", tmp_path) is None
    assert device_at("1-9", tmp_path) is None


def test_all_that_is_plugged_in_is_listed_by_port(tmp_path: Path) -> None:
    for number, port in enumerate(("2-1", "1-1.4", "1-1")):
        plug(tmp_path, port, number=number)
    assert [device.port for device in plugged_in(tmp_path)] == ["1-1", "1-1.4", "2-1"]


@pytest.mark.parametrize("name", ["usb:1-1", "usb:1-1.4.2:pn532"])
def test_a_setting_names_a_port(name: str) -> None:
    assert PORT.fullmatch(name)


@pytest.mark.parametrize("name", ["usb", "usb:072f:2200", "usb:001:008", "usb:1-"])
def test_other_settings_do_not(name: str) -> None:
    assert PORT.fullmatch(name) is None

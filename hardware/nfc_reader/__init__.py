"""The door to nfcpy: every device it drives as a `Radio`. No exception of nfcpy leaves this folder."""

from hardware.nfc_reader.opening import open_radio, radio_in_process, radio_on, radio_on_usb

__all__ = ["open_radio", "radio_in_process", "radio_on", "radio_on_usb"]

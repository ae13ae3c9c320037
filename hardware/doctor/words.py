"""What the doctor says, with the command that helps."""

from __future__ import annotations

from hardware.doctor.examine import Finding, Trouble
from hardware.fault import in_words
from hardware.reader import Arrived, Fault, ReaderEvent, Recovered, Removed
from hardware.tag import Outcome, TagRead
from hardware.words import gettext as _


def report(findings: list[Finding], account: str) -> list[str]:
    """Return the lines of `list`: each reader with its name for `--reader`, and what to do about its troubles."""
    if not findings:
        return [
            _("No reader was found on USB, on a serial port or through PC/SC."),
            _("One on the pins of a Raspberry Pi is named by its port: --reader tty:AMA0:pn532"),
        ]
    return [line for finding in findings for line in _about(finding, account)]


def _about(finding: Finding, account: str) -> list[str]:
    troubles = [remedy(trouble, detail, account) for trouble, detail in finding.troubles]
    if troubles:
        verdict = _("does not work yet")
    else:
        verdict = _("ready") if finding.certain else _("may hold a PN532; try it")
    return [f"{finding.name}: {verdict}  (--reader {finding.setting})", *(f"    {line}" for line in troubles)]


def remedy(trouble: Trouble, detail: str, account: str) -> str:
    """Return what is wrong and the exact command that puts it right."""
    said = {
        Trouble.LIBUSB: _("libusb is missing: sudo apt-get install libusb-1.0-0"),
        Trouble.RULE: _(
            "No udev rule gives it to a group: sudo install -m 0644 deploy/kiosk/99-shelftalker.rules "
            "/etc/udev/rules.d/ && sudo udevadm control --reload && sudo udevadm trigger"
        ),
        Trouble.GROUP: _(
            "The account %(account)s is not in the group %(detail)s: sudo usermod -aG %(detail)s %(account)s "
            "and log in again"
        ),
        Trouble.LOGIN: _(
            "The account %(account)s was put into the group %(detail)s after it logged in: log out and in again, "
            "or start the service anew"
        ),
        Trouble.REPLUG: _(
            "The account may not use it although the rules say so: pull it out and plug it in again."
        ),
        Trouble.MODULE: _(
            "The kernel takes it for itself (%(detail)s): sudo modprobe -r %(detail)s, and for good: sudo install "
            "-m 0644 deploy/kiosk/shelftalker-blacklist.conf /etc/modprobe.d/"
        ),
        Trouble.PCSCD: _(
            "The PC/SC service may hold it: sudo systemctl disable --now pcscd.socket pcscd.service, "
            "or use it as --reader pcsc"
        ),
        Trouble.PCSC_ONLY: _(
            "nfcpy does not drive it (%(detail)s); PC/SC may: sudo apt-get install pcscd, install the extra "
            "shelftalker[pcsc], and use --reader pcsc"
        ),
        Trouble.PCSC: "%(detail)s",
    }[trouble]
    return said % {"account": account, "detail": detail}


def told(event: ReaderEvent) -> str:
    """Return what a reader tells, in a line."""
    match event:
        case Arrived(read):
            return about_read(read)
        case Removed(uid):
            return _("%(uid)s was taken away.") % {"uid": uid or _("It")}
        case Fault(kind, where):
            return in_words(kind, where)
        case Recovered():
            return _("The reader works again.")


def about_read(read: TagRead) -> str:
    """Return what a tag is and says, in a line."""
    took = _("read in %(ms).1f ms") % {"ms": read.milliseconds}
    tag = f"{read.kind} {read.uid}".strip()
    if read.outcome is Outcome.OK and read.uri:
        return f"{tag}: {read.uri}  ({took})"
    return f"{tag}: {_outcomes()[read.outcome]}  ({took})"


def _outcomes() -> dict[Outcome, str]:
    return {
        Outcome.OK: _("a message without a link"),
        Outcome.EMPTY: _("empty: nothing was written on it yet"),
        Outcome.NOT_NDEF: _("no NDEF: the chip is used for something else, or was never formatted"),
        Outcome.MALFORMED: _("what is on it contradicts itself: write it anew with --replace"),
        Outcome.LOST: _("it was gone before it was read: hold it still"),
        Outcome.UNREADABLE: _("it answers and cannot be read: hold it still, or throw it away"),
        Outcome.FOREIGN: _("a card that is none of ours; nothing of it is kept"),
        Outcome.COLLISION: _("more than one tag: hold one at a time"),
    }

"""The command line of `shelftalker-reader`."""

from __future__ import annotations

import argparse
from pathlib import Path

from hardware.words import gettext as _
from hardware.writing import Seal

URI = "https://id.gs1.org/01/09506000134352"
UID = "04A1B2C3D4E580"


def parser() -> argparse.ArgumentParser:
    """Return the parser; what it returns has `command` and the options of that command."""
    whole = argparse.ArgumentParser(
        prog="shelftalker-reader",
        description=_(
            "Finds readers and what keeps them from working, reads and writes tags, plays virtual ones."
        ),
        epilog=_("Exit codes: 0 done, 1 not done or nothing found, 2 a mistake on the command line or in a file."),
    )
    commands = whole.add_subparsers(dest="command", required=True, metavar="COMMAND")
    commands.add_parser("list", help=_("show the readers found, and how to put right what keeps one from working"))
    read = commands.add_parser("read", help=_("show each tag laid on a reader"))
    _add_reader(read)
    read.add_argument("--count", type=int, default=0, help=_("stop after so many tags (0: never)"))
    _add_write(commands.add_parser("write", help=_("write one tag, read it back, seal it and prove the seal")))
    _add_batch(commands.add_parser("batch", help=_("write a list of tags, one after another")))
    _add_play(commands.add_parser("play", help=_("let virtual tags come and go on the simulated radio")))
    _add_measure(
        commands.add_parser("measure", help=_("measure how fast and how clean a reader reads what lies on it"))
    )
    return whole


def _add_reader(command: argparse.ArgumentParser) -> None:
    command.add_argument("--reader", default="usb", help=_("as `list` names it (usb)"))


def _add_write(command: argparse.ArgumentParser) -> None:
    meaning = command.add_mutually_exclusive_group(required=True)
    meaning.add_argument("--gtin", help=_("the product's GTIN; its address is made from --link"))
    meaning.add_argument("--target", help=_("what the tag means: product:ID, variant:GTIN, sign:ID"))
    command.add_argument("--uri", default="", help=_("the address that goes on the tag"))
    command.add_argument("--output", type=Path, help=_("a CSV file to which what was done is added"))
    sign = _("make an NTAG 424 DNA sign each reading, with the three keys in this file")
    command.add_argument("--sign", type=Path, metavar="KEYS", help=sign)
    _add_manner(command)


def _add_batch(command: argparse.ArgumentParser) -> None:
    command.add_argument("list", type=Path, help=_("a CSV file with a column gtin or target, and maybe uri"))
    command.add_argument(
        "output", type=Path, help=_("a CSV file for what was done; started again it goes on there")
    )
    _add_manner(command)


def _add_manner(command: argparse.ArgumentParser) -> None:
    _add_reader(command)
    command.add_argument(
        "--link", help=_("the start of addresses: https://id.example makes https://id.example/01/GTIN")
    )
    seal = command.add_mutually_exclusive_group()
    lock, protect = _("lock each tag for ever"), _("guard each tag with a password of its own")
    seal.add_argument("--lock", dest="seal", action="store_const", const=Seal.LOCKED, default=Seal.OPEN, help=lock)
    seal.add_argument("--protect", dest="seal", action="store_const", const=Seal.PROTECTED, help=protect)
    command.add_argument("--secret", type=Path, help=_("the file with the secret from which the passwords come"))
    command.add_argument("--count", action="store_true", help=_("let each tag count how often it is read"))
    command.add_argument("--replace", action="store_true", help=_("overwrite tags that hold something"))
    command.add_argument("--by", help=_("who writes (the login name)"))


def _add_play(command: argparse.ArgumentParser) -> None:
    command.add_argument("kinds", nargs="*", default=["ntag213"], help=_("which tags in turn; `list` shows all"))
    command.add_argument("--port", type=int, default=54321, help=_("the UDP port of the radio (54321)"))
    command.add_argument("--uri", default=URI)
    command.add_argument("--uid", default=UID)
    command.add_argument("--faults", default="", help=_("what goes wrong: 'cut 7', 'garble 3', 'noise 0.2'"))
    command.add_argument(
        "--seconds", type=float, default=1.0, help=_("how long each lies, and the field is empty")
    )
    command.add_argument("--rounds", type=int, default=0, help=_("stop after so many rounds (0: never)"))


def _add_measure(command: argparse.ArgumentParser) -> None:
    what = command.add_mutually_exclusive_group()
    what.add_argument("--reader", default="usb", help=_("as `list` names it (usb)"))
    what.add_argument("--virtual", help=_("a kind of virtual tag, in this process: `play list` shows all"))
    command.add_argument("--looks", type=int, default=200, help=_("how often to look (200)"))
    command.add_argument("--faults", default="", help=_("what goes wrong with the virtual tag: 'noise 0.2'"))

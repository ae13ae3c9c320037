"""`shelftalker-reader`: the doctor. Finds readers, shows what is tapped, plays virtual tags."""

from __future__ import annotations

import argparse
import os
import sys
import time
from pathlib import Path

from hardware.choose import UnknownReader, open_reader
from hardware.reader import Arrived, Fault, Recovered, Removed
from hardware.virtual import VirtualField, ntag213

KNOWN_USB = {
    "054c:06c1": "Sony RC-S380",
    "054c:06c3": "Sony RC-S380",
    "054c:02e1": "Sony RC-S330",
    "04cc:0531": "NXP PN531",
    "04cc:2533": "NXP PN533",
    "072f:2200": "ACS ACR122U",
}


def main() -> None:
    """Run a command; exit code 0 done, 1 nothing found, 2 a wrong word on the command line."""
    parser = argparse.ArgumentParser(prog="shelftalker-reader", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("list", help="show the readers found, and what keeps one from working")
    read = commands.add_parser("read", help="show each tag laid on a reader")
    read.add_argument("--reader", default="usb")
    read.add_argument("--count", type=int, default=0, help="stop after so many tags (0: never)")
    play = commands.add_parser("play", help="let a virtual tag come and go on the simulated radio")
    play.add_argument("--port", type=int, default=54321)
    play.add_argument("--uri", default="https://id.gs1.org/01/09506000134352")
    play.add_argument("--uid", default="04A1B2C3D4E580")
    chosen = parser.parse_args()
    try:
        sys.exit({"list": list_readers, "read": show_tags, "play": play_tag}[chosen.command](chosen))
    except KeyboardInterrupt:
        sys.exit(0)
    except (UnknownReader, ValueError, OSError) as error:
        print(error, file=sys.stderr)
        sys.exit(2)


def list_readers(_chosen: argparse.Namespace) -> int:
    """Print each known reader on USB and whether it may be used; return 1 where there is none."""
    found = 0
    for device in sorted(Path("/sys/bus/usb/devices").glob("*")):
        ids = [device / "idVendor", device / "idProduct"]
        if not all(file.exists() for file in ids):
            continue
        name = KNOWN_USB.get(":".join(file.read_text().strip() for file in ids))
        if name is None:
            continue
        found += 1
        bus, number = (int((device / part).read_text()) for part in ("busnum", "devnum"))
        usable = os.access(f"/dev/bus/usb/{bus:03d}/{number:03d}", os.R_OK | os.W_OK)
        advice = "ready" if usable else "no permission: add this account to the group plugdev and plug it in again"
        print(f"{name} on usb:{bus:03d}:{number:03d}: {advice}")
    if not found:
        print("No USB reader that nfcpy drives is plugged in. Serial ones are named: tty:PORT:DRIVER.")
    return 0 if found else 1


def show_tags(chosen: argparse.Namespace) -> int:
    """Print what is tapped until enough was."""
    shown = 0
    with open_reader(chosen.reader, clock=time.perf_counter, wait=time.sleep) as reader:
        for event in reader:
            match event:
                case Arrived(read):
                    shown += 1
                    took = f"{read.milliseconds:6.1f} ms"
                    print(f"{read.outcome:10} {read.kind:8} {read.uid or '-':20} {took}  {read.uri or ''}")
                case Removed(uid):
                    print(f"gone       {uid}")
                case Fault(words):
                    print(words)
                case Recovered():
                    print("The reader works again.")
            if chosen.count and shown >= chosen.count:
                break
    return 0


def play_tag(chosen: argparse.Namespace) -> int:
    """Lay a tag and take it away, again and again, until interrupted."""
    with VirtualField(port=chosen.port) as field:
        print(f"A virtual NTAG213 comes and goes on {field.reader}; stop with Ctrl-C.")
        while True:
            field.lay(ntag213(chosen.uid, chosen.uri))
            time.sleep(1)
            field.take()
            time.sleep(1)


if __name__ == "__main__":
    main()

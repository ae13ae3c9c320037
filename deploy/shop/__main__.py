"""The demo shop: open it and click through it, or check the whole chain with --check."""

from __future__ import annotations

import argparse
import signal
import sys
import tempfile
import threading
from pathlib import Path

from waitress.server import create_server

from shop.check import check
from shop.draw import draw_all
from shop.near import public_address
from shop.open_shop import CannotOpen, OpenShop, Ports
from shop.table import create_table

TOP = Path(__file__).resolve().parents[2]


def main() -> int:
    """Return the exit code: 0 well, 1 a check failed, 2 the shop could not be opened."""
    parser = argparse.ArgumentParser(prog="deploy/demo", description=__doc__)
    parser.add_argument("--check", action="store_true", help="tap every demo tag once and say what was seen")
    parser.add_argument("--port", type=int, default=8000, help="first of three ports: server, kiosk, table")
    parser.add_argument("--state", type=Path, default=TOP / ".demo", help="folder of the shop's files")
    parser.add_argument(
        "--pn532", action="store_true", help="a serial PN532 at the kiosk, not the simulated radio"
    )
    parser.add_argument("--phone", action="store_true", help="let phones on the local network reach the shop")
    chosen = parser.parse_args()
    try:
        if chosen.check:
            with (
                tempfile.TemporaryDirectory(prefix="shelftalker-") as folder,
                OpenShop(Path(folder), Ports.free(), chosen.pn532) as shop,
            ):
                return check(shop)
        ports = Ports(chosen.port, chosen.port + 1, chosen.port + 2)
        public = public_address(ports.server) if chosen.phone else ""
        with OpenShop(chosen.state, ports, chosen.pn532, public) as shop:
            return show(shop)
    except CannotOpen as error:
        print(error, file=sys.stderr)
        return 2


def show(shop: OpenShop) -> int:
    """Serve the table and print the addresses until interrupted; return 1 where a program ended by itself."""
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    links = {
        name: f"http://127.0.0.1:{port}/"
        for name, port in (("console", shop.ports.server), ("kiosk", shop.ports.kiosk))
    }
    table = create_table(shop.fields, draw_all(shop.media), media=str(shop.media), links=links)
    server = create_server(table, host="127.0.0.1", port=shop.ports.table, threads=4)
    threading.Thread(target=server.run, daemon=True).start()
    print("The shop is open.\n")
    print(f"  Table of tags    http://127.0.0.1:{shop.ports.table}/      lay tags on the readers here")
    print(f"  Kiosk            {links['kiosk']}")
    print(f"  Consoles         {links['console']}")
    print(f"  Phones           {_phones(shop)}\n")
    for login, password in shop.known["passwords"].items():
        print(f"  {login:8} {password}")
    print("\nCtrl-C closes it.", flush=True)
    while not stop.wait(1):
        if dead := shop.dead():
            print(f"The {dead} ended by itself; {shop.state / dead}.log says why.", file=sys.stderr)
            return 1
    return 0


def _phones(shop: OpenShop) -> str:
    """Return in words where the codes at the kiosk lead."""
    if shop.public:
        return f"{shop.public}/      where the codes at the kiosk lead; anybody on this network reaches the shop"
    return "only on this machine; with --phone, phones on the local network follow the codes at the kiosk"


if __name__ == "__main__":
    sys.exit(main())

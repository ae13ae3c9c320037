"""A PostgreSQL server of the tests' own: made in a temporary folder, gone with the run."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.ports import free_port


class NoPostgres(Exception):
    """Raised when this machine has no PostgreSQL server programs; the message says how to get them."""


@dataclass(frozen=True, slots=True)
class Cluster:
    """A running server: `url(name)` is SQLAlchemy's address of a database on it."""

    folder: Path
    port: int
    programs: Path

    def url(self, name: str) -> str:
        """Return the address of database `name`."""
        return f"postgresql+psycopg://postgres@127.0.0.1:{self.port}/{name}"

    def start(self) -> None:
        """Start the server and wait until it answers."""
        options = f"-p {self.port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={self.folder}"
        _as_postgres(
            [
                self.programs / "pg_ctl",
                "-D",
                self.folder / "pg",
                "-w",
                "-l",
                self.folder / "log",
                "-o",
                options,
                "start",
            ]
        )

    def stop(self, mode: str = "immediate") -> None:
        """Stop it: `fast` in order, `immediate` as a crash would."""
        _as_postgres([self.programs / "pg_ctl", "-D", self.folder / "pg", "-m", mode, "-w", "stop"])


def find_programs() -> Path:
    """Return the folder of initdb and pg_ctl; raises `NoPostgres` where there is none."""
    on_path = shutil.which("initdb")
    folders = [Path(on_path).parent] if on_path else []
    folders += sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    for folder in folders:
        if (folder / "initdb").exists() and (folder / "pg_ctl").exists():
            return folder
    msg = "PostgreSQL's server programs are not here: on Debian, `apt-get install postgresql` brings them."
    raise NoPostgres(msg)


@contextmanager
def cluster(folder: Path, *, durable: bool = False) -> Iterator[Cluster]:
    """Make, start and in the end remove a server in `folder`; `durable` leaves fsync on."""
    programs = find_programs()
    made = Cluster(folder, free_port(), programs)
    _give_to_postgres(folder)
    _as_postgres([programs / "initdb", "-D", folder / "pg", "-U", "postgres", "-A", "trust", "--no-sync"])
    if not durable:
        with (folder / "pg" / "postgresql.conf").open("a") as settings:
            settings.write("fsync = off\nfull_page_writes = off\n")
    made.start()
    try:
        yield made
    finally:
        made.stop()


def _give_to_postgres(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    if os.geteuid() == 0:
        owner = pwd.getpwnam("postgres")
        os.chown(folder, owner.pw_uid, owner.pw_gid)
        for parent in folder.parents:  # a server that is not root must reach its folder
            if parent.stat().st_uid == 0 and not parent.stat().st_mode & 0o001:
                parent.chmod(parent.stat().st_mode | 0o001)


def _as_postgres(command: list[str | Path]) -> None:
    prefix = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"]
    whole = [*(prefix if os.geteuid() == 0 else []), *map(str, command)]
    done = subprocess.run(whole, capture_output=True, text=True, check=False, cwd="/")
    if done.returncode and "stop" not in whole:
        msg = f"{' '.join(whole)} failed: {done.stdout}{done.stderr}"
        raise NoPostgres(msg)

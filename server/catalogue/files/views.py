"""Files over the API: taken, judged, given out, taken back; a manager's are about the stores that are theirs."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated

import flask
from pydantic import Field, StringConstraints
from sqlalchemy import select
from werkzeug.utils import secure_filename

from server.access.guard import staff_only, this_staff
from server.access.models import Role
from server.catalogue.files import queries
from server.catalogue.files.judging import Verdict
from server.catalogue.files.kinds import Kind, kind_of
from server.catalogue.files.models import Import
from server.catalogue.files.sheets import MOST_BYTES, fingerprint, read, write
from server.catalogue.files.stored import exported
from server.catalogue.files.undoing import undo
from server.errors import Forbidden, NotFound
from server.openapi import documented
from server.web import now, open_session, read_json
from server.wire import Frozen, Moment

routes = flask.Blueprint("files", __name__, url_prefix="/api/v1")

OF_A_STORE = {"stock", "places"}
"""The kinds a manager may give, each row about a store of theirs."""

TOLD = 1000
Cell = Annotated[str, StringConstraints(pattern=r"^[^\x00]*$", max_length=10_000)]
FORMATS = {"csv": "text/csv", "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}


class RowVerdict(Frozen):
    """What becomes of one row of the file, by its number: the header is 1."""

    row: int
    verdict: Verdict
    words: str


class RecordAsked(Frozen):
    """One record, by the columns of its kind's file: `{"cells": {"store": "MAD", "gtin": "…", "count": "3"}}`."""

    cells: Annotated[dict[Cell, Cell], Field(min_length=1, max_length=200)]


class FileAnswer(Frozen):
    """What became of a file, or would: how many rows did what, and the first 1,000 that did anything."""

    import_id: int | None
    counts: dict[str, int]
    rows: tuple[RowVerdict, ...]


class ImportRecord(Frozen):
    """An import as it was applied."""

    id: int
    kind: str
    name: str
    applied_at: Moment
    staff_id: str | None
    counts: dict[str, int]
    undone_at: Moment | None


class ImportPage(Frozen):
    """Up to 100 imports, the latest first; ask again with `before` the last id for more."""

    imports: tuple[ImportRecord, ...]


class UndoAnswer(Frozen):
    """How many stored rows are as they were, and which stayed as they are, in words."""

    restored: int
    stayed: tuple[str, ...]


def init_app(app: flask.Flask) -> None:
    """Add the routes."""
    app.register_blueprint(routes)


def _told(answer: Frozen) -> flask.Response:
    return flask.Response(answer.model_dump_json(), mimetype="application/json")


@contextmanager
def _file() -> Iterator[Path]:
    """Give the body as a file, under the name the sender says it has."""
    flask.request.max_content_length = MOST_BYTES
    with TemporaryDirectory() as folder:
        path = Path(folder) / (secure_filename(flask.request.args.get("name", "")) or "file")
        path.write_bytes(flask.request.get_data(cache=False))
        yield path


def _kind(name: str) -> Kind:
    kind = kind_of(name)
    if this_staff().role is Role.MANAGER and name not in OF_A_STORE:
        msg = f"A manager may give files of {' and '.join(sorted(OF_A_STORE))}; {name} is the merchandiser's."
        raise Forbidden(msg)
    return kind


@routes.post("/imports/<kind>")
@staff_only(Role.MANAGER, Role.MERCHANDISER)
@documented(gives=FileAnswer)
def take_file(kind: str) -> flask.Response:
    """Take a CSV or XLSX file (`?name=` says what it is called), or with `?dry_run=yes` say what it would do."""
    found, moment, staff = _kind(kind), now(), this_staff()
    dry_run = flask.request.args.get("dry_run", "no") != "no"
    with _file() as path:
        with open_session() as session:
            examined = queries.examine(session, found, read(path), now=moment, stores=staff.store_ids)
        return _take(examined, None if dry_run else queries.File(path.name, fingerprint(path)), moment)


@routes.put("/records/<kind>")
@staff_only(Role.MANAGER, Role.MERCHANDISER)
@documented(takes=RecordAsked, gives=FileAnswer)
def take_record(kind: str) -> flask.Response:
    """Take one record: the columns of a row of the kind's file. Judged, applied and taken back as a file is."""
    found, moment, staff = _kind(kind), now(), this_staff()
    asked = read_json(RecordAsked)
    with open_session() as session:
        examined = queries.examine(session, found, [(1, asked.cells)], now=moment, stores=staff.store_ids)
    digest = sha256(asked.model_dump_json().encode()).hexdigest()
    return _take(examined, queries.File("one record", digest), moment)


def _take(examined: queries.Examined, source: queries.File | None, moment: datetime) -> flask.Response:
    """Apply what was examined, unless it has no source, and say what became of it."""
    made = None
    if source is not None:
        with open_session() as session:
            made = queries.apply(session, examined, source, staff_id=this_staff().id, now=moment)
    did = [one for one in examined.judged if one.verdict is not Verdict.UNCHANGED][:TOLD]
    rows = tuple(RowVerdict(row=one.row, verdict=one.verdict, words=one.words) for one in did)
    return _told(FileAnswer(import_id=made.id if made else None, counts=examined.counts(), rows=rows))


@routes.get("/imports")
@staff_only(Role.MERCHANDISER)
@documented(gives=ImportPage)
def imports() -> flask.Response:
    """List the imports, the latest first, 100 at a time."""
    before = flask.request.args.get("before", type=int)
    wanted = select(Import).order_by(Import.id.desc()).limit(100)
    with open_session() as session:
        found = list(session.scalars(wanted.where(Import.id < before) if before else wanted))
    rows = [{name: getattr(one, name) for name in ImportRecord.model_fields} for one in found]
    return _told(ImportPage(imports=tuple(ImportRecord.model_validate(row) for row in rows)))


@routes.post("/imports/<int:import_id>/undo")
@staff_only(Role.MERCHANDISER)
@documented(gives=UndoAnswer)
def take_back(import_id: int) -> flask.Response:
    """Take an import back."""
    with open_session() as session:
        done = undo(session, import_id, staff_id=this_staff().id, now=now())
    return _told(UndoAnswer(restored=done.restored, stayed=done.stayed))


@routes.get("/exports/<kind>.<ending>")
@staff_only(Role.MERCHANDISER)
def give_file(kind: str, ending: str) -> flask.Response:
    """Give all of a kind as a file, CSV or XLSX by its ending."""
    if ending not in FORMATS:
        msg = f"There are no files that end in {ending}; ask for csv or xlsx."
        raise NotFound(msg)
    found = kind_of(kind)
    with TemporaryDirectory() as folder, open_session() as session:
        path = Path(folder) / f"{kind}.{ending}"
        write(path, lambda: exported(session, found), found.columns)
        body = path.read_bytes()
    told = {"Content-Disposition": f'attachment; filename="{kind}.{ending}"'}
    return flask.Response(body, mimetype=FORMATS[ending], headers=told)

"""Tags enrolled from a writer's file, followed through their life, and given out again."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from server.errors import Invalid, NotFound
from server.tags.enrolment.commands import tags
from server.tags.enrolment.written import COLUMNS, read_written, write_csv
from server.tags.models import Tag, TagState
from server.tags.queries import bind, open_bindings, unbind
from server.tags.rules import Target
from tests.clock import NOW
from tests.server.tags.terminals import typed
from tests.shopfloor import BOOT_38, furnish, sign_in

HASH, SIGNATURE = "ab" * 32, "CD" * 32
WHEN = "2026-11-24T09:30:00+00:00"


def row(uid: str, **more: str) -> dict[str, object]:
    told = {
        "uid": uid,
        "chip": "NTAG213",
        "uri": "https://id.example/x",
        "content_hash": HASH,
        "signature": SIGNATURE,
    }
    return (
        told | {"locked": "yes", "protected": "no", "written_at": WHEN, "by": "ann", "outcome": "written"} | more
    )


FILE = write_csv(
    [
        row("04A000000001", target="product:boot"),
        row("04A000000002", target=f"variant:{BOOT_38}"),
        row("04A000000003", target="sign:autumn"),
        row("04A000000004"),
        row("04A000000005", target="product:none"),
        row("04A000000006", outcome="not_verified"),
    ]
)


def post(client: FlaskClient, path: str, **body: object) -> object:
    page = client.get("/").get_data(as_text=True)
    token = page.split('X-CSRFToken": "')[1].split('"')[0]
    answer = client.post(f"/api/v1/stores/MAD{path}", headers={"X-CSRFToken": token}, **body)
    assert answer.status_code == 200, answer.get_data(as_text=True)
    return answer.get_json()


def test_a_writers_file_enrols_and_binds_and_leaves_out_with_reasons(client: FlaskClient, engine: Engine) -> None:
    sign_in(client, "manager")
    done = post(client, "/tags", data=FILE)
    assert done == {
        "enrolled": 4,
        "bound": 3,
        "left_out": ["04A000000005: there is no product:none", "04A000000006: not_verified"],
    }
    listed = client.get("/api/v1/stores/MAD/tags").get_json()["tags"]
    assert {tag["uid"]: tag["state"] for tag in listed} == {
        "04A000000001": "active",
        "04A000000002": "active",
        "04A000000003": "active",
        "04A000000004": "new",
    }
    first = listed[0]
    assert (first["content_hash"], first["signature"], first["locked"], first["protected"]) == (
        HASH,
        SIGNATURE,
        True,
        False,
    )
    assert (first["written_by"], first["enrolled_by"], first["enrolled_at"]) == (
        "ann",
        "manager",
        "2026-11-24T09:30:00Z",
    )
    with Session(engine) as session:
        assert open_bindings(session, "MAD", ["04A000000002"])["04A000000002"] == Target("variant", BOOT_38)
    again = post(client, "/tags", data=FILE)
    assert (again["enrolled"], again["bound"]) == (4, 0), "the same file again changes no meaning"


def test_of_several_rows_about_a_tag_the_last_counts(client: FlaskClient) -> None:
    sign_in(client, "manager")
    rows = [
        row("04A000000001", target="product:boot"),
        row("04A000000001", target="product:boot", outcome="undone"),
    ]
    assert post(client, "/tags", data=write_csv(rows)) == {
        "enrolled": 0,
        "bound": 0,
        "left_out": ["04A000000001: undone"],
    }
    assert post(client, "/tags", data=write_csv(rows[::-1]))["bound"] == 1


def test_what_is_given_out_is_what_was_taken_in(client: FlaskClient) -> None:
    sign_in(client, "manager")
    post(client, "/tags", data=FILE)
    given_out = client.get("/api/v1/stores/MAD/tags.csv")
    assert given_out.headers["Content-Type"].startswith("text/csv")
    taken = {
        one.uid: one for one in read_written(FILE) if one.outcome == "written" and one.target != "product:none"
    }
    assert {one.uid: one for one in read_written(given_out.get_data(as_text=True))} == taken


def test_a_tag_has_a_life_and_a_history(client: FlaskClient, engine: Engine) -> None:
    sign_in(client, "manager")
    post(client, "/tags", data=FILE)
    assert post(client, "/tags/04A000000001", json={"state": "lost"})["state"] == "lost"
    with Session(engine) as session, session.begin():
        bind(session, store_id="MAD", uid="04A000000004", target=Target("product", "sock"), staff_id=None, now=NOW)
        assert session.get(Tag, "04A000000004").state == TagState.ACTIVE
        unbind(session, store_id="MAD", uid="04A000000004", staff_id=None, now=NOW)
        session.expire_all()
        assert session.get(Tag, "04A000000004").state == TagState.NEW
    story = client.get("/api/v1/stores/MAD/tags/04A000000001").get_json()
    assert story["tag"]["state"] == "lost"
    actions = {(change["action"], change["staff_id"]) for change in story["history"]}
    assert actions == {("tag enrolled", "manager"), ("bind", "manager"), ("tag state", "manager")}


def test_another_stores_tags_are_out_of_reach(client: FlaskClient, engine: Engine) -> None:
    with Session(engine) as session, session.begin():
        session.add(Tag(uid="04A000000001", store_id="LON", enrolled_at=NOW))
    sign_in(client, "manager")
    for path in ("/api/v1/stores/LON/tags", "/api/v1/stores/LON/tags.csv", "/api/v1/stores/MAD/tags/04A000000001"):
        assert client.get(path).status_code == 404
    done = post(client, "/tags", data=write_csv([row("04A000000001")]))
    assert (done["enrolled"], len(done["left_out"])) == (0, 1)
    assert client.post("/api/v1/stores/MAD/tags", data=FILE).status_code == 400, "no token, no change"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "no column uid"),
        ("uid,chip\n04,x\n", "no column target"),
        (write_csv([row("04A1")]), "Line 2 of the file, uid '04A1'"),
        (
            write_csv([row("04A000000001"), row("04A000000002", content_hash="xyz")]),
            "Line 3 of the file, content_hash",
        ),
        (write_csv([row("04A000000001", target="boot")]), "target 'boot'"),
        (write_csv([row("04A000000001", written_at="yesterday")]), "written_at 'yesterday'"),
        (write_csv([row("04A000000001", by="a\x00b")]), "Line 2 of the file, by"),
        (write_csv([row("04A000000001")]) + '"open', "After line 2 the file cannot be read as CSV"),
    ],
)
def test_a_file_that_cannot_be_right_is_refused_with_its_line(text: str, words: str) -> None:
    with pytest.raises(Invalid) as refusal:
        read_written(text)
    assert words in str(refusal.value)


@given(st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=40))
def test_no_cell_of_a_file_counts_and_all_come_back(by: str) -> None:
    text = write_csv([row("04A000000001", by=by)])
    assert [one.by for one in read_written(text)] == [by]
    [_, cells] = csv.reader(io.StringIO(text, newline=""))
    assert not any(cell.lstrip(' \n"').startswith(tuple("=+-@\t\r")) for cell in cells)


@given(st.text(max_size=200))
def test_whatever_the_text_it_is_a_file_or_refused(text: str) -> None:
    for written in (text, ",".join(COLUMNS) + "\n" + text):
        try:
            read_written(written)
        except Invalid as refusal:
            assert str(refusal)


def test_the_operator_takes_a_file_in_and_gives_it_out(database_url: str, engine: Engine, tmp_path: Path) -> None:
    with Session(engine) as session:
        furnish(session)
    file = tmp_path / "written.csv"
    file.write_text(FILE, "utf-8")
    told = typed(database_url, tags, "import", "MAD", str(file))
    assert "4 tags are enrolled, 3 of them were given a meaning." in told
    assert "left out: 04A000000006: not_verified" in told
    typed(database_url, tags, "state", "MAD", "04A000000001", "damaged")
    given_out = typed(database_url, tags, "export", "MAD")
    assert {line.split(",")[0] for line in given_out.splitlines()[1:]} == {f"04A00000000{n}" for n in range(1, 5)}
    assert "damaged" in given_out
    assert "tag state" in typed(database_url, tags, "history", "MAD", "04A000000001")
    with pytest.raises(NotFound, match="no keys boots"):
        typed(database_url, tags, "import", "MAD", str(file), "--keys", "boots")
    with pytest.raises(NotFound, match="no store ROM"):
        typed(database_url, tags, "import", "ROM", str(file))
    with pytest.raises(NotFound, match="no store ROM"):
        typed(database_url, tags, "export", "ROM")
    file.write_bytes(b"\xff\xfe")
    with pytest.raises(Invalid, match="UTF-8"):
        typed(database_url, tags, "import", "MAD", str(file))

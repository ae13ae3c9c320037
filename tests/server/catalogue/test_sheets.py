"""Files that are bombs, lies or noise are refused in a sentence, and only the child that opens them suffers."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest
import xlsxwriter

from server.catalogue.files import sheets
from server.catalogue.files.sheets import MOST_ROWS, read, write
from server.errors import Invalid

SHEET = "xl/worksheets/sheet1.xml"


def rows(path: Path) -> list[dict[str, str]]:
    return [cells for _, cells in read(path)]


def sheet(path: Path, body: str, *, extra: dict[str, bytes] | None = None) -> Path:
    """Write a spreadsheet whose first sheet has this XML."""
    plain = path.with_name("plain.xlsx")
    with xlsxwriter.Workbook(str(plain)) as book:
        book.add_worksheet()
    with zipfile.ZipFile(plain) as old, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, body if name == SHEET else old.read(name))
        for name, content in (extra or {}).items():
            new.writestr(name, content)
    return path


def xml(cells: str) -> str:
    space = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    return f'<?xml version="1.0"?><worksheet xmlns="{space}"><sheetData>{cells}</sheetData></worksheet>'


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_text_comes_as_spreadsheets_write_it(tmp_path: Path, encoding: str, separator: str) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(separator.join(("a", "b", "c\r\n1", '"x\r\ny"', " 'ñ \r\n")).encode(encoding))
    assert list(read(path)) == [(2, {"a": "1", "b": "x\r\ny", "c": "'ñ"})]


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_what_is_written_is_read_again_and_never_live(tmp_path: Path, ending: str) -> None:
    path = tmp_path / f"a.{ending}"
    told = [{"name": '=HYPERLINK("http://x")', "more": "-2"}, {"name": "＋1", "last": "0123"}]
    assert write(path, lambda: told) == 2
    assert rows(path) == [{"last": "", "more": "", "name": "", **row} for row in told]
    raw = path.read_text("utf-8-sig") if ending == "csv" else zipfile.ZipFile(path).read(SHEET).decode()
    assert "<f>" not in raw
    if ending == "csv":
        assert raw.splitlines()[1] == '"\'=HYPERLINK(""http://x"")",\'-2,'


def test_numbers_and_times_of_a_spreadsheet_are_as_one_would_type_them(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        page = book.add_worksheet()
        page.write_row(0, 0, ["gtin", "price", "yes"])
        page.write_row(1, 0, [4006381333931, 12.5, True])
    assert rows(path) == [{"gtin": "4006381333931", "price": "12.5", "yes": "yes"}]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "needs a first row"),
        (b"\r\n1,2\r\n", "needs a first row"),
        (b"a,a\r\n1,2\r\n", "each once"),
        (b"a,b\r\n1,2,3\r\n", "row 2 of a.csv a cell stands outside"),
        (b"a,b\r\n1,\xff\r\n", "nor text in UTF-8"),
        (b"a,b\r\n" + b"1,2\r\n" * 9_000 + b"1,\xff", "is not UTF-8"),
        (b"\xff\xfea\x00,", "UTF-8"),
        (b"a,b\r\n1,\x00\r\n", "a.csv"),
        (b'a,b\r\n1,"2\r\n', "cannot be read as CSV"),
        (b"a\r\n" + b"x" * 40_000, "more than 32,767 characters"),
        (b"a\r\n" + b"x" * 140_000, "a.csv"),
        (b"\xd0\xcf\x11\xe0old", "of the old kind"),
        (b"PK\x03\x04not a zip", "it is damaged"),
        (b"a\r\n" + b"1\r\n" * (MOST_ROWS + 1), "more than 100,000 rows"),
    ],
    ids=str,
)
def test_what_is_no_table_is_refused_in_words(tmp_path: Path, content: bytes, words: str) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(content)
    with pytest.raises(Invalid, match=words):
        rows(path)


def test_a_file_that_is_too_large_is_not_even_opened(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    with path.open("wb") as file:
        file.truncate(sheets.MOST_BYTES + 1)
    with pytest.raises(Invalid, match="larger than 64 MB"):
        rows(path)


FAR_CORNER = xml('<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>')
WIDE = xml('<row r="1"><c r="A1"><v>1</v></c></row><row r="90000"><c r="XFD90000"><v>1</v></c></row>')
LAUGHS = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]>' + xml(
    '<row r="1"><c r="A1" t="str"><v>&b;</v></c></row>'
).removeprefix('<?xml version="1.0"?>')


SPARSE = xml('<row r="1"><c r="A1"><v>1</v></c></row><row r="90000"><c r="ALL90000"><v>1</v></c></row>')


@pytest.mark.parametrize(
    ("body", "why"),
    [
        (FAR_CORNER, "too much memory or time"),
        (WIDE, "too much memory or time"),
        (SPARSE, "too much memory or time"),
        ("<worksheet", "no spreadsheet that can be read"),
        (LAUGHS, "no spreadsheet that can be read"),
    ],
    ids=["far", "wide", "sparse", "cut", "laughs"],
)
def test_a_spreadsheet_that_is_a_bomb_only_ends_its_child(tmp_path: Path, body: str, why: str) -> None:
    with pytest.raises(Invalid, match=f"cannot be opened safely: .*{why}"):
        rows(sheet(tmp_path / "a.xlsx", body))


def test_a_zip_that_unpacks_to_too_much_is_refused_by_its_own_table_of_contents(tmp_path: Path) -> None:
    path = sheet(tmp_path / "a.xlsx", xml(""), extra={"xl/bomb": bytes(40_000_000)})
    with pytest.raises(Invalid, match="unpack to 40,0"):
        rows(path)
    many = sheet(tmp_path / "b.xlsx", xml(""), extra={f"xl/{n}": b"" for n in range(300)})
    with pytest.raises(Invalid, match="parts that unpack"):
        rows(many)


def test_a_zip_that_lies_about_its_size_ends_its_child(tmp_path: Path) -> None:
    filler = '<row r="1"><c r="A1"><v>1</v></c></row>' + "".join(
        f"<row><c><v>{n % 7}</v></c></row>" for n in range(10)
    )
    path = sheet(tmp_path / "a.xlsx", xml(filler + " " * 900_000_000))
    packed = bytearray(path.read_bytes())
    with zipfile.ZipFile(path) as file:
        place, size = file.getinfo(SHEET).header_offset, file.getinfo(SHEET).file_size
    told, lie = size.to_bytes(4, "little"), (100_000).to_bytes(4, "little")
    assert packed[place + 22 : place + 26] == told
    path.write_bytes(bytes(packed).replace(told, lie))
    with pytest.raises(Invalid, match="cannot be opened safely"):
        rows(path)

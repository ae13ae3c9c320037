"""The list of a batch: what is understood, and what is refused with the line that is wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from hardware.writing.rows import BadRows, Row, read_rows

LINK = "https://id.example"


def written(folder: Path, text: str) -> Path:
    file = folder / "list.csv"
    file.write_text(text, "utf-8")
    return file


@pytest.mark.parametrize(
    ("text", "row"),
    [
        ("gtin\n9506000134352\n", Row("variant:09506000134352", f"{LINK}/01/09506000134352")),
        ("\ufeffgtin;uri\n96385074;\n", Row("variant:00000096385074", f"{LINK}/01/00000096385074")),
        ("target,uri\nsign:door,https://a.example/x?y=z\n", Row("sign:door", "https://a.example/x?y=z")),
        (
            "note,target\nhello,variant:09506000134352\n",
            Row("variant:09506000134352", f"{LINK}/01/09506000134352"),
        ),
    ],
)
def test_a_row_says_what_a_tag_means_and_what_stands_on_it(tmp_path: Path, text: str, row: Row) -> None:
    assert read_rows(written(tmp_path, text), LINK) == [row]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("gtin\n\n9506000134353\n", "Line 3 .*check digit"),
        ("gtin\n12345\n", "Line 2 .*no GTIN and no target"),
        ("target\nsign:door\n", "Line 2 .*no address for sign:door"),
        ("target,uri\nsign:door,ftp://x\n", "Line 2 .*no web address"),
        ("target,uri\nsign:a,https://x.example/a b\n", "Line 2 .*no web address"),
        ("name\nx\n", "no column gtin or target"),
        ("gtin\n", "has 0 rows"),
    ],
)
def test_a_list_that_is_wrong_is_refused_with_its_line(tmp_path: Path, text: str, words: str) -> None:
    with pytest.raises(BadRows, match=words):
        read_rows(written(tmp_path, text), LINK)


def test_a_file_that_is_not_there_or_is_no_text_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadRows, match="cannot be read"):
        read_rows(tmp_path / "none.csv", LINK)
    (tmp_path / "binary.csv").write_bytes(b"gtin\n\xff\xfe")
    with pytest.raises(BadRows, match="UTF-8"):
        read_rows(tmp_path / "binary.csv", LINK)

"""What an address on a tag says: strict, and never more than a hint."""

from __future__ import annotations

from datetime import date, timedelta

import pycountry
import pytest
from biip.gs1_digital_link_uris import GS1DigitalLinkURI
from hypothesis import given
from hypothesis import strategies as st

from server.catalogue.rules import check_digit
from server.tags.gs1 import (
    Element,
    NotDigitalLink,
    Permits,
    build,
    element_string,
    legal_path,
    parse,
    read_bracketed,
    read_element_string,
)
from server.tags.gs1.codes import COUNTRIES, COUNTRIES_BY_LETTERS, CURRENCIES
from server.tags.gs1.contents import check_pair
from server.tags.gs1.table import IDENTIFIERS, KEYS, QUALIFIERS
from server.tags.rules import hinted_gtin

GTIN = "09506000134352"
SSCC = "095060001111111119"


@pytest.mark.parametrize(
    ("uri", "elements"),
    [
        (f"https://id.gs1.org/01/{GTIN}", [("01", GTIN)]),
        (f"HTTP://Shop.example:8080/some/stem/01/{GTIN}/10/AB-1/21/77?17=261231&utm=x#top", None),
        (f"https://[2001:db8::1]/01/{GTIN}/235/A%2FB", [("01", GTIN), ("235", "A/B")]),
        (f"https://x/01/{GTIN}/22/2A?&&95=a%3Db;;99=c&", [("01", GTIN), ("22", "2A"), ("95", "a=b"), ("99", "c")]),
        (f"https://x/414/{GTIN[1:]}/01/{GTIN}", None),
        (f"https://x/00/{SSCC}?10=lot&3103=000195", [("00", SSCC), ("10", "lot"), ("3103", "000195")]),
        (f"https://x/01/{GTIN}/21/a+b%2Bc", [("01", GTIN), ("21", "a+b+c")]),
        ("https://x/8003/09506000134352AB", [("8003", "09506000134352AB")]),
        ("https://x/8013/1987654Ad4X4bL5ttr2310c2K", [("8013", "1987654Ad4X4bL5ttr2310c2K")]),
        ("https://x/8010/9506000%23-%2FA/8011/0", [("8010", "9506000#-/A"), ("8011", "0")]),
    ],
)
def test_an_address_says_its_elements(uri: str, elements: list[Element] | None) -> None:
    link = parse(uri)
    assert link.gtin == (GTIN if "/01/" in uri else None)
    if elements:
        assert list(link.elements) == elements


def test_where_an_address_lives_is_told_apart_from_what_it_says() -> None:
    link = parse(f"HTTPS://Shop.example:8080/some/00/stem/01/{GTIN}/10/AB?17=261231&utm=x#top")
    assert (link.stem, link.host) == ("HTTPS://Shop.example:8080/some/00/stem", "shop.example")
    assert (link.path, link.attributes) == ((("01", GTIN), ("10", "AB")), (("17", "261231"),))


@pytest.mark.parametrize(
    "uri",
    [
        "",
        "javascript:alert(1)",
        f"ftp://x/01/{GTIN}",
        f"https://name:word@x/01/{GTIN}",
        f"https:///01/{GTIN}",
        f"https://x/01/{GTIN}/",
        f"https://x/01/{GTIN}/21/%zz",
        f"https://x/01/{GTIN}/21/%C3%A9",
        f"https://x/01/{GTIN}/21/é",
        f"https://x/01/{GTIN}/21/a%0A",
        f"https://x/01/{GTIN}\n",
        "https://x/01/09506000134351",
        "https://x/01/9506000134352",
        "https://x/01/٠٩٥٠٦٠٠٠١٣٤٣٥٢",
        f"https://x/gtin/{GTIN}",
        f"https://x/%30%31/{GTIN}",
        f"https://x/01/{GTIN}/21/1/10/2",
        f"https://x/01/{GTIN}/10/a/10/b",
        f"https://x/01/{GTIN}/22/a/235/b",
        f"https://x/01/{GTIN}?10=lot",
        f"https://x/01/{GTIN}?235=third",
        f"https://x/01/{GTIN}?01={GTIN}",
        f"https://x/01/{GTIN}?17=261231&17=261231",
        f"https://x/01/{GTIN}?8200=x",
        f"https://x/01/{GTIN}?999=x",
        f"https://x/01/{GTIN}?89=x",
        f"https://x/01/{GTIN}?99",
        f"https://x/01/{GTIN}?99=",
        f"https://x/01/{GTIN}?99=a+b",
        f"https://x/01/{GTIN}/10/" + "x" * 21,
        "https://[broken/01/" + GTIN,
        "https://x/" + "y" * 3000,
    ],
)
def test_what_is_no_link_is_refused_with_a_reason(uri: str) -> None:
    with pytest.raises(NotDigitalLink) as refusal:
        parse(uri)
    assert str(refusal.value)


@pytest.mark.parametrize(
    ("uri", "permits", "elements"),
    [
        ("https://x/01/9506000134352", Permits(zero_suppressed_gtin=True), [("01", GTIN)]),
        ("https://x/01/00000017", Permits(zero_suppressed_gtin=True), [("01", "00000000000017")]),
        (f"https://x/gtin/{GTIN}/ser/7", Permits(convenience_alphas=True), [("01", GTIN), ("21", "7")]),
        (f"https://x/01/{GTIN}?89=x", Permits(unknown_ais=True), [("01", GTIN), ("89", "x")]),
    ],
)
def test_what_the_standard_left_behind_must_be_permitted(
    uri: str, permits: Permits, elements: list[Element]
) -> None:
    assert list(parse(uri, permits).elements) == elements
    with pytest.raises(NotDigitalLink):
        parse(uri)
    others = Permits(
        *(not on for on in (permits.zero_suppressed_gtin, permits.convenience_alphas)),
        unknown_ais=not permits.unknown_ais,
    )
    with pytest.raises(NotDigitalLink):
        parse(uri, others)


@pytest.mark.parametrize(
    ("ai", "right", "wrong"),
    [
        ("00", [SSCC], [SSCC[:-1] + "8", SSCC[1:]]),
        ("11", ["260228", "240229", "261100"], ["260229", "261301", "260001", "26113a"]),
        ("7006", ["260228"], ["260200"]),
        ("7007", ["260101", "260101260131"], ["2601012601", "260101260132"]),
        ("7003", ["2601012359"], ["2601012400", "2601012360"]),
        ("8008", ["26010123", "2601012359", "260101235959"], ["26010124", "260101236", "260101235960"]),
        ("7251", ["202402292359"], ["202302292359"]),
        ("253", ["9506000134352", "9506000134352A"], ["9506000134351", "9506000134352" + "A" * 18]),
        ("255", ["95060001343521"], ["9506000134352A"]),
        ("3932", ["9781999"], ["0001999", "978"]),
        ("421", ["724AB"], ["000AB", "724"]),
        ("423", ["724", "724250826276380"], ["7242", "724000", "724250826276380040"]),
        ("7031", ["999A", "724A"], ["000A"]),
        ("4307", ["ES"], ["QQ", "es"]),
        ("4309", ["18000000003600000000"], ["18000000010000000000", "00000000003600000001"]),
        ("4321", ["0", "1"], ["2"]),
        ("4300", ["a%20b"], ["a%2", "a%"]),
        ("4330", ["001234", "001234-"], ["001234+"]),
        ("7040", ["1ABz"], ["A123", "1AB%"]),
        ("7241", ["01", "10", "80"], ["00", "11", "79"]),
        ("7252", ["9"], ["3"]),
        ("7258", ["1/2", "2/2"], ["2/1", "0/2", "1-2"]),
        ("8001", ["00010000100119"], ["00000000100119", "00010000100129"]),
        ("8003", ["09506000134352", "09506000134352x"], ["19506000134352", "09506000134351"]),
        ("8006", [GTIN + "0102"], [GTIN + "0201", GTIN + "0002"]),
        ("8007", ["GB82WEST12345698765432"], ["GB82WEST12345698765431", "QQ82WEST12345698765432", "GB82west1"]),
        ("8011", ["0", "12"], ["012"]),
        ("8013", ["1987654Ad4X4bL5ttr2310c2K"], ["1987654Ad4X4bL5ttr2310c2L"]),
        ("8010", ["9506#A"], ["950A#A", "9506a"]),
        ("8030", ["ab-_", "abc="], ["a=bc", "ab+/"]),
        ("401", ["9506x"], ["950x", "950"]),
        ("02", [GTIN], ["0950a000134352"]),
    ],
)  # fmt: skip
def test_values_are_what_the_general_specifications_say(ai: str, right: list[str], wrong: list[str]) -> None:
    form = IDENTIFIERS[ai].format
    assert {value: form.fault(value) for value in right if form.fault(value)} == {}
    assert [value for value in wrong if not form.fault(value)] == []


def test_the_code_lists_are_those_of_iso() -> None:
    assert {c.numeric for c in pycountry.countries} == COUNTRIES
    assert {c.alpha_2 for c in pycountry.countries} == COUNTRIES_BY_LETTERS
    assert {c.numeric for c in pycountry.currencies} == CURRENCIES


def test_every_key_and_qualifier_is_in_the_table_and_no_qualifier_of_a_key_is_read_from_its_query() -> None:
    named = set(KEYS) | {ai for qualifiers in QUALIFIERS.values() for ai in qualifiers}
    assert named <= set(IDENTIFIERS)
    assert legal_path(("01", "22", "21"))
    assert not any(
        legal_path(path) for path in ((), ("22",), ("01", "21", "10"), ("01", "235", "10"), ("00", "21"))
    )


@pytest.mark.parametrize(
    ("bracketed", "stem", "uri"),
    [
        (f"(01){GTIN}", None, f"https://id.gs1.org/01/{GTIN}"),
        (f"(10)A/B(99)x y(01){GTIN}(17)261231", None, None),
        (f"(10)A/B(99)x\\(y)(01){GTIN}(17)261231", "https://x/s/", f"https://x/s/01/{GTIN}/10/A%2FB?17=261231&99=x%28y%29"),
        (f"(21)7(01){GTIN}(01){GTIN}(22)V", "https://x", f"https://x/01/{GTIN}/22/V/21/7"),
        (f"(01){GTIN}(21)7(21)8", None, None),
        (f"(01){GTIN}(21)7(235)8", None, None),
        (f"(01){GTIN}(8200)http://x", None, None),
        (f"(01){GTIN}(89)x", None, None),
        ("(01)09506000134351", None, None),
        ("(10)AB", None, None),
        (f"(01){GTIN}", "https://x?a=b", None),
        (f"(01){GTIN}", "javascript:alert(1)", None),
        (f"01){GTIN}", None, None),
        ("", None, None),
    ],
)  # fmt: skip
def test_elements_make_an_address_or_a_reason(bracketed: str, stem: str | None, uri: str | None) -> None:
    if uri is None:
        with pytest.raises(NotDigitalLink):
            build(read_bracketed(bracketed), stem or "https://x")
    else:
        assert build(read_bracketed(bracketed), **({"stem": stem} if stem else {})) == uri


TEXT = st.text("!\"%&'()*+,-./0123456789:;<=>?ABCXYZ_abcxyz", min_size=1, max_size=20)
GTINS = st.integers(1, 10**12).map(lambda n: f"{n:013d}").map(lambda body: f"{body}{check_digit(body)}")
DAYS = st.integers(0, 9000).map(lambda n: (date(2001, 1, 1) + timedelta(days=n)).strftime("%y%m%d"))
LINKS = st.fixed_dictionaries(
    {"01": GTINS},
    optional={"22": TEXT, "10": TEXT, "21": TEXT, "17": DAYS, "3103": st.just("000195"), "99": TEXT, "240": TEXT},
)


@given(LINKS)
def test_what_is_built_is_read_again_and_a_second_reader_agrees(values: dict[str, str]) -> None:
    uri = build(values.items())
    link = parse(uri)
    assert dict(link.elements) == values
    assert build(link.elements, stem=link.stem) == uri
    assert read_element_string(element_string(link.elements)) == link.elements
    assert {e.ai.ai: e.value for e in GS1DigitalLinkURI.parse(uri).element_strings} == values


@given(
    st.text()
    | st.from_regex(r"https?://x(/(01|00|414|8004|10|21|22)/[0-9A-Za-z%+]*)*(\?([0-9]{2,4}=[0-9a-z%+]*&?)*)?")
)
def test_whatever_the_text_it_is_read_or_refused_and_what_is_read_is_stable(text: str) -> None:
    try:
        link = parse(text, Permits(zero_suppressed_gtin=True, convenience_alphas=True))
    except NotDigitalLink:
        return
    again = build(link.elements, stem=link.stem)
    assert parse(again).path == link.path
    assert dict(parse(again).attributes) == dict(link.attributes)
    assert build(parse(again).elements, stem=link.stem) == again


@given(st.text(max_size=80))
def test_no_text_breaks_the_readers_of_elements(text: str) -> None:
    for read in (read_bracketed, read_element_string):
        try:
            read(text)
        except NotDigitalLink as refusal:
            assert str(refusal)


@given(st.text(max_size=80))
def test_no_text_breaks_the_hint(text: str) -> None:
    assert hinted_gtin(text, ["id.gs1.org"]) is None
    assert hinted_gtin("https://id.gs1.org/" + text, ["other.example"]) is None


def test_only_a_trusted_house_gives_a_hint() -> None:
    assert hinted_gtin(f"https://Id.gs1.org:443/01/{GTIN}", ["id.gs1.org"]) == GTIN
    assert hinted_gtin(f"https://id.gs1.org@evil.example/01/{GTIN}", ["id.gs1.org"]) is None


def test_check_characters_are_their_own_proof() -> None:
    assert check_pair("1987654Ad4X4bL5ttr2310c") == "2K"

"""The GS1 application identifiers: format, use and order of each.

Source: GS1 General Specifications 25, section 3, as decomposed by the GS1 Barcode Syntax Dictionary; the paths are
those of GS1 Digital Link URI Syntax 1.4, section 4. Which AIs belong together on one item is not judged here:
that is a question to all marks of the item, not to one address.
"""

from __future__ import annotations

from dataclasses import dataclass

from server.tags.gs1.formats import Format

_MEASURES = (
    "310 311 312 313 314 315 316 320 321 322 323 324 325 326 327 328 329 330 331 332 333 334 335 336 337 340"
)
_MEASURES += " 341 342 343 344 345 346 347 348 349 350 351 352 353 354 355 356 357 360 361 362 363 364 365 366 367"
_MEASURES += " 368 369"


@dataclass(frozen=True, slots=True)
class Identifier:
    """One AI. `closed` needs no separator behind it; `attribute` may stand in the query of a Digital Link."""

    ai: str
    format: Format
    closed: bool
    attribute: bool


def _spread(stems: str, last: int) -> str:
    return " ".join(f"{stem}{decimals}" for stem in stems.split() for decimals in range(last + 1))


_ROWS = (
    # `*` closed, `?` attribute; components of the format, each with its rules; the AIs so formed
    ("*?", "N18:check:company1", "00"),
    ("*?", "N14:check:company1", "01 02"),
    ("*", "N14:check:company1", "03"),
    ("?", "X..20", "10 243 7020 7021 7022 710 711 712 713 714 715 716 7240 8002 8012 420 4318"),
    ("*?", "N6:date0", "11 12 13 15 16 17"),
    ("*?", "N2", "20"),
    ("", "X..20", "21 22 254"),
    ("", "X..28", "235"),
    ("?", "X..30", "240 241 250 251 400 403 4308 4319 7002 90"),
    ("?", "N..6", "242"),
    ("?", "N13:check:company [X..17]", "253"),
    ("?", "N13:check:company [N..12]", "255"),
    ("?", "N..8", "30 37"),
    ("*?", "N6", _spread(_MEASURES, 5)),
    ("?", "N..15", _spread("390 392", 9)),
    ("?", "N3:currency N..15", _spread("391 393", 9)),
    ("?", "N4", _spread("394", 3) + " 8111"),
    ("?", "N6", _spread("395", 5) + " 8005"),
    ("?", "X..30:company", "401 7023 8004"),
    ("?", "N17:check:company", "402"),
    ("*?", "N13:check:company", "410 411 412 413 414 415 416 417"),
    ("?", "N3:country X..9", "421"),
    ("?", "N3:country", "422 424 426"),
    ("?", "N3:country [N3:country] [N3:country] [N3:country] [N3:country]", "423 425"),
    ("?", "X..3", "427 7008"),
    ("?", "X..35:escapes", "4300 4301 4310 4311 4320"),
    ("?", "X..70:escapes", "4302 4303 4304 4305 4306 4312 4313 4314 4315 4316 7257"),
    ("?", "X2:country2", "4307 4317"),
    ("?", "N10:latitude N10:longitude", "4309"),
    ("?", "N1:yesno", "4321 4322 4323"),
    ("?", "N6:date0 N4:minute", "4324 4325"),
    ("?", "N6:date", "4326 7006"),
    ("?", "N6 [X1:minus]", "4330 4331 4332 4333"),
    ("?", "N13", "7001"),
    ("?", "N6:date N4:minute", "7003"),
    ("?", "N..4", "7004"),
    ("?", "X..12", "7005"),
    ("?", "N6:date [N6:date]", "7007"),
    ("?", "X..10", "7009 7255"),
    ("?", "X..2", "7010"),
    ("?", "N6:date [N4:minute]", "7011"),
    ("?", "N3:country999 X..27", _spread("703", 9)),
    ("", "N1 X1 X1 X1:importer", "7040"),
    ("", "X..4", "7041"),
    ("?", "X2 X..28", _spread("723", 9)),
    ("?", "N2:medium", "7241"),
    ("?", "X..25", "7242"),
    ("?", "N8:day", "7250"),
    ("?", "N8:day N4:minute", "7251"),
    ("?", "N1:sex", "7252"),
    ("?", "X..40:escapes", "7253 7254 7259"),
    ("?", "X..90:escapes", "7256"),
    ("?", "X3:place", "7258"),
    ("?", "N4:some N5:some N3:some N1:winding N1", "8001"),
    ("?", "N1:zero N13:check:company [X..16]", "8003"),
    ("?", "N14:check:company1 N4:piece", "8006 8026"),
    ("?", "X..34:iban", "8007"),
    ("?", "N6:date N2:hour [N2:sixty] [N2:sixty]", "8008"),
    ("?", "X..50", "8009"),
    ("?", "Y..30:company", "8010"),
    ("", "N..12:unpadded", "8011"),
    ("?", "X..25:pair:company", "8013"),
    ("", "X..25:pair:company:letter", "8014"),
    ("?", "N18:check:company", "8017 8018"),
    ("", "N..10", "8019"),
    ("", "X..25", "8020"),
    ("?", "Z..90:base64", "8030"),
    ("?", "X..70:coupon", "8110"),
    ("?", "X..70:offer", "8112"),
    ("", "X..70", "8200"),
    ("?", "X..90", "91 92 93 94 95 96 97 98 99"),
)

IDENTIFIERS = {
    ai: Identifier(ai, Format.of(written), "*" in flags, "?" in flags)
    for flags, written, ais in _ROWS
    for ai in ais.split()
}

KEYS: dict[str, tuple[tuple[str, ...], ...]] = {
    **dict.fromkeys(("00", "253", "255", "401", "402", "8003", "8013"), ()),
    "01": (("22", "10", "21"), ("235",)),
    "8006": (("22", "10", "21"),),
    "414": (("254",), ("7040",)),
    "415": (("8020",),),
    "417": (("7040",),),
    "8004": (("7040",),),
    "8010": (("8011",),),
    "8017": (("8019",),),
    "8018": (("8019",),),
}
"""What a path may name a thing by, and the sequences of qualifiers that may follow: in order, some left out."""

QUALIFIERS = {key: frozenset(ai for sequence in sequences for ai in sequence) for key, sequences in KEYS.items()}

ALPHAS = {
    **{"gtin": "01", "itip": "8006", "gmn": "8013", "cpid": "8010", "gln": "414", "payTo": "415", "party": "417"},
    **{"gsrnp": "8017", "gsrn": "8018", "gcn": "255", "sscc": "00", "gdti": "253", "ginc": "401", "gsin": "402"},
    **{"grai": "8003", "giai": "8004", "cpv": "22", "lot": "10", "ser": "21", "cpsn": "8011", "glnx": "254"},
    **{"refno": "8020", "srin": "8019", "exp": "17", "expdt": "7003"},
}
"""The names that releases before 1.2 allowed for an AI; their case counts."""

LENGTHS = {ai[:2]: len(ai) for ai in IDENTIFIERS}
"""How long an AI is, by its first two digits."""


def identifier(ai: str, *, permit_unknown: bool = False) -> Identifier | None:
    """Return what is known of an AI; one that may yet be assigned, where those are permitted; else None."""
    known = IDENTIFIERS.get(ai)
    if known or not permit_unknown or not 2 <= len(ai) <= 4 or len(ai) != LENGTHS.get(ai[:2], len(ai)):
        return known
    return Identifier(ai, Format.of("X..90"), closed=False, attribute=True)


def legal_path(ais: tuple[str, ...]) -> bool:
    """Return whether a path may name a thing by these AIs so: a key, then qualifiers of one sequence in order."""
    if not ais or ais[0] not in KEYS:
        return False
    rest = ais[1:]
    return not rest or any(_in_order(rest, sequence) for sequence in KEYS[ais[0]])


def _in_order(ais: tuple[str, ...], sequence: tuple[str, ...]) -> bool:
    return ais == tuple(ai for ai in sequence if ai in ais)

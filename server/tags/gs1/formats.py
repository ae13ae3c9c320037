"""The format of an element's value: its components in order, each with a length, a character set and rules."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from server.tags.gs1.contents import RULES, Rule

SETS = {
    "N": "[0-9]",
    "X": r"[!\"%&'()*+,\-./0-9:;<=>?A-Z_a-z]",
    "Y": r"[#\-/0-9A-Z]",
    "Z": r"[\-0-9=A-Z_a-z]",
}
"""Digits; the sets of 82 and 39 characters (General Specifications, 7.11); base64 that is safe in addresses."""


@dataclass(frozen=True, slots=True)
class Format:
    """A pattern with a group for each component, and the rules by number of the group."""

    written: str
    pattern: re.Pattern[str]
    rules: tuple[tuple[int, Rule], ...]
    longest: int

    @staticmethod
    @lru_cache
    def of(written: str) -> Format:
        """Return the format of its notation: `N13:check [X..17]` is 13 digits that check, then 0 to 17 more."""
        pattern, longest, rules = "", 0, []
        for number, component in enumerate(written.split(), 1):
            shape, *names = component.strip("[]").split(":")
            kind, length = shape[0], shape[1:]
            most = int(length.lstrip("."))
            least = 1 if ".." in length else most
            pattern += f"({SETS[kind]}{{{least},{most}}}){'?' if component[0] == '[' else ''}"
            longest += most
            rules += [(number, RULES[name]) for name in names]
        return Format(written, re.compile(pattern), tuple(rules), longest)

    def fault(self, value: str) -> str:
        """Return what is wrong with `value`, in words that follow its AI; '' where it is right."""
        match = self.pattern.fullmatch(value)
        if match is None:
            return f"is not written as {self.written}: {value!r}"
        for number, rule in self.rules:
            part = match[number]
            if part is not None and not rule.holds(part):
                return f"{rule.demand}: {part!r}"
        return ""

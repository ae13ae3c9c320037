"""A GS1 Digital Link taken apart, and what a reader may be told to permit."""

from __future__ import annotations

from dataclasses import dataclass

Element = tuple[str, str]
"""An application identifier and its value."""


@dataclass(frozen=True, slots=True)
class Permits:
    """What is permitted beyond the standard; nothing, unless said."""

    zero_suppressed_gtin: bool = False
    """GTINs of 8, 12 or 13 digits; they are read as 14."""
    convenience_alphas: bool = False
    """Names for identifiers, `/gtin/` for `/01/`."""
    unknown_ais: bool = False
    """Identifiers that are not assigned yet, in the query."""


STRICT = Permits()


@dataclass(frozen=True, slots=True)
class DigitalLink:
    """What an address says. It is never opened."""

    stem: str
    """Scheme, host and whatever of the path stands before the key; no slash at its end."""
    host: str
    """The host in lower case, without its port."""
    path: tuple[Element, ...]
    """The key, and its qualifiers in order."""
    attributes: tuple[Element, ...]
    """The elements of the query, as they stand in it."""

    @property
    def elements(self) -> tuple[Element, ...]:
        """Return all elements, the key first."""
        return self.path + self.attributes

    @property
    def gtin(self) -> str | None:
        """Return the GTIN-14 whose address this is; None for the address of anything else."""
        key, value = self.path[0]
        return value if key == "01" else None

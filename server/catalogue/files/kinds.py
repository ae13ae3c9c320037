"""The kinds of file there are, and what each is judged by."""

from __future__ import annotations

from dataclasses import dataclass

from server.catalogue.files.judging import Judge
from server.catalogue.files.pricelists import ListedPriceJudge, ListedPriceRow, PriceListJudge, PriceListRow
from server.catalogue.files.prices import PriceJudge, PriceRow
from server.catalogue.files.rows import CatalogueRow, CategoryRow, PlaceRow, Row, StockRow, StoreRow
from server.errors import Invalid


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of file: its name, what a row says, what judges the rows."""

    name: str
    row: type[Row]
    judge: type[Judge] = Judge

    @property
    def columns(self) -> list[str]:
        """Return the columns every new row needs."""
        return [name for name, field in self.row.model_fields.items() if field.is_required()]


KINDS = {
    kind.name: kind
    for kind in (
        Kind("stores", StoreRow),
        Kind("categories", CategoryRow),
        Kind("catalogue", CatalogueRow),
        Kind("stock", StockRow),
        Kind("prices", PriceRow, PriceJudge),
        Kind("pricelists", PriceListRow, PriceListJudge),
        Kind("listed", ListedPriceRow, ListedPriceJudge),
        Kind("places", PlaceRow),
    )
}


def kind_of(name: str) -> Kind:
    """Return the kind of this name; raises `Invalid`."""
    if name not in KINDS:
        msg = f"There is no kind of file {name}; there are {', '.join(KINDS)}."
        raise Invalid(msg)
    return KINDS[name]

"""What a kiosk needs to say on its own that something is here in the size looked at: which goods share sizes."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy.orm import Session

from server.promotions.sizes import families
from server.recommendations.rules import ReasonKind
from server.taps.rules import reason_words
from server.wire import Card, ProductCard, SizesHere


def sizes_here(session: Session, held: Iterable[Card]) -> SizesHere:
    """Return the families of those held cards that come in sizes, and the words of the reason."""
    sized = {c.product_id for c in held if isinstance(c, ProductCard) and any(one.size for one in c.variants)}
    return SizesHere(words=reason_words(ReasonKind.IN_SIZE, None), families=families(session, sized))

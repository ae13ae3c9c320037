"""What goods cost in a store at a moment, read apart from any tap."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from server.access.queries import store_row
from server.catalogue.goods_to_price import goods_to_price
from server.promotions.counter import Counter
from server.promotions.offers import in_offer
from server.recommendations.shop_prices import Priced, ShopPrices, shop_prices

AT_ONCE = 256
"""Products one read asks for: of more names than this, a statement is written anew each time."""

WITHOUT_PAUSE = 50
"""Products priced in one go: a tap that comes meanwhile waits for no more."""

LONGEST = timedelta(days=1)


def read_prices(
    session: Session, store_id: str, products: Sequence[str], *, at: datetime, pause: Callable[[], object]
) -> ShopPrices:
    """Return what these products cost in a store by the rule of its cards, at a moment and while that is so.

    Those without a price there are left out. `pause` is called again and again, for others to go first.
    """
    store = store_row(session, store_id)

    def found() -> Iterator[Priced]:
        for first in range(0, len(products), AT_ONCE):
            some = products[first : first + AT_ONCE]
            counter = Counter.open(session, store, some, now=at, read=goods_to_price)
            for number, product in enumerate(counter.goods.products.values()):
                decision = counter.shown_price(product, None)[1]
                price = (decision.minor, bool(decision.percent_off)) if decision is not None else None
                yield product.id, price, counter.true_in(product)[1], in_offer(counter, product)
                if number % WITHOUT_PAUSE == 0:
                    pause()

    return shop_prices(found(), at=at, until=at + LONGEST)

"""Whether a stored promotion can be true by itself."""

from __future__ import annotations

from pydantic import ValidationError

from server.errors import Invalid
from server.promotions.models import Promotion, PromotionVersion
from server.promotions.rules.rule import Rule


def check(promotion: Promotion | PromotionVersion) -> Rule:
    """Return the promotion's rule; raises `Invalid` with the reason where it cannot be true."""
    name = promotion.promotion_id if isinstance(promotion, PromotionVersion) else promotion.id
    if promotion.starts and promotion.ends and promotion.ends <= promotion.starts:
        msg = f"Promotion {name} ends at {promotion.ends}, not after it starts at {promotion.starts}."
        raise Invalid(msg)
    try:
        return Rule.model_validate(promotion.rule)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        msg = f"Promotion {name} cannot be: {where + ': ' if where else ''}{first['msg']}."
        raise Invalid(msg) from error

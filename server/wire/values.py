"""What all that is said is made of: ids, texts in every language, moments, money."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated
from uuid import UUID

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
)

Text = dict[str, str]  # Language code (`es`, `en`) → words. Never empty where it is required.


def uuid7(now: datetime, luck: bytes) -> UUID:
    """Return the UUIDv7 (RFC 9562, section 5.7) of `now` (aware) and ten bytes of `luck`."""
    milliseconds = int(now.timestamp() * 1000) & ((1 << 48) - 1)
    noise = int.from_bytes(luck[:10], "big")
    value = (milliseconds << 80) | (0x7 << 76) | (((noise >> 64) & 0xFFF) << 64)
    return UUID(int=value | (0b10 << 62) | (noise & ((1 << 62) - 1)))


def words(text: Text, language: str) -> str:
    """Return `text` in `language`, else in English, else in any language it has; '' for no text at all."""
    return text.get(language) or text.get("en") or next(iter(text.values()), "")


def _written_out(moment: object) -> object:
    if isinstance(moment, datetime) or (isinstance(moment, str) and "-" in moment[1:]):
        return moment
    msg = "a moment is written as 2026-11-24T10:00:00Z"
    raise ValueError(msg)


def _in_utc(moment: datetime) -> datetime:
    try:
        return moment.astimezone(UTC)
    except OverflowError as error:
        msg = "a moment lies within the years 1 to 9999 in UTC"
        raise ValueError(msg) from error


Moment = Annotated[AwareDatetime, BeforeValidator(_written_out), AfterValidator(_in_utc)]
Uid = Annotated[str, StringConstraints(pattern=r"^([0-9A-F]{2}){4,10}$")]
Whole = Annotated[int, Field(strict=True, ge=0, lt=2**53)]  # `true` is no number, though Python thinks so.
Gtin = Annotated[str, StringConstraints(pattern=r"^[0-9]{14}$")]


def _storable(told: object) -> object:
    return told.replace("\0", "") if isinstance(told, str) else told


# What a device read or was told, without what PostgreSQL cannot hold: a tag may well have a NUL written on it.
Told = Annotated[str, BeforeValidator(_storable)]


class Frozen(BaseModel):
    """A value that cannot change; unknown fields are refused."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Money(Frozen):
    """An amount in minor units of `currency` (ISO 4217)."""

    minor: int
    currency: Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")]

"""When something happened: what the client says, what our clock says, and the best estimate from both."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from server.timeline.rules.misfit import Misfit

CLOCK_TRUSTED = timedelta(seconds=5)
"""A client's clock is believed while what it calls now differs from ours by no more than this."""


def read_moment(told: object, field: str) -> datetime | None:
    """Return an ISO 8601 moment (without a zone: UTC) or a number of milliseconds, None where nothing is told.

    Raises `Misfit` for what is neither.
    """
    if told is None or told == "":
        return None
    try:
        if isinstance(told, str):
            moment = datetime.fromisoformat(told)
        elif isinstance(told, (int, float)) and not isinstance(told, bool):
            moment = datetime.fromtimestamp(told / 1000, UTC)
        else:
            raise ValueError(told)  # noqa: TRY004, TRY301 - the same sentence for all that is no moment
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except (ValueError, OverflowError, OSError) as error:
        msg = f"{field} is no moment such as 2026-11-24T10:00:00.000Z, within the years 1 to 9999."
        raise Misfit("time", msg) from error


def estimate(
    occurred: datetime | None, sent: datetime | None, received: datetime, *, sent_anew: bool = True
) -> datetime:
    """Return when it happened by our clock: Segment's rule, received - (sent - occurred), where the clocks differ.

    `sent_anew` is False where `sent` may be older than this sending: then it tells nothing of the clock. Nothing
    happened later than it was received.
    """
    if occurred is None:
        return received
    if sent is not None and sent_anew and abs(sent - received) > CLOCK_TRUSTED:
        try:
            occurred += received - sent
        except OverflowError:
            return received
    return min(occurred, received)

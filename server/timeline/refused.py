"""What went wrong with entries: the database is away, or refuses what one says and will each time. Pure."""

from __future__ import annotations

from sqlalchemy.exc import DBAPIError, StatementError

from server.errors import Unavailable

TOO_LARGE = "54"
"""Class of PostgreSQL's codes for what is beyond one of its limits; its driver takes these for an outage."""


def is_spoilt(error: BaseException | None) -> bool:
    """Return whether an error of SQLAlchemy's is about what was to be written, and not about the database."""
    if not isinstance(error, DBAPIError):
        return isinstance(error, StatementError)
    if error.connection_invalidated:
        return False
    code = getattr(error.orig, "sqlstate", None) or ""
    return type(error).__name__ in {"DataError", "IntegrityError"} or code.startswith(TOO_LARGE)


def is_refused(result: object) -> bool:
    """Return whether what became of entries is an error that trying again does not help."""
    if isinstance(result, Unavailable):
        return is_spoilt(result.__cause__)
    return isinstance(result, Exception)

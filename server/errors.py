"""The server's errors, one tree; the HTTP status of each stands beside it."""

from __future__ import annotations


class ServerError(Exception):
    """Root of what the server raises on purpose. The message is fit to show and says what to do."""

    status = 500
    code = "server-error"


class BadRequest(ServerError):
    """Raised when what came in cannot be understood."""

    status = 400
    code = "bad-request"


class Unauthorised(ServerError):
    """Raised when a key or log-in is missing, wrong or revoked."""

    status = 401
    code = "unauthorised"


class Forbidden(ServerError):
    """Raised when who asks is known and may not."""

    status = 403
    code = "forbidden"


class NotFound(ServerError):
    """Raised when a thing does not exist, or belongs to a store the asker has nothing to do with."""

    status = 404
    code = "not-found"


class Conflict(ServerError):
    """Raised when an id was used before for something else, or a rule of the shop forbids the change."""

    status = 409
    code = "conflict"


class TooLarge(ServerError):
    """Raised when a body is larger than the route reads."""

    status = 413
    code = "too-large"


class Invalid(ServerError):
    """Raised when a value is understood and cannot be right."""

    status = 422
    code = "invalid"


class Busy(ServerError):
    """Raised when too many ask at once; nothing was stored, trying again in a moment helps."""

    status = 429
    code = "busy"


class Unavailable(ServerError):
    """Raised when the database is away; nothing was stored, trying again helps."""

    status = 503
    code = "unavailable"


class DatabaseUnfit(ServerError):
    """Raised when the database cannot keep what it promises."""

    status = 503
    code = "database-unfit"


class SettingsError(ServerError):
    """Raised when a setting cannot be used; the message names the variable."""

    code = "settings"

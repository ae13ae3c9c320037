"""Secrets of webhooks, sealed while they lie in the database: who reads a backup can sign nothing."""

from __future__ import annotations

import base64
import hashlib

from cryptography.fernet import Fernet, InvalidToken

from server.errors import SettingsError


class Seal:
    """Seals with a key made of SHELFTALKER_SECRET_KEY."""

    def __init__(self, secret_key: str) -> None:
        made = hashlib.sha256(b"webhook secrets\n" + secret_key.encode()).digest()
        self._sealing = Fernet(base64.urlsafe_b64encode(made))

    def seal(self, secret: str) -> bytes:
        """Return the secret, sealed."""
        return self._sealing.encrypt(secret.encode())

    def unseal(self, sealed: bytes) -> str:
        """Return the secret; raises `SettingsError` where another key sealed it."""
        try:
            return self._sealing.decrypt(sealed).decode()
        except InvalidToken as error:
            msg = (
                "SHELFTALKER_SECRET_KEY is not the one webhooks were added under: give that one to "
                "`shelftalker webhooks reseal`, or rotate their secrets."
            )
            raise SettingsError(msg) from error

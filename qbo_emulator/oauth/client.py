"""The one app that the emulator knows: its keys, and what a request must show of
them."""

from __future__ import annotations

import base64
import binascii
import hmac
import random
import sqlite3
import string
from dataclasses import dataclass

__all__ = ["App", "basic_credentials", "random_text"]

_ALPHABET = string.ascii_letters + string.digits


@dataclass(frozen=True)
class App:
    """Client id and secret, and the verifier token of its webhooks."""

    client_id: str
    client_secret: str
    verifier_token: str

    def accepts(self, client_id: str, client_secret: str) -> bool:
        """True for this app's own keys."""
        return hmac.compare_digest(client_id.encode(), self.client_id.encode()) and (
            hmac.compare_digest(client_secret.encode(), self.client_secret.encode())
        )

    @classmethod
    def load(cls, connection: sqlite3.Connection, chance: random.Random) -> App:
        """Return the keys of this state; made at its first start."""
        row = connection.execute("SELECT value FROM meta WHERE key = 'app'").fetchone()
        if row is not None:
            return cls(*row["value"].split())
        app = cls(
            "AB" + random_text(chance, 48),
            random_text(chance, 40),
            random_text(chance, 36),
        )
        connection.execute(
            "INSERT INTO meta (key, value) VALUES ('app', ?)",
            (f"{app.client_id} {app.client_secret} {app.verifier_token}",),
        )
        return app


def random_text(chance: random.Random, length: int) -> str:
    """Return letters and digits. The emulator guards nothing: a seed makes runs
    repeatable."""
    return "".join(chance.choices(_ALPHABET, k=length))


def basic_credentials(header: str) -> tuple[str, str] | None:
    """Return user and password of an Authorization header, None when it is not
    Basic."""
    scheme, _, encoded = header.partition(" ")
    if scheme.lower() != "basic":
        return None
    try:
        user, colon, password = (
            base64.b64decode(encoded, validate=True).decode().partition(":")
        )
    except (binascii.Error, UnicodeDecodeError):
        return None
    return (user, password) if colon else None

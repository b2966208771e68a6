"""Codes, access tokens and refresh tokens: how long they live and what replaces them.

A refresh token is used again and again; when its value is older than 24 hours the next
refresh brings a new value and the old one dies. Each refresh starts the soft window of
100 days again; five years after the authorization nothing helps but a new one.
"""

from __future__ import annotations

import random
import sqlite3
from dataclasses import dataclass

from qbo_emulator.clock import Clock, microseconds
from qbo_emulator.oauth.client import random_text

__all__ = ["ACCOUNTING", "Grant", "GrantRefused", "TokenPair", "Tokens"]

SECOND = 1_000_000
ACCESS_S = 3600
CODE_S = 600  # not documented; "minutes" (reference 1.3)
ROTATION_S = 24 * 3600
REFRESH_S = 8_726_400  # the 101 days of Intuit's samples
#: The scope without which a token opens no company's books (OJS).
ACCOUNTING = "com.intuit.quickbooks.accounting"
HARD_S = 5 * 365 * 24 * 3600


class GrantRefused(Exception):
    """``invalid_grant``: the code or refresh token is unknown, used, expired or
    revoked."""


@dataclass(frozen=True)
class Grant:
    """One user's authorization of the app for one company."""

    id: int
    realm_id: str
    scope: str
    authorized_at: int

    @property
    def opens_books(self) -> bool:
        """True where the user consented to more than signing in."""
        return ACCOUNTING in self.scope.split()


@dataclass(frozen=True)
class TokenPair:
    """What the token endpoint answers; lifetimes in seconds."""

    grant: Grant
    access_token: str
    refresh_token: str
    expires_in: int
    refresh_expires_in: int
    hard_expires_in: int
    nonce: str = ""


class Tokens:
    """The tokens of the store, inside one transaction."""

    def __init__(
        self, connection: sqlite3.Connection, clock: Clock, chance: random.Random
    ) -> None:
        self._connection = connection
        self._clock = clock
        self._chance = chance

    def authorize(
        self, realm_id: str, scope: str, redirect_uri: str, nonce: str = ""
    ) -> str:
        """Record the user's consent; return the code for the redirect."""
        now = self._now()
        cursor = self._connection.execute(
            "INSERT INTO grants (realm_id, scope, authorized_at) VALUES (?, ?, ?)",
            (realm_id, scope, now),
        )
        return self._new(
            "code", "AB11", 50, int(cursor.lastrowid or 0), CODE_S, redirect_uri, nonce
        )

    def exchange(self, code: str, redirect_uri: str) -> TokenPair:
        """Spend a code. Raises :class:`GrantRefused`; a second use kills what it
        gave."""
        row = self._row(code, "code")
        if (
            row is None
            or row["expires_at"] <= self._now()
            or row["redirect_uri"] != redirect_uri
        ):
            raise GrantRefused(code)
        if row["used"]:
            self._kill(row["grant_id"])
            raise GrantRefused(code)
        self._connection.execute("UPDATE tokens SET used = 1 WHERE value = ?", (code,))
        grant = self._grant(row["grant_id"])
        return self._pair(
            grant, self._new("refresh", "AB11", 46, grant.id, REFRESH_S), row["nonce"]
        )

    def refresh(self, value: str) -> TokenPair:
        """Return a new access token; a new refresh value when the old is a day old."""
        now = self._now()
        row = self._row(value, "refresh")
        if row is None or row["used"] or row["expires_at"] <= now:
            raise GrantRefused(value)
        grant = self._grant(row["grant_id"])
        if now - grant.authorized_at >= HARD_S * SECOND:
            raise GrantRefused(value)
        if now - row["issued_at"] >= ROTATION_S * SECOND:
            self._connection.execute(
                "UPDATE tokens SET used = 1 WHERE value = ?", (value,)
            )
            value = self._new("refresh", "AB11", 46, grant.id, REFRESH_S)
        else:
            self._connection.execute(
                "UPDATE tokens SET expires_at = ? WHERE value = ?",
                (now + REFRESH_S * SECOND, value),
            )
        return self._pair(grant, value)

    def age(self, value: str) -> bool:
        """Let a refresh token's value turn a day old; False for one that is not
        alive."""
        cursor = self._connection.execute(
            "UPDATE tokens SET issued_at = issued_at - ? WHERE value = ? AND kind ="
            " 'refresh' AND NOT used",
            (ROTATION_S * SECOND, value),
        )
        return cursor.rowcount == 1

    def revoke(self, value: str) -> bool:
        """Kill the grant of an access or refresh token; False for one that is not
        known."""
        row = self._connection.execute(
            "SELECT grant_id FROM tokens WHERE value = ? AND kind IN ('access',"
            " 'refresh')",
            (value,),
        ).fetchone()
        if row is None:
            return False
        self._kill(row["grant_id"])
        return True

    def disconnect(self, realm_id: str) -> int:
        """Kill all grants of a company, as its user's Disconnect does; return how
        many."""
        cursor = self._connection.execute(
            "UPDATE grants SET revoked = 1 WHERE realm_id = ? AND NOT revoked",
            (realm_id,),
        )
        return cursor.rowcount

    def check_access(self, value: str) -> Grant | None:
        """Return the grant of a living access token, else None."""
        row = self._row(value, "access")
        if row is None or row["expires_at"] <= self._now():
            return None
        return self._grant(row["grant_id"])

    def expire(self, kind: str, realm_id: str | None) -> int:
        """Let the tokens of a kind ('access', 'refresh', 'all') lapse now; return how
        many."""
        kinds = ("access", "refresh") if kind == "all" else (kind,)
        marks = ",".join("?" * len(kinds))
        cursor = self._connection.execute(
            f"UPDATE tokens SET expires_at = ? WHERE kind IN ({marks}) AND expires_at"
            f" > ?"
            " AND grant_id IN (SELECT id FROM grants WHERE ? IS NULL OR realm_id = ?)",
            (self._now(), *kinds, self._now(), realm_id, realm_id),
        )
        return cursor.rowcount

    def _pair(self, grant: Grant, refresh_token: str, nonce: str = "") -> TokenPair:
        access = self._new("access", "AB01", 380, grant.id, ACCESS_S)
        age_s = (self._now() - grant.authorized_at) // SECOND
        left_s = HARD_S - age_s
        return TokenPair(
            grant,
            access,
            refresh_token,
            ACCESS_S,
            min(REFRESH_S, left_s),
            left_s,
            nonce,
        )

    def _new(
        self,
        kind: str,
        prefix: str,
        length: int,
        grant_id: int,
        life_s: int,
        redirect_uri: str = "",
        nonce: str = "",
    ) -> str:
        value = prefix + random_text(self._chance, length)
        now = self._now()
        self._connection.execute(
            "INSERT INTO tokens (value, kind, grant_id, issued_at, expires_at,"
            " redirect_uri,"
            " nonce) VALUES (?, ?, ?, ?, ?, ?, ?)",
            (value, kind, grant_id, now, now + life_s * SECOND, redirect_uri, nonce),
        )
        return value

    def _row(self, value: str, kind: str) -> sqlite3.Row | None:
        row: sqlite3.Row | None = self._connection.execute(
            "SELECT tokens.* FROM tokens JOIN grants ON grants.id = grant_id"
            " WHERE value = ? AND kind = ? AND NOT revoked",
            (value, kind),
        ).fetchone()
        return row

    def _grant(self, grant_id: int) -> Grant:
        row = self._connection.execute(
            "SELECT id, realm_id, scope, authorized_at FROM grants WHERE id = ?",
            (grant_id,),
        ).fetchone()
        return Grant(**dict(row))

    def _kill(self, grant_id: int) -> None:
        self._connection.execute(
            "UPDATE grants SET revoked = 1 WHERE id = ?", (grant_id,)
        )

    def _now(self) -> int:
        return microseconds(self._clock.now())

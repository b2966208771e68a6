"""OpenID Connect: the signing key, the id_token and the user."""

from __future__ import annotations

import base64
import sqlite3

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from qbo_emulator.clock import Clock
from qbo_emulator.jsontext import Document, dumps
from qbo_emulator.oauth.client import App
from qbo_emulator.oauth.tokens import ACCESS_S, TokenPair

__all__ = ["ISSUER", "SUBJECT", "Signer", "USER"]

ISSUER = "https://oauth.platform.intuit.com/op/v1"
SUBJECT = "8f0b6f2c-5a0c-4f86-9c5e-0d5b7b6f2a11"
_KEY_ID = "emulator-1"
_KEY_BITS = 2048

#: The one user who signs in; the same person is the admin of every company.
USER: Document = {
    "sub": SUBJECT,
    "email": "ana.reyes@example.com",
    "emailVerified": True,
    "givenName": "Ana",
    "familyName": "Reyes",
    "phoneNumber": "+1 5550100199",
    "phoneNumberVerified": False,
    "address": {
        "streetAddress": "1 Pier Rd",
        "locality": "Half Moon Bay",
        "region": "CA",
        "postalCode": "94019",
        "country": "US",
    },
}


class Signer:
    """Signs id_tokens with RS256 and publishes the key; made when first asked."""

    def __init__(self, key: rsa.RSAPrivateKey) -> None:
        self._key = key

    @classmethod
    def load(cls, connection: sqlite3.Connection) -> Signer:
        """Return the signer of this state, with the key that its first use made."""
        row = connection.execute(
            "SELECT value FROM meta WHERE key = 'signing_key'"
        ).fetchone()
        if row is not None:
            key = serialization.load_pem_private_key(
                row["value"].encode(), password=None
            )
            if not isinstance(key, rsa.RSAPrivateKey):
                raise TypeError("the state's signing key is no RSA key")
            return cls(key)
        key = rsa.generate_private_key(public_exponent=65537, key_size=_KEY_BITS)
        pem = key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        connection.execute(
            "INSERT INTO meta (key, value) VALUES ('signing_key', ?)", (pem.decode(),)
        )
        return cls(key)

    def jwks(self) -> Document:
        """Return the public key as a JSON Web Key Set."""
        numbers = self._key.public_key().public_numbers()
        return {
            "keys": [
                {
                    "kty": "RSA",
                    "e": _number(numbers.e),
                    "use": "sig",
                    "kid": _KEY_ID,
                    "alg": "RS256",
                    "n": _number(numbers.n),
                }
            ]
        }

    def id_token(self, pair: TokenPair, app: App, clock: Clock) -> str:
        """Return the signed claims: sub, aud (a list), realmid, auth_time, iss, exp,
        iat."""
        now = int(clock.now().timestamp())
        claims: Document = {
            "sub": SUBJECT,
            "aud": [app.client_id],
            "realmid": pair.grant.realm_id,
            "auth_time": pair.grant.authorized_at // 1_000_000,
            "iss": ISSUER,
            "exp": now + ACCESS_S,
            "iat": now,
        }
        if pair.nonce:
            claims["nonce"] = pair.nonce
        head = _encode(dumps({"kid": _KEY_ID, "typ": "JWT", "alg": "RS256"}).encode())
        signed = f"{head}.{_encode(dumps(claims).encode())}"
        signature = self._key.sign(signed.encode(), padding.PKCS1v15(), hashes.SHA256())
        return f"{signed}.{_encode(signature)}"


def _encode(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def _number(value: int) -> str:
    return _encode(value.to_bytes((value.bit_length() + 7) // 8, "big"))

"""Tokens and app secrets at rest: encrypted with keys that are not in the database.

Source: developer.intuit.com, "Security requirements" (encrypt tokens, keep the key
apart). Fernet (AES-128-CBC with HMAC-SHA256) and MultiFernet come from the cryptography
package.
"""

from __future__ import annotations

import logging
import os
import secrets
from collections.abc import Sequence
from pathlib import Path

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

__all__ = ["BadKey", "KeyMissing", "Vault", "VaultError", "WrongKey", "load_keys"]

_logger = logging.getLogger(__name__)


class VaultError(Exception):
    """Base of the errors of this module. ``str()`` holds neither key nor secret."""


class KeyMissing(VaultError):
    """There is no key at all."""


class BadKey(VaultError):
    """What was given as a key is not one (32 bytes in URL-safe base64)."""


class WrongKey(VaultError):
    """No key fits: the value was encrypted with another one, or is damaged."""


class Vault:
    """Encrypts with the first key, decrypts with any: put a new key first to rotate.

    :param keys: Fernet keys; may be empty, then every use raises KeyMissing.
    :raises BadKey: for something that is not a Fernet key.
    """

    def __init__(self, keys: Sequence[bytes]) -> None:
        try:
            fernets = [Fernet(key) for key in keys]
        except (ValueError, TypeError) as error:
            raise BadKey(
                "An encryption key is not 32 bytes in URL-safe base64."
            ) from error
        self._fernet = MultiFernet(fernets) if fernets else None

    def encrypt(self, secret: str) -> str:
        """Encrypt; the result is ASCII text and differs each time.

        :raises KeyMissing: there is no key.
        """
        return self._keys().encrypt(secret.encode()).decode()

    def decrypt(self, token: str) -> str:
        """Undo ``encrypt``.

        :raises KeyMissing: there is no key.
        :raises WrongKey: no key fits.
        """
        try:
            return self._keys().decrypt(token.encode()).decode()
        except InvalidToken as error:
            raise WrongKey(
                "A stored secret cannot be decrypted with the present keys."
            ) from error

    def rotate(self, token: str) -> str:
        """Encrypt again with the first key.

        :raises KeyMissing: there is no key.
        :raises WrongKey: no key fits.
        """
        try:
            return self._keys().rotate(token.encode()).decode()
        except InvalidToken as error:
            raise WrongKey(
                "A stored secret cannot be decrypted with the present keys."
            ) from error

    def _keys(self) -> MultiFernet:
        if self._fernet is None:
            raise KeyMissing("There is no key to encrypt or decrypt secrets with.")
        return self._fernet


def load_keys(
    env_value: str | None,
    conf_value: str | None,
    key_file: str | os.PathLike[str] | None,
) -> list[bytes]:
    """Keys from the first place that has any: environment, odoo.conf, key file.

    :param env_value: comma-separated Fernet keys, the first encrypts.
    :param conf_value: the same.
    :param key_file: one key a line; made with a new key and mode 0600 when it does not
        exist.
    :return: the keys; empty when no place was given.
    :raises KeyMissing: the key file can be neither read nor made.
    """
    for value in (env_value, conf_value):
        keys = _split(value or "")
        if keys:
            return keys
    return _read_or_make(Path(key_file)) if key_file else []


def _split(text: str) -> list[bytes]:
    return [key.encode() for key in text.replace(",", " ").split()]


def _read_or_make(path: Path) -> list[bytes]:
    try:
        if not path.exists():
            _make(path)
        if path.stat().st_mode & 0o077:
            _logger.warning(
                "The key file %s can be read by others; its mode should be 0600.", path
            )
        keys = _split(path.read_text("ascii"))
    except (OSError, UnicodeDecodeError) as error:
        raise KeyMissing(
            f"The key file {path} can be neither read nor made."
        ) from error
    if not keys:
        raise KeyMissing(f"The key file {path} is empty.")
    return keys


def _make(path: Path) -> None:
    """Make the file whole or not at all; of two processes at once, one wins."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(Fernet.generate_key() + b"\n")
            stream.flush()
            os.fsync(stream.fileno())
        try:
            os.link(draft, path)
        except FileExistsError:
            return
        _logger.info("Made the key file %s. Keep a copy apart from the database.", path)
    finally:
        draft.unlink()

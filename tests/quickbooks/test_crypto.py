"""Secrets at rest, and the keys that open them."""

from __future__ import annotations

import logging
import os
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from cryptography.fernet import Fernet
from service_billing_qbo.quickbooks import (
    BadKey,
    KeyMissing,
    Vault,
    VaultError,
    WrongKey,
    load_keys,
)

OLD, NEW = Fernet.generate_key(), Fernet.generate_key()


def test_secret_comes_back_and_is_not_readable_at_rest() -> None:
    vault = Vault([OLD])

    token = vault.encrypt("AB11 ü")

    assert "AB11" not in token
    assert token.isascii()
    assert vault.decrypt(token) == "AB11 ü"
    assert vault.encrypt("AB11 ü") != token


def test_new_key_in_front_opens_what_the_old_one_closed() -> None:
    token = Vault([OLD]).encrypt("secret")

    assert Vault([NEW, OLD]).decrypt(token) == "secret"


def test_rotated_secret_no_longer_needs_the_old_key() -> None:
    token = Vault([NEW, OLD]).rotate(Vault([OLD]).encrypt("secret"))

    assert Vault([NEW]).decrypt(token) == "secret"


@pytest.mark.parametrize("token", ["", "not a token", "gAAAAA=="])
def test_damaged_secret_is_told_apart(token: str) -> None:
    with pytest.raises(WrongKey):
        Vault([OLD]).decrypt(token)
    with pytest.raises(WrongKey):
        Vault([OLD]).rotate(token)


def test_other_key_is_wrong() -> None:
    token = Vault([OLD]).encrypt("secret")

    with pytest.raises(WrongKey) as caught:
        Vault([NEW]).decrypt(token)

    assert "secret" not in str(caught.value).replace("stored secret", "")


def test_without_a_key_nothing_is_stored_in_clear() -> None:
    with pytest.raises(KeyMissing):
        Vault([]).encrypt("secret")
    with pytest.raises(KeyMissing):
        Vault([]).decrypt("x")


@pytest.mark.parametrize("key", [b"", b"short", b"x" * 44, b"\xff" * 44])
def test_key_that_is_none_is_named_without_being_shown(key: bytes) -> None:
    with pytest.raises(BadKey) as caught:
        Vault([key])

    assert str(caught.value) == "An encryption key is not 32 bytes in URL-safe base64."
    assert isinstance(caught.value, VaultError)


def test_environment_goes_before_configuration_and_file(tmp_path: Path) -> None:
    assert load_keys("a,b", "c", tmp_path / "key") == [b"a", b"b"]
    assert load_keys("  ", " c , d ", tmp_path / "key") == [b"c", b"d"]
    assert load_keys("", None, None) == []
    assert not (tmp_path / "key").exists()


def test_key_file_is_made_once_and_for_its_owner_only(tmp_path: Path) -> None:
    path = tmp_path / "new" / "key"

    keys = load_keys(None, None, path)

    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert load_keys(None, None, str(path)) == keys
    assert Vault(keys).decrypt(Vault(keys).encrypt("x")) == "x"
    assert os.listdir(path.parent) == ["key"], "no draft stays behind"


def test_processes_that_start_at_once_agree_on_one_key(tmp_path: Path) -> None:
    path = tmp_path / "key"

    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda _: load_keys(None, None, path), range(16)))

    assert len({key for keys in found for key in keys}) == 1


def test_second_line_of_the_key_file_is_an_older_key(tmp_path: Path) -> None:
    path = tmp_path / "key"
    path.write_bytes(NEW + b"\n" + OLD + b"\n")
    path.chmod(0o600)

    assert load_keys(None, None, path) == [NEW, OLD]


def test_key_file_that_others_can_read_is_warned_about(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    path = tmp_path / "key"
    path.write_bytes(OLD)
    path.chmod(0o644)

    load_keys(None, None, path)

    assert "mode should be 0600" in caplog.text
    assert OLD.decode() not in caplog.text


def test_made_key_is_not_logged(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)

    (key,) = load_keys(None, None, tmp_path / "key")

    assert "Made the key file" in caplog.text
    assert key.decode() not in caplog.text


@pytest.mark.parametrize("content", [b"", b"\n", b"\xff\xfe"])
def test_key_file_without_a_key_is_missing_and_not_replaced(
    tmp_path: Path, content: bytes
) -> None:
    """A new key would make every stored token unreadable for good."""
    path = tmp_path / "key"
    path.write_bytes(content)

    with pytest.raises(KeyMissing):
        load_keys(None, None, path)

    assert path.read_bytes() == content


def test_place_where_no_key_file_can_be_made(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")

    with pytest.raises(KeyMissing, match="neither read nor made"):
        load_keys(None, None, tmp_path / "file" / "key")

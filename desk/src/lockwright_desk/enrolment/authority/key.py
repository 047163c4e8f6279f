"""The CA's key, wherever it is, as ``cryptography`` signs with it."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from lockwright.enrol.token_key import SigningKey
from lockwright.errors import reason_of
from lockwright.i18n import N_, _

from lockwright_desk import own_files
from lockwright_desk.configuration.settings import CaSettings
from lockwright_desk.enrolment.authority.token import TokenKey
from lockwright_desk.errors import CaKeyUnusable

_OTHERS = 0o077


@dataclass(frozen=True, slots=True)
class OpenKey:
    """A key that is ready to sign."""

    key: SigningKey
    close: Callable[[], None]
    """Ends its use."""


def open_key(settings: CaSettings) -> OpenKey:
    """Open the CA's key.

    Raises:
        CaKeyUnusable, PinError, ConfigurationError, ModuleError: it cannot be used.
    """
    if settings.token is not None:
        token = TokenKey(settings.token)
        return OpenKey(token.key, token.close)
    if settings.key_file is None:
        raise CaKeyUnusable(reason=N_("the configuration names none"))
    return OpenKey(read_key(settings.key_file), lambda: None)


def read_key(file: Path) -> SigningKey:
    """A key from a file that only its owner can read.

    Raises:
        CaKeyUnusable: it is missing, open to others, or no such key.
    """
    try:
        data = file.read_bytes()
        mode = file.stat().st_mode
        key = serialization.load_pem_private_key(data, None)
    except OSError as error:
        raise CaKeyUnusable(reason=f"{file}: {_(reason_of(error))}") from None
    except (ValueError, TypeError, UnsupportedAlgorithm):
        raise CaKeyUnusable(reason=_("{file} holds no key").format(file=file)) from None
    if os.name == "posix" and mode & _OTHERS:
        raise CaKeyUnusable(reason=_("others can read {file}").format(file=file))
    if not isinstance(key, rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey):
        raise CaKeyUnusable(reason=_("{file} holds no RSA or EC key").format(file=file))
    return key


def write_key(file: Path, key: SigningKey) -> None:
    """Write a key to a new file that only its owner can read.

    Raises:
        FileNotWritten: it cannot be written, or there is such a file.
    """
    data = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    own_files.create(file, data)

"""Where the key of the one-time passwords is: in a file of the desk's own, or in the CA's token."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from lockwright.console.secret_files import from_file
from lockwright.errors import SecretFileMissing
from lockwright.files import durable
from lockwright.i18n import _
from lockwright.pkcs11.constants import ckr_name
from lockwright.pkcs11.errors import CkrError
from lockwright.secret import Secret

from lockwright_desk import own_files
from lockwright_desk.configuration.settings import Settings, TokenSettings
from lockwright_desk.enrolment.authority import secret
from lockwright_desk.errors import OtpKeyUnusable

KEY_BYTES = 32
"""As long as what HMAC-SHA-256 gives (RFC 2104, section 3)."""
_DIGITS = b"0123456789abcdef"
_PURPOSE = b"lockwright-desk: the key of one-time passwords"


class KeyPlace(Protocol):
    """Where the key is."""

    @property
    def named(self) -> str:
        """The place, as an operator is told of it."""

    def found(self) -> bool:
        """Whether there is a key."""

    def make(self) -> None:
        """Put a new key there, in place of any before."""

    def read(self) -> Secret:
        """The key, as hex digits.

        Raises:
            OtpKeyUnusable: there is none.
        """


def place_of(settings: Settings) -> KeyPlace:
    """Where the configuration has the key."""
    if settings.otp_key_label is not None and settings.ca.token is not None:
        return OnToken(settings.ca.token, settings.otp_key_label)
    return InFile(settings.otp_key)


@dataclass(frozen=True, slots=True)
class InFile:
    """A file that only the desk's account can read."""

    file: Path

    @property
    def named(self) -> str:
        """Its path."""
        return str(self.file)

    def found(self) -> bool:
        """Whether it is there."""
        return durable.found(self.file)

    def make(self) -> None:
        """Write one.

        Raises:
            DeskFileNotWritten: it cannot be written.
        """
        with Secret(secrets.token_hex(KEY_BYTES)) as key:
            own_files.replace(self.file, key.buffer)

    def read(self) -> Secret:
        """What is in it.

        Raises:
            OtpKeyUnusable: it is not there, or is no key.
            SecretFileExposed: others can read it.
        """
        try:
            key = from_file(str(self.file))
        except SecretFileMissing as error:
            raise OtpKeyUnusable(reason=f"{self.file}: {error.facts['reason']}") from None
        if len(key) == 2 * KEY_BYTES and all(map(_DIGITS.__contains__, key.buffer)):
            return key
        key.wipe()
        said = _("{file}: it does not hold {count} hex digits")
        raise OtpKeyUnusable(reason=said.format(file=self.file, count=2 * KEY_BYTES))


@dataclass(frozen=True, slots=True)
class OnToken:
    """A secret key in the CA's token: the key is derived from it each time a program begins."""

    token: TokenSettings
    label: str

    @property
    def named(self) -> str:
        """Its label."""
        return self.label

    def found(self) -> bool:
        """Whether the token has it.

        Raises:
            OtpKeyUnusable: the token does not say.
        """
        with _told():
            return secret.has_secret(self.token, self.label)

    def make(self) -> None:
        """Make it.

        Raises:
            OtpKeyUnusable: the token takes none.
        """
        with _told():
            secret.make_secret(self.token, self.label)

    def read(self) -> Secret:
        """Derive the key.

        Raises:
            OtpKeyUnusable: there is none to derive it from.
        """
        with _told():
            found = secret.derived(self.token, self.label, _PURPOSE)
        if found is None:
            said = _("the CA's token holds no secret key with the label {label}, or several")
            raise OtpKeyUnusable(reason=said.format(label=self.label))
        return found


@contextmanager
def _told() -> Iterator[None]:
    try:
        yield
    except CkrError as error:
        said = _("the CA's token does not compute with it ({ckr})")
        raise OtpKeyUnusable(reason=said.format(ckr=ckr_name(error.value))) from error

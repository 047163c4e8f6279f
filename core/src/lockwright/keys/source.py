"""Where an administrator key comes from: read from a file, or named in an HSM."""

from __future__ import annotations

from pathlib import Path

from lockwright.errors import KeyUnusable
from lockwright.i18n import N_
from lockwright.keys.response import KEY_LENGTHS
from lockwright.models import KeyForm
from lockwright.pkcs11 import uri as uris
from lockwright.records import dataclass
from lockwright.secret import Secret, expect

_LONGEST = max(KEY_LENGTHS)
_SEPARATORS = b" \t:-"
_DIGITS = {digit: value for value, digit in enumerate(b"0123456789abcdef")} | {
    digit: value for value, digit in enumerate(b"ABCDEF", start=10)
}


@dataclass(frozen=True, slots=True)
class GivenKey:
    """A key or password that was read from a file."""

    value: Secret
    """The bytes of the 3DES key, or the password."""
    form: KeyForm
    """What it is."""
    default_allowed: bool = False
    """Use it even if it is a key that everybody knows."""

    def wipe(self) -> None:
        """Overwrite the key."""
        self.value.wipe()


@dataclass(frozen=True, slots=True)
class HsmKey:
    """A 3DES key in an HSM or a token, which encrypts with it and does not give it away."""

    uri: str
    """PKCS#11 URI (RFC 7512) of the key; it names the token and carries no PIN."""
    module: Path
    """Absolute path of the HSM's PKCS#11 module."""
    pin: Secret
    """The HSM's user PIN."""
    default_allowed: bool = False
    """Use it even if it is a key that everybody knows."""
    use_last_try: bool = False
    """Spend the last try of the PIN where there is only one left."""

    def wipe(self) -> None:
        """Overwrite the PIN."""
        self.pin.wipe()


KeySource = GivenKey | HsmKey


def given_key(content: Secret, form: KeyForm, *, default_allowed: bool = False) -> GivenKey:
    """The key that a text says.

    Args:
        content: the text; it is not wiped.
        form: how it is to be read.
        default_allowed: use it even if it is a key that everybody knows.

    Raises:
        TypeError: the text is no ``Secret``, or was wiped.
        ValueError: it is a password, and empty.
        KeyUnusable: it is none of that form.
    """
    expect(content, "the text of a key", may_be_empty=form is not KeyForm.PASSWORD)
    value = _READERS[form](content.buffer)
    return GivenKey(value, form, default_allowed=default_allowed)


def hsm_module(uri: str, module: Path | None = None) -> Path:
    """The module through which a key in an HSM is reached, before anybody is asked for a PIN.

    Args:
        uri: PKCS#11 URI of the key.
        module: module to use instead of the URI's ``module-path``.

    Raises:
        BrokenUri: it is not a PKCS#11 URI, or carries a PIN.
        KeyUnusable: no module is named.
    """
    named = uris.parse(uri).module_path
    path = module or named
    if path is None or not path.is_absolute():
        raise KeyUnusable(reason=N_("the absolute path of the HSM's module is missing in its URI"))
    return path


def _hex(content: bytearray) -> Secret:
    """A key in digits; pairs may be set apart."""
    digits = bytearray(each for each in content if each not in _SEPARATORS)
    length, odd = divmod(len(digits), 2)
    try:
        if odd or length not in KEY_LENGTHS or any(each not in _DIGITS for each in digits):
            raise KeyUnusable(reason=N_("the file does not hold 32 or 48 hexadecimal digits"))
        key = Secret(bytes(length))
        for place in range(length):
            high, low = digits[2 * place : 2 * place + 2]
            key.buffer[place] = _DIGITS[high] << 4 | _DIGITS[low]
        return key
    finally:
        digits[:] = bytes(len(digits))


def _text(content: bytearray) -> Secret:
    """A key that was set as text, filled up with zeros."""
    if not 0 < len(content) <= _LONGEST:
        raise KeyUnusable(reason=N_("a key in the form of text has 1 to 24 bytes of UTF-8"))
    key = Secret(bytes(_LONGEST))
    key.buffer[: len(content)] = content
    return key


_READERS = {KeyForm.HEX: _hex, KeyForm.TEXT: _text, KeyForm.PASSWORD: Secret}

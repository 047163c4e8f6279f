"""From what a person typed to bytes: forgiving in form, strict in content."""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from typing import Generic, TypeVar

from lockwright.errors import LockwrightError, RequestMalformed, ResponseMalformed
from lockwright.i18n import N_, _, ngettext
from lockwright.records import dataclass
from lockwright.secret import Secret
from lockwright.spoken.check import HEX_DIGITS, response_check
from lockwright.spoken.spelling import GROUP

O_READ_AS_ZERO = N_("There is no letter O in it; it was read as the digit 0.")
CYRILLIC_READ_AS_LATIN = N_("Russian letters were read as the Latin ones they look like.")

_DASHES = "-\N{HYPHEN}\N{NON-BREAKING HYPHEN}\N{EN DASH}\N{EM DASH}\N{MINUS SIGN}"
_SEPARATORS = frozenset(f"{_DASHES}:.")
_TWINS = dict(zip("АВЕКМНОРСТУХ", "ABEKMHOPCTYX", strict=True))
_ALPHABET = frozenset("0123456789ABCDEF")

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Heard(Generic[T]):
    """What was typed, understood."""

    value: T
    """The bytes."""
    notes: tuple[str, ...]
    """What was read otherwise than it was typed, English sentences to be translated."""
    checked: bool = False
    """Whether a check stood behind it, which fits."""


class _Unreadable(Exception):
    """It is none; the reason is the end of a sentence, in the language in use."""


def read_request(typed: str, length: int | None = None) -> Heard[bytes]:
    """A Request that somebody typed.

    Case, spaces, dashes, colons and dots do not matter, O is the digit 0, Cyrillic letters are
    the Latin ones they look like.

    Args:
        typed: what was typed.
        length: how many bytes a Request of this token has; None: any whole number.

    Raises:
        RequestMalformed: it holds another character, or is too short or too long.
    """
    try:
        digits, notes = _digits(bytearray(typed, "utf-8", "replace"))
        _check_length(len(digits), length)
    except _Unreadable as why:
        failure: LockwrightError = RequestMalformed(reason=str(why))
    else:
        return Heard(bytes.fromhex(digits.decode()), notes)
    raise failure


def read_response(
    typed: Secret, serial: str, request: bytes, length: int | None = None
) -> Heard[Secret]:
    """A Response that somebody typed, with its check behind it or without; see ``read_request``.

    An odd number of digits has a check, the last five of them; an even number has none.

    Args:
        typed: what was typed, UTF-8; it is left as it is.
        serial: serial number of the token.
        request: the Request that it answers.
        length: how many bytes a Response of this token has; None: any whole number.

    Raises:
        ResponseMalformed: it holds another character, is too short or too long, or the check
            behind it is not its own. Nothing of it is in the error.
    """
    digits = bytearray()
    response = Secret(b"")
    try:
        digits, notes = _digits(typed.buffer)
        _check_length(len(digits), length, HEX_DIGITS)
        has_check = len(digits) % 2 == 1
        response = _checked(digits, serial, request, has_check=has_check)
    except _Unreadable as why:
        failure: LockwrightError = ResponseMalformed(reason=str(why))
    else:
        return Heard(response, notes, has_check)
    finally:
        digits[:] = bytes(len(digits))
    raise failure


def _checked(digits: bytearray, serial: str, request: bytes, *, has_check: bool) -> Secret:
    """The Response without its check, which fits if there is one."""
    end = len(digits) - HEX_DIGITS if has_check else len(digits)
    response = Secret(bytearray(int(digits[at : at + 2], 16) for at in range(0, end, 2)))
    if has_check:
        check = response_check(serial, request, response.buffer)
        if int(digits[end:], 16) != check.value:
            response.wipe()
            raise _Unreadable(
                _("its check does not fit: it was misheard, or it answers another Request")
            )
    return response


def _digits(typed: bytearray) -> tuple[bytearray, tuple[str, ...]]:
    """Hexadecimal digits in ASCII, and what was read otherwise than it was typed."""
    digits = bytearray()
    notes: dict[str, None] = {}
    for char in _characters(typed):
        letter = char.upper()
        if letter in _SEPARATORS or letter.isspace():
            continue
        latin = _TWINS.get(letter, letter)
        if latin == "O":
            notes[O_READ_AS_ZERO] = None
            latin = "0"
        elif latin != letter:
            notes[CYRILLIC_READ_AS_LATIN] = None
        if latin not in _ALPHABET:
            digits[:] = bytes(len(digits))
            raise _foreign(len(digits), char)
        digits += latin.encode()
    return digits, tuple(notes)


def _characters(typed: bytearray) -> Iterator[str]:
    """One character after the other, so that no copy of the whole is made that nobody wipes."""
    decoder = codecs.getincrementaldecoder("utf-8")("replace")
    for byte in typed:
        yield from decoder.decode(bytes((byte,)))
    yield from decoder.decode(b"", final=True)


def _foreign(before: int, char: str) -> _Unreadable:
    group, place = divmod(before, GROUP)
    text = _(
        "character {place} of group {group} is {char}, but only the digits 0-9 and the letters"
        " A-F occur"
    )
    shown = f"«{char}»" if char.isprintable() else f"U+{ord(char):04X}"
    return _Unreadable(text.format(place=place + 1, group=group + 1, char=shown))


def _check_length(count: int, length: int | None, check: int = 0) -> None:
    """Refuse a wrong number of digits.

    Args:
        count: how many there are.
        length: how many bytes they should be, without a check; None: any whole number.
        check: how many digits a check has that may stand behind them; 0: none may.
    """
    if not count:
        raise _Unreadable(_("it is empty"))
    if length is None:
        if count % 2 and (not check or count <= check):
            raise _Unreadable(_("a character is missing, or there is one too many"))
        return
    allowed = sorted({length * 2, length * 2 + check})
    if count not in allowed:
        text = ngettext(
            "it has {count} character, but {needed} are needed",
            "it has {count} characters, but {needed} are needed",
            count,
        )
        raise _Unreadable(text.format(count=count, needed=_(" or ").join(map(str, allowed))))

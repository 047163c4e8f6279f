"""PINs that are guessed first: defaults, sequences, keyboard rows, what is printed on the token."""

from __future__ import annotations

from collections.abc import Iterable

from lockwright.i18n import N_

DEFAULT = N_("a default PIN of a vendor")
SEQUENCE = N_("a sequence")
KEYBOARD = N_("a row of the keyboard")
REPETITION = N_("one pattern repeated")
PRINTED = N_("what is printed on the token or stored in it openly")

# Published in the vendors' own manuals and in pkcs11 tools' documentation.
_DEFAULTS = frozenset(
    {"0000", "1234", "123456", "12345678", "87654321", "1234567890", "0987654321", "11111111",
     "00000000", "password", "passw0rd", "password1", "qwerty12", "qwerty123", "administrator"}
)  # fmt: skip
_ROWS = (
    "01234567890", "abcdefghijklmnopqrstuvwxyz", "абвгдеёжзийклмнопрстуфхцчшщъыьэюя",
)  # fmt: skip
_KEYS = ("qwertyuiop", "asdfghjkl", "zxcvbnm", "йцукенгшщзхъ", "фывапролджэ", "ячсмитьбю")
_SHORTEST_MARK = 4


def reason_to_refuse(pin: str, about: Iterable[str]) -> str:
    """Why a PIN is guessed first, or an empty string if it is not.

    A PIN is judged by what makes it up, so ``Qwerty12`` falls as a keyboard row with a tail that
    is a sequence, whatever its case.

    Args:
        pin: the PIN.
        about: strings an attacker reads off the token.
    """
    low = pin.casefold()
    if low in _DEFAULTS:
        return DEFAULT
    marks = (mark.strip().casefold() for mark in about)
    if any(len(mark) >= _SHORTEST_MARK and (mark in low or mark[::-1] in low) for mark in marks):
        return PRINTED
    if _repeats(low):
        return REPETITION
    if _covered(low, _ROWS):
        return SEQUENCE
    if _covered(low, (*_ROWS, *_KEYS)):
        return KEYBOARD
    return ""


def _repeats(text: str) -> bool:
    """Whether the text is one block of up to half its length, said again and again."""
    return any(
        text == (text[:size] * len(text))[: len(text)] for size in range(1, len(text) // 2 + 1)
    )


def _covered(text: str, rows: Iterable[str]) -> bool:
    """Whether the text falls apart into runs of rows, forwards or backwards.

    A run has three characters or more; two will do at the end, and for one character doubled.
    """
    ways = [row for forward in rows for row in (forward, forward[::-1])]
    reached = {0}
    for start in range(len(text)):
        for end in range(start + 2, len(text) + 1) if start in reached else ():
            piece = text[start:end]
            short = len(piece) == 2 and end < len(text)  # noqa: PLR2004  # the rule above
            if len(set(piece)) == 1 or (not short and any(piece in way for way in ways)):
                reached.add(end)
    return bool(text) and len(text) in reached

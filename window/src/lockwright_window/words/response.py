"""What is to be said of a Response while it is typed."""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum

from lockwright.errors import ResponseMalformed
from lockwright.explain import in_words
from lockwright.i18n import _, ngettext
from lockwright.operations.remote import Request
from lockwright.records import dataclass
from lockwright.secret import Secret
from lockwright.spoken import read_response
from lockwright.spoken.check import HEX_DIGITS
from lockwright.spoken.typed import Wrong, counted, wrong_among

_MOST_TOLD = 3
"""Wrong places that are told at once; all of them are marked."""


class Sign(Enum):
    """How it stands; shown by a sign and words, never by colour alone."""

    EMPTY = "empty"
    GOES_ON = "goes on"
    WRONG = "wrong"
    WHOLE = "whole"
    """It can be given to the token; no check stands behind it."""
    CHECKED = "checked"
    """The check behind it fits."""


@dataclass(frozen=True, slots=True)
class Reading:
    """How a Response stands."""

    sign: Sign
    sentence: str
    """What is to be said of it, in the language in use."""
    wrong: frozenset[int] = frozenset()
    """Places in what was typed, from 0, that no Response has."""

    @property
    def ready(self) -> bool:
        """Whether it can be given to the token."""
        return self.sign in (Sign.WHOLE, Sign.CHECKED)


def reading(
    characters: Sequence[str], typed: Secret, request: Request, length: int | None
) -> Reading:
    """How a Response stands, judged as the token's side judges it.

    Args:
        characters: what was typed, one after the other.
        typed: the same in one; it is left as it is.
        request: the Request that it answers.
        length: bytes of a Response of this token, without a check; None where it does not say.
    """
    if wrong := tuple(wrong_among(characters)):
        return Reading(Sign.WRONG, _told(wrong), frozenset(each.at for each in wrong))
    count = counted(characters)
    if not count:
        return Reading(Sign.EMPTY, _("The bank reads it out, or sends it. It is typed or pasted."))
    needed = 0 if length is None else 2 * length
    if count < needed:
        told = _("{count} of {needed} characters").format(count=count, needed=needed)
        return Reading(Sign.GOES_ON, told)
    if length is not None and needed < count < needed + HEX_DIGITS:
        told = _("{count} of {needed} characters of the check behind it")
        told = told.format(count=count - needed, needed=HEX_DIGITS)
        return Reading(Sign.GOES_ON, told)
    return _whole(typed, request, length)


def _whole(typed: Secret, request: Request, length: int | None) -> Reading:
    try:
        heard = read_response(typed, request.serial, request.data, length)
    except ResponseMalformed as error:
        reason = in_words(str(error.facts["reason"]))
        told = f"{reason[:1].upper()}{reason[1:]}. {_(error.advice)}"
        return Reading(Sign.WRONG, told)
    heard.value.wipe()
    notes = [_(each) for each in heard.notes]
    if heard.checked:
        told = _("The check behind it fits: everything was heard right.")
        return Reading(Sign.CHECKED, " ".join((told, *notes)))
    told = _("It is whole. If the bank gave five more characters, its check, add them.")
    return Reading(Sign.WHOLE, " ".join((told, *notes)))


def _told(wrong: Sequence[Wrong]) -> str:
    """The first wrong places, and how many more there are."""
    places = "; ".join(_place(each) for each in wrong[:_MOST_TOLD])
    told = _("{places}. Only the digits 0-9 and the letters A-F occur.")
    more = len(wrong) - _MOST_TOLD
    if more > 0:
        further = ngettext("{number} more place", "{number} more places", more)
        places = f"{places}; {further.format(number=more)}"
    told = told.format(places=places)
    return told[:1].upper() + told[1:]


def _place(wrong: Wrong) -> str:
    char = wrong.character
    shown = f"«{char}»" if char.isprintable() else f"U+{ord(char[0]):04X}"
    told = _("character {place} of group {group} is {char}")
    return told.format(place=wrong.place, group=wrong.group, char=shown)

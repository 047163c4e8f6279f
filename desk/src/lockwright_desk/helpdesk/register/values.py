"""What a single value of the register may be, wherever it comes from."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from enum import StrEnum

from lockwright.i18n import _, ngettext

from lockwright_desk.helpdesk.register.errors import ValueRefused
from lockwright_desk.logins import login_in
from lockwright_desk.store.tables.base import NAME

LANGUAGES = ("en", "ru")
_LONGEST_NAME = 200
_LONGEST_LABEL = 64
_LONGEST_MODEL = 16
"""Characters of ``CK_TOKEN_INFO.model`` (PKCS#11)."""
_LONGEST_EMAIL = 254
"""Characters of an address that mail can be sent to (RFC 5321, 4.5.3.1.3)."""
LONGEST_REASON = 500
_EMAIL = re.compile(r"[^\s@,;<>]+@[^\s@,;<>]+")
_NUMBERS = re.compile(r"[-+]?\d+([.,]\d+)?[eE]\+\d+")
"""How a spreadsheet writes a long number that it took for one."""
_DIGITS = 3
"""Digits that a telephone number has at least."""


class Fault(StrEnum):
    """What is wrong with a value; the names stay as they are."""

    EMPTY = "empty"
    TOO_LONG = "too-long"
    CHARACTER = "character"
    """A character that cannot be seen, or is none."""
    SPREADSHEET = "spreadsheet"
    """A spreadsheet has made a number of it."""
    LOGIN = "login"
    PHONE = "phone"
    EMAIL = "email"
    LANGUAGE = "language"
    SERIAL = "serial"
    ADAPTER = "adapter"
    STATE = "state"
    TIME = "time"
    NOT_TEXT = "not-text"


class Faulty(Exception):
    """A value that is refused.

    Args:
        fault: what is wrong.
        reason: the same as the end of a sentence, in the language in use.
    """

    def __init__(self, fault: Fault, reason: str) -> None:
        self.fault = fault
        self.reason = reason
        super().__init__(reason)


def given(field: str, value: str, read: Callable[[str], str]) -> str:
    """A value that a person gave by itself.

    Args:
        field: what it is called.
        value: the value.
        read: a function of this module.

    Raises:
        ValueRefused: it cannot be used.
    """
    try:
        return read(value)
    except Faulty as fault:
        reason = fault.reason
    raise ValueRefused(field=field, reason=reason)


def text(given: str, most: int) -> str:
    """A text on one line, composed, its blanks single; it may be empty.

    Raises:
        Faulty: it is too long, or holds a character that would act rather than show.
    """
    plain = unicodedata.normalize("NFC", given)
    if not plain.isprintable():  # which of the blanks only the common one is
        plain = "".join(" " if unicodedata.category(each) == "Zs" else each for each in plain)
        if unseen := [each for each in plain if not each.isprintable()]:
            said = _("it holds a character that cannot be seen (U+{number:04X})")
            raise Faulty(Fault.CHARACTER, said.format(number=ord(unseen[0])))
    plain = " ".join(filter(None, plain.split(" ")))
    if len(plain) > most:
        said = ngettext(
            "it has {count} character, but at most {most} are kept",
            "it has {count} characters, but at most {most} are kept",
            len(plain),
        )
        raise Faulty(Fault.TOO_LONG, said.format(count=len(plain), most=most))
    return plain


def name(given: str) -> str:
    """A client's name."""
    found = _there(text(given, _LONGEST_NAME))
    if not any(each.isalnum() for each in found):
        raise Faulty(Fault.CHARACTER, _("it has neither a letter nor a digit"))
    return found


def login(given: str) -> str:
    """A login."""
    found = _no_number(_there(text(given, NAME)))
    known = login_in(found)
    if known is None:
        said = _("a login has 1 to 64 printable characters, without spaces and colons")
        raise Faulty(Fault.LOGIN, said)
    return known


def phone(given: str) -> str:
    """A telephone number, as it is dialled; words such as an extension may stand in it."""
    found = _no_number(text(given, NAME))
    if found and sum(each in "0123456789" for each in found) < _DIGITS:
        raise Faulty(Fault.PHONE, _("it is no telephone number"))
    return found


def email(given: str) -> str:
    """An address of mail."""
    found = text(given, _LONGEST_EMAIL)
    if found and not _EMAIL.fullmatch(found):
        raise Faulty(Fault.EMAIL, _("it is no address of mail"))
    return found


def language(given: str) -> str:
    """A language of ours, in which the client is told things."""
    found = text(given, NAME)
    if found and found not in LANGUAGES:
        said = _("it is not one of {known}").format(known=", ".join(LANGUAGES))
        raise Faulty(Fault.LANGUAGE, said)
    return found


def grade(given: str) -> str:
    """What the bank calls a client's value."""
    return text(given, NAME)


def adapter(given: str) -> str:
    """The name of an adapter; whether there is one, ``Register.serial`` says."""
    return _there(text(given, NAME))


def model(given: str) -> str:
    """The model of a token."""
    return _there(text(given, _LONGEST_MODEL))


def serial(given: str) -> str:
    """A serial number before its adapter has read it."""
    return _no_number(_there(text(given, NAME)))


def label(given: str) -> str:
    """The label of a token."""
    return text(given, _LONGEST_LABEL)


def reason(given: str) -> str:
    """Why something is done."""
    return _there(text(given, LONGEST_REASON))


CLIENT: dict[str, Callable[[str], str]] = {
    "login": login,
    "name": name,
    "phone": phone,
    "email": email,
    "language": language,
    "grade": grade,
}
"""The fields of a client, each with what reads it."""


def _there(found: str) -> str:
    if not found:
        raise Faulty(Fault.EMPTY, _("it is empty"))
    return found


def _no_number(found: str) -> str:
    if _NUMBERS.fullmatch(found):
        said = _("a spreadsheet has made the number {number} of it").format(number=found)
        raise Faulty(Fault.SPREADSHEET, said)
    return found

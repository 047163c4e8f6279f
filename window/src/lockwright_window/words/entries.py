"""The list of what is connected, an entry each: tokens, blank ones, and what could not be seen."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from enum import Enum
from pathlib import Path

from lockwright.console.clean import clean
from lockwright.i18n import _, ngettext
from lockwright.models import Certificate, Token, TokenIdentity, TokenKey
from lockwright.operations.detect import ALLOW, Detection, Problem
from lockwright.operations.devices import Device
from lockwright.records import dataclass

from lockwright_window.words.advice import told
from lockwright_window.words.doubts import doubt
from lockwright_window.words.named import called
from lockwright_window.words.outlook import SOON, outlook
from lockwright_window.words.weight import Weight


class Kind(Enum):
    """What an entry is of."""

    TOKEN = "token"  # noqa: S105  # the name of a kind
    BLANK = "blank"
    PROBLEM = "problem"
    DEVICE = "device"
    """A heading over the tokens of one device; it cannot be chosen."""


@dataclass(frozen=True, slots=True)
class EntryKey:
    """Which entry it is, from one look to the next."""

    kind: Kind
    """What it is of."""
    token: TokenKey | None = None
    """Which token, blank or not."""
    subject: str = ""
    """Which module or adapter failed, or which reader is a heading."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A line or two of the list, in the language in use."""

    key: EntryKey
    """Which entry it is."""
    title: str
    """What it is called."""
    state: str
    """How it is, in a few words; empty for a heading."""
    below: str
    """What else tells it from others; may be empty."""
    weight: Weight
    """How much its state matters."""
    inside: bool = False
    """Whether it is one of several tokens of a device."""

    @property
    def second(self) -> str:
        """The second line."""
        return " · ".join(filter(None, (self.state, self.below)))


Read = Callable[[TokenIdentity], Sequence[Certificate]]
"""The certificates on a token, as far as anyone may see them."""


def entries(seen: Detection, read: Read, now: datetime, soon: int = SOON) -> list[Entry]:
    """Everything that is connected, in the order in which it is shown.

    Args:
        seen: what was found.
        read: gives the certificates of a token.
        now: the time, UTC.
        soon: days before its end at which a certificate is to be renewed.
    """
    found: list[Entry] = []
    for device in seen.devices:
        several = len(device.tokens) > 1
        if several:
            found.append(_device(device))
        found += (
            _token(token, seen, read(token.identity), now, soon, inside=several)
            for token in device.tokens
        )
    return [*found, *map(_problem, seen.problems), *map(_blank, seen.blank)]


def _device(device: Device) -> Entry:
    number = len(device.tokens)
    told = ngettext("a device with {n} token", "a device with {n} tokens", number)
    key = EntryKey(Kind.DEVICE, subject=f"{device.module}\n{device.reader}")
    return Entry(key, clean(device.reader), told.format(n=number), "", Weight.FINE)


def _token(
    token: Token,
    seen: Detection,
    certificates: Sequence[Certificate],
    now: datetime,
    soon: int,
    *,
    inside: bool,
) -> Entry:
    key = EntryKey(Kind.TOKEN, _wherever(token.identity))
    name, serial = called(token.identity), clean(token.serial)
    if token.identity in seen.unclear:
        return Entry(key, name, _("unclear whose it is"), serial, Weight.UNKNOWN, inside)
    if doubt(token, seen) is not None:
        return Entry(key, name, _("cannot be used here"), serial, Weight.UNKNOWN, inside)
    found = outlook(token, certificates, now, soon)
    return Entry(key, name, found.brief, serial, found.weight, inside)


def _wherever(identity: TokenIdentity) -> TokenKey:
    """A token by what it keeps in another slot, where it can be told there."""
    return replace(identity.key, slot=0) if identity.may_move else identity.key


def _blank(identity: TokenIdentity) -> Entry:
    key = EntryKey(Kind.BLANK, identity.key)
    model = clean(identity.model) or _("a token")
    place = clean(identity.slot_description)
    return Entry(key, model, _("blank"), place, Weight.UNKNOWN)


def _problem(problem: Problem) -> Entry:
    key = EntryKey(Kind.PROBLEM, subject=problem.subject)
    if problem.waits is not None:
        serial = clean(problem.waits.token.serial)
        state = _("waits for a Response in another program")
        return Entry(key, problem_name(problem), state, serial, Weight.UNKNOWN)
    state = _("no token can be used") if problem.subject == ALLOW else _("could not be looked at")
    return Entry(key, problem_name(problem), state, _line(problem), Weight.WRONG)


def problem_name(problem: Problem) -> str:
    """What a problem's entry is called: the token that waits, the module, or what decides."""
    if problem.waits is not None:
        return called(problem.waits.token)
    if problem.subject == ALLOW:
        return _("Configuration")
    return clean(Path(problem.subject).name)


def _line(problem: Problem) -> str:
    return clean(" ".join(told(problem.error).message.split()))


def blank_of(seen: Detection, key: EntryKey) -> TokenIdentity | None:
    """The blank token of an entry; None where it is gone."""
    return next((each for each in seen.blank if each.key == key.token), None)


def problem_of(seen: Detection, key: EntryKey) -> Problem | None:
    """The problem of an entry; None where it is gone."""
    return next((each for each in seen.problems if each.subject == key.subject), None)


def first(found: Iterable[Entry]) -> Entry | None:
    """The entry that is chosen where nobody chose one: a token, else what failed, else a blank."""
    order = (Kind.TOKEN, Kind.PROBLEM, Kind.BLANK)
    fit = sorted((e for e in found if e.key.kind in order), key=lambda e: order.index(e.key.kind))
    return fit[0] if fit else None

"""Enrolments that are asked about twice, then gone on with or undone; see ``second_answers``."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import count

from cryptography.hazmat.primitives.serialization import Encoding
from lockwright.enrol.journal import Entry
from lockwright.errors import NOTHING, LockwrightError
from lockwright.secret import Secret

from lockwright_testkit.bank import PASSWORD, Bank
from lockwright_testkit.est_server import Asked, Reply
from lockwright_testkit.second_answers import EST, WIRES, Handler
from lockwright_testkit.sim.simulator import USER_PIN

RESUME, ABANDON = "resume", "abandon"


@dataclass(frozen=True)
class Case:
    """What happens to one enrolment."""

    wire: str
    """``est`` or ``cmp``."""
    point: str
    """What the first asking met."""
    answer: str
    """What the second one met."""
    end: str
    """``resume`` or ``abandon``."""


class SecondBench:
    """Takes one enrolment after the other on one token.

    Args:
        bank: the token and the server.
        wire: ``est`` or ``cmp``.
    """

    def __init__(self, bank: Bank, wire: str) -> None:
        self._bank = bank
        self._name = wire
        self._wire = WIRES[wire](bank.server)
        self._numbers = count(1)
        self._handlers: list[Handler] = []
        bank.server.instead = self._answer
        if wire != EST:
            # What a MAC costs is not what is looked at here.
            cheap = {"iterations": 100}
            bank.configured(kind=wire, url=f"{bank.server.url}/pkix", further=cheap)

    def cases(self) -> list[Case]:
        """Every point with every answer and either end."""
        return [
            Case(self._name, point, answer, end)
            for point in self._wire.points()
            for answer in self._wire.answers()
            for end in (RESUME, ABANDON)
        ]

    def run(self, cases: Iterable[Case]) -> list[str]:
        """What is wrong; nothing if all is right."""
        return [f"{case}: {told}" for case in cases for told in self._run(case)]

    def _run(self, case: Case) -> Iterator[str]:
        login = f"n{next(self._numbers)}"
        self._bank.server.logins[login] = PASSWORD
        self._handlers = list(self._wire.points()[case.point])
        if told := self._asked(lambda: self._bank.enrol(login=login)):
            yield f"first: {told}"
        if (entry := self._entry()) is None:
            yield "the first asking left nothing"
            return
        self._handlers = [self._wire.answers()[case.answer]]
        if told := self._asked(self._resume):
            yield f"second: {told}"
        if self._entry() is None:
            yield from self._enrolled(entry, login)
        elif case.end == ABANDON:
            self._bank.runner.enrolments.abandon(self._bank.storage())
        else:
            yield from self._cured(entry, login)
        self._bank.storage().discard(entry.key_id, b"")
        if self._entry() is not None or self._bank.digest() != self._bank.before:
            yield f"something is left by {case.end}"

    def _asked(self, ask: Callable[[], object]) -> str:
        """Ask; what is wrong with how that ended."""
        try:
            ask()
        except LockwrightError as error:
            entry = self._entry()
            if entry is None:
                return f"undone by {error.code}"
            if self._bank.storage().key(entry.key_id) is None:
                return f"the key is gone after {error.code}"
            if error.cost == NOTHING:
                return f"{error.code} says that nothing was changed"
        return ""

    def _cured(self, entry: Entry, login: str) -> Iterator[str]:
        self._handlers = []
        if told := self._asked(self._resume):
            yield f"cured: {told}"
        yield from self._enrolled(entry, login)

    def _enrolled(self, entry: Entry, login: str) -> Iterator[str]:
        """Exactly the one certificate is there that the CA issued."""
        issued = self._bank.server.issued_to(login)
        listed = self._bank.runner.list(self._bank.token, Secret(USER_PIN))
        found = [each for each in listed.containers if each.id == entry.key_id]
        values = [bytes(each.object.value or b"") for c in found for each in c.certificates]
        if self._entry() is not None:
            yield "it is not finished"
        if issued is None or values != [issued.public_bytes(Encoding.DER)]:
            yield f"{len(values)} certificates, and not the one that was issued"

    def _resume(self) -> None:
        enrolments = self._bank.runner.enrolments
        enrolments.resume(self._bank.storage(), password=Secret(PASSWORD))

    def _entry(self) -> Entry | None:
        found = self._bank.runner.enrolments.unfinished()
        return found[0] if found else None

    def _answer(self, asked: Asked) -> Reply | None:
        if not self._wire.is_order(asked):
            return None
        if not self._handlers:
            return self._wire.usual(asked)
        return (self._handlers.pop(0) if len(self._handlers) > 1 else self._handlers[0])(asked)

"""What is done when the kill comes, and where it may come."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

_CHANGING = frozenset({"C_CreateObject", "C_DestroyObject", "C_GenerateKeyPair", "C_Login"})


class Way(StrEnum):
    """How a new certificate comes beside the old one or in its place, or goes again."""

    BESIDE = "beside"
    """``enroll``"""
    REPLACING = "replacing"
    """``enroll --replace``"""
    RENEWING = "renewing"
    """``renew``"""
    EXCHANGING = "exchanging"
    """``renew --replace``"""
    UNDOING = "undoing"
    """``enroll --abandon``, of an enrolment that was killed when its certificate was written"""

    @property
    def job(self) -> str:
        """What the driver is to do."""
        match self:
            case Way.BESIDE | Way.REPLACING:
                return "enrol"
            case Way.RENEWING | Way.EXCHANGING:
                return "renew"
            case Way.UNDOING:
                return "undo"

    @property
    def replaces(self) -> bool:
        """Whether the old container goes in the end."""
        return self in {Way.REPLACING, Way.EXCHANGING}


class Wire(StrEnum):
    """How the CA is spoken with."""

    EST = "est"
    """``/simpleenroll``, ``/simplereenroll``"""
    CMP = "cmp"
    """``p10cr``, ``kur``"""
    IR = "ir"
    """CMP with ``ir`` in place of ``p10cr``"""
    LATE = "late"
    """EST, where the first answer is 202"""
    POLLED = "polled"
    """CMP, where the first answer is ``waiting``"""

    @property
    def is_cmp(self) -> bool:
        """Whether it is CMP."""
        return self in {Wire.CMP, Wire.IR, Wire.POLLED}

    @property
    def waits(self) -> bool:
        """Whether the CA decides only when it is asked again."""
        return self in {Wire.LATE, Wire.POLLED}

    @property
    def ways(self) -> tuple[Way, ...]:
        """What differs over it from what was killed over another."""
        match self:
            case Wire.EST:
                return tuple(Way)
            case Wire.CMP:
                return (Way.BESIDE, Way.REPLACING, Way.RENEWING, Way.EXCHANGING)
            case Wire.IR:
                return (Way.BESIDE, Way.REPLACING)
            case Wire.LATE | Wire.POLLED:
                return (Way.BESIDE, Way.EXCHANGING)

    @property
    def sends(self) -> tuple[Sent, ...]:
        """What the CA is sent, in order."""
        again = (Sent.AGAIN,) if self.waits else ()
        return (Sent.ORDER, *again, *((Sent.CONFIRMATION,) if self.is_cmp else ()))


class Sent(StrEnum):
    """What a CA is sent, at which the client may be killed while the answer is awaited."""

    ORDER = "order"
    AGAIN = "again"
    """The order once more, or ``pollReq``, after a wait."""
    CONFIRMATION = "confirmation"
    """``certConf``: the certificate is taken."""


class Moment(StrEnum):
    """When it is killed, seen from what it was about to do."""

    BEFORE = "before"
    DRAFT = "draft"
    """With the journal's new entry written, but not in the old one's place."""
    AFTER = "after"


@dataclass(frozen=True)
class Case:
    """Where an enrolment is killed: at one of three things."""

    way: Way
    """What is killed."""
    fault: str | None = None
    """At a call of the module: a plan of the simulator, such as ``C_Sign@1=kill``."""
    record: int | None = None
    """At a change of the journal: which, counted from one."""
    step: str = ""
    """What that change records; empty when it closes the entry."""
    sent: Sent | None = None
    """At what the CA is sent, while the answer is awaited."""
    moment: Moment = Moment.BEFORE
    """When, at a change of the journal or at what is sent, which the CA has only if ``AFTER``."""

    def __str__(self) -> str:
        what = f"record {self.record} {self.step}".rstrip() if self.record else f"{self.sent}"
        return f"{self.way}, {self.fault or f'{self.moment} {what}'}"


def every_case(
    way: Way, records: Sequence[str], calls: Mapping[str, int], sends: Sequence[Sent]
) -> Iterator[Case]:
    """Every place where an enrolment can be killed.

    Killed before each call of the module, and after those that change something as well: for
    all others that is the same as before the next one.

    Args:
        way: what is killed.
        records: the step that each change of the journal records; empty where it closes it.
        calls: how often it calls each function of the module.
        sends: what it sends to the CA.
    """
    for number, step in enumerate(records, 1):
        for moment in Moment:
            # What closes the entry removes its file: there is no draft.
            if step or moment is not Moment.DRAFT:
                yield Case(way, record=number, step=step, moment=moment)
    if way is not Way.UNDOING:
        for sent in sends:
            for moment in (Moment.BEFORE, Moment.AFTER):
                yield Case(way, sent=sent, moment=moment)
    for function, times in sorted(calls.items()):
        for number in range(1, times + 1):
            for how in ("kill", "after:kill")[: 1 + (function in _CHANGING)]:
                yield Case(way, fault=f"{function}@{number}={how}")

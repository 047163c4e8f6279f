"""What was asked and answered, in order: a file chained like the audit trail, which is the state.

Each step has an intent and an outcome, so a step that was cut short is known as one.
"""

from __future__ import annotations

import json
import os
import uuid
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from lockwright.audit import AuditTrail, verify
from lockwright.audit.records import canonical, head_path, parse, seq_of
from lockwright.contract.audit_facts import digest
from lockwright.files import durable
from lockwright.files.lock import locked_within

NAME = "record.jsonl"
_HOOK = "certify"
_BEGUN, _INTENT, _OUTCOME = "certify", "intent", "outcome"
DONE, SKIPPED, FAILED = "ok", "skipped", "failed"
Facts = Mapping[str, Any]


class NotBegun(LookupError):
    """No acceptance was begun in a record."""


@dataclass(frozen=True)
class Step:
    """What became of a step."""

    name: str
    outcome: str
    """``DONE``, ``SKIPPED``, ``FAILED``; empty: it was begun and cut short."""
    facts: Facts


class Record:
    """The record of one acceptance.

    Args:
        folder: where it is.
    """

    def __init__(self, folder: Path) -> None:
        self.path = folder / NAME
        self._trail = AuditTrail(self.path)

    @property
    def there(self) -> bool:
        """Whether one was begun; a crash or a full disk may leave a record that has no line.

        Raises:
            AuditError: it is not what was written.
        """
        try:
            return self.path.exists() and bool(begun(self.lines()))
        except NotBegun:
            return False

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Let no other program go on with this acceptance meanwhile; its folder must be there.

        Raises:
            StillHeld: one does.
            OSError: the folder cannot be used.
        """
        fd = durable.open_owned(self.path.with_name(f"{NAME}.lock"))
        try:
            with locked_within(fd, 0):
                yield
        finally:
            os.close(fd)

    def begin(self, facts: Facts) -> None:
        """Note what is accepted."""
        self._trail.append({"event": _BEGUN, "facts": facts})

    def step(self, name: str, serial: str) -> str:
        """Note that a step begins; its number, for the outcome."""
        number = uuid.uuid4().hex
        about = {"hook": _HOOK, "step": name, "id": number, "token": {"serial": serial}}
        self._trail.append({"event": _INTENT, **about})
        return number

    def ended(self, name: str, number: str, outcome: str, facts: Facts) -> None:
        """Note what a step found."""
        about = {"hook": _HOOK, "step": name, "id": number, "outcome": outcome}
        self._trail.append({"event": _OUTCOME, **about, "facts": facts})

    def lines(self) -> list[str]:
        """The record as it is, checked; what a crash left of its last line is none.

        Raises:
            AuditError: it is not what was written.
        """
        verify(self.path)
        *whole, last = self.path.read_bytes().split(b"\n")
        told = [*whole, last] if parse(last) else whole
        return [line.decode(errors="surrogateescape") for line in told]


def checked(lines: Sequence[str], end: Mapping[str, Any]) -> None:
    """Hold the lines of a report against its end, as ``lockwright audit verify`` would a file.

    Args:
        lines: each as it was written.
        end: number and hash of the last.

    Raises:
        AuditError: they are not what was written.
    """
    with TemporaryDirectory() as folder:
        path = Path(folder) / NAME
        text = "".join(f"{line}\n" for line in lines)
        path.write_bytes(text.encode(errors="surrogateescape"))
        head_path(path).write_bytes(canonical(dict(end)) + b"\n")
        verify(path)


def end_of(lines: Sequence[str]) -> dict[str, Any]:
    """Number and hash of the last line."""
    return {"seq": seq_of(_told(lines)[-1]), "hash": digest(lines[-1].encode())}


def begun(lines: Sequence[str]) -> Facts:
    """What is accepted, as it was noted first.

    Raises:
        NotBegun: nothing was.
    """
    first = next((each for each in _told(lines) if each.get("event") == _BEGUN), None)
    if first is None:
        raise NotBegun
    facts: Facts = first["facts"]
    return facts


def times(lines: Sequence[str]) -> tuple[str, str]:
    """When it was begun, and when the last line was written."""
    told = _told(lines)
    return told[0]["time"], told[-1]["time"]


def steps(lines: Sequence[str]) -> list[Step]:
    """Each step once, as it was last; one that is not ``DONE`` may be done later.

    One that was begun once more and cut short is cut short, whatever became of it before.
    """
    found: dict[str, Step] = {}
    for told in _told(lines):
        if told["event"] == _INTENT:
            found[told["step"]] = Step(told["step"], "", {})
        elif told["event"] == _OUTCOME:
            found[told["step"]] = Step(told["step"], told["outcome"], told["facts"])
    return list(found.values())


def _told(lines: Sequence[str]) -> list[Facts]:
    """What the lines say; parts of lines that a crash left say nothing."""
    return [json.loads(line) for line in lines if parse(line.encode(errors="surrogateescape"))]

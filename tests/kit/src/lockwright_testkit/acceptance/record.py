"""What was asked and answered, in order: a file chained like the audit trail, which is the state.

Each step has an intent and an outcome, so a step that was cut short is known as one.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from lockwright.audit import AuditTrail, verify
from lockwright.audit.records import canonical, head_path
from lockwright.contract.audit_facts import digest

NAME = "record.jsonl"
_HOOK = "certify"
_BEGUN, _INTENT, _OUTCOME = "certify", "intent", "outcome"
DONE, SKIPPED, FAILED = "ok", "skipped", "failed"
Facts = Mapping[str, Any]


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
        """Whether one was begun."""
        return self.path.exists()

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
        """The record as it is, checked.

        Raises:
            AuditError: it is not what was written.
        """
        verify(self.path)
        return self.path.read_text(encoding="utf-8").splitlines()


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
        path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
        head_path(path).write_bytes(canonical(dict(end)) + b"\n")
        verify(path)


def end_of(lines: Sequence[str]) -> dict[str, Any]:
    """Number and hash of the last line."""
    return {"seq": len(lines), "hash": digest(lines[-1].encode())}


def begun(lines: Sequence[str]) -> Facts:
    """What is accepted, as it was noted first."""
    facts: Facts = json.loads(lines[0])["facts"]
    return facts


def steps(lines: Sequence[str]) -> list[Step]:
    """Each step once, as it was last; one that is not ``DONE`` may be done later."""
    found: dict[str, Step] = {}
    for line in lines[1:]:
        told = json.loads(line)
        if told["event"] == _INTENT:
            found.setdefault(told["step"], Step(told["step"], "", {}))
        elif told["event"] == _OUTCOME:
            found[told["step"]] = Step(told["step"], told["outcome"], told["facts"])
    return list(found.values())

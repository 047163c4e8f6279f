"""What a run of ``make bench`` finds: figures, and the targets that they are held against."""

from __future__ import annotations

import json
import statistics
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Figure:
    """What was measured of one work, by one program."""

    work: str
    """What was done, in words."""
    who: str
    """``now``, ``before``, either with ``/`` and what it was done over; otherwise a peer."""
    unit: str
    """Such as ``calls``, ``s``, ``ms``."""
    values: Sequence[float]
    """One for each round."""
    size: int | None = None
    """Objects on the token, or entries in a ledger, where that is what matters."""

    @property
    def median(self) -> float:
        """The value that half of the rounds stay below."""
        return statistics.median(self.values)


@dataclass(frozen=True)
class Target:
    """What a figure of this build is to be."""

    work: str
    who: str
    """Whose figure, such as ``now/pykcs11``."""
    words: str
    """The target in words."""
    limit: float | None
    """The same as a number, in the figure's unit; None where nothing was there to compare with."""
    size: int | None = None
    least: bool = False
    """Whether the figure is to be no less, instead of no more."""
    beside: str = ""
    """Whose figure it is compared with; empty for the same of the build before."""
    things: str = "objects"
    """What the size counts."""


@dataclass(frozen=True)
class Judged:
    """A target beside what was found."""

    target: Target
    figure: Figure
    before: Figure | None
    """The same of an earlier build."""
    peers: Sequence[Figure]
    """The same of other programs."""

    @property
    def met(self) -> bool | None:
        """Whether the target is met; None where that cannot be said."""
        if self.target.limit is None:
            return None
        if self.target.least:
            return self.figure.median >= self.target.limit
        return self.figure.median <= self.target.limit

    @property
    def share(self) -> float | None:
        """The figure by the limit."""
        limit = self.target.limit
        return None if not limit else self.figure.median / limit

    @property
    def gain(self) -> float | None:
        """How many times better than before."""
        if self.before is None:
            return None
        ratio = self.before.median / self.figure.median
        return 1 / ratio if self.target.least else ratio


@dataclass(frozen=True)
class Part:
    """One row of the issue's table, which can be measured by itself."""

    name: str
    """Its name on the command line."""
    date: str
    """When it was measured (ISO 8601, UTC)."""
    revision: str
    """Of this build; with ``+`` if files were changed."""
    base: str
    """The earlier build; empty for none."""
    load: float
    """The machine's load of the minute before."""
    took: float
    """Seconds."""
    figures: Sequence[Figure]
    targets: Sequence[Target]

    @classmethod
    def read(cls, document: dict[str, Any]) -> Part:
        """What ``asdict`` made of one."""
        figures = [Figure(**each) for each in document["figures"]]
        targets = [Target(**each) for each in document["targets"]]
        return cls(**(document | {"figures": figures, "targets": targets}))


@dataclass(frozen=True)
class Report:
    """A run."""

    machine: dict[str, str]
    """What it ran on, and versions of what was measured beside."""
    short: bool
    """Whether it was only a look: few sizes, one round."""
    parts: Sequence[Part] = field(default_factory=list)

    @classmethod
    def read(cls, file: Path) -> Report:
        """What :meth:`write` wrote."""
        document = json.loads(file.read_text("utf-8"))
        parts = [Part.read(each) for each in document["parts"]]
        return cls(document["machine"], document["short"], parts)

    def write(self, file: Path) -> None:
        """Write it as JSON, each target with what came of it."""
        document = asdict(self) | {"judged": [_shown(each) for each in self.judged]}
        text = json.dumps(document, indent=1, ensure_ascii=False)
        file.write_text(text + "\n", "utf-8")

    @property
    def figures(self) -> list[Figure]:
        """All figures."""
        return [figure for part in self.parts for figure in part.figures]

    @property
    def judged(self) -> list[Judged]:
        """Every target beside its figure."""
        return [each for part in self.parts for each in judge(part.figures, part.targets)]


def judge(figures: Sequence[Figure], targets: Iterable[Target]) -> Iterable[Judged]:
    """Each target beside the figures of its work and size."""
    for target in targets:
        same = {
            each.who: each
            for each in figures
            if (each.work, each.size) == (target.work, target.size)
        }
        before = same.get(target.beside or target.who.replace("now", "before", 1))
        peers = [each for name, each in same.items() if not name.startswith(("now", "before"))]
        yield Judged(target, same[target.who], before, peers)


def _shown(judged: Judged) -> dict[str, Any]:
    return {
        "work": judged.target.work,
        "size": judged.target.size,
        "who": judged.target.who,
        "unit": judged.figure.unit,
        "measured": judged.figure.median,
        "target": judged.target.words,
        "limit": judged.target.limit,
        "of the limit": judged.share,
        "met": judged.met,
        "before": judged.before.median if judged.before else None,
        "times better": judged.gain,
        "peers": {each.who: each.median for each in judged.peers},
    }

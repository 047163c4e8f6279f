"""The tables of ``make never-stuck``, from its cases: ``python -m never_stuck_page CASES [PAGE]``.

They go to stdout, and below the mark in PAGE. A case is a line of JSON, as ``check_each_step.py``
writes it.
"""

from __future__ import annotations

import json
import re
import sys
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from story_steps import WALKED

MISHAPS: Mapping[str, str] = {
    "pulled_out": "pulled out",
    "pulled_out_at_work": "amid work",
    "hung": "hangs",
    "stopped": "stopped",
    "closed": "closed",
    "closed_at_work": "amid work",
    "ended_at_work": "session ends",
    "killed": "killed",
    "killed_at_work": "amid work",
    "asleep": "asleep",
    "asleep_at_work": "amid work",
}
"""What heads their columns."""
MADE = "<!-- What follows is made by make never-stuck. -->\n"
ENDED = frozenset({"pulled_out", "pulled_out_at_work", "hung", "stopped"})
"""After these a page says how it ended."""


def table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A table of Markdown."""
    lines = [head, ["---", *("---:" for _ in head[1:])], *rows]
    return "\n".join("| " + " | ".join(str(cell) for cell in line) + " |" for line in lines) + "\n"


def counted(cases: Sequence[Mapping[str, str]], by: str, names: Iterable[str]) -> str:
    """How many cases there are for each name, and each thing that happens."""
    found = Counter((case[by], case["mishap"]) for case in cases)
    rows = []
    for name in names:
        numbers = [found[name, mishap] for mishap in MISHAPS]
        rows.append([name, *(number or "" for number in numbers), sum(numbers)])
    total = [sum(found[name, mishap] for name in names) for mishap in MISHAPS]
    return table([by, *MISHAPS.values(), "cases"], [*rows, ["", *total, sum(total)]])


def plain(said: str) -> str:
    """A sentence without what is another one on each computer."""
    said = re.sub(r"(?<=module )/\S+", "…", said)
    said = re.sub(r"/\S+|\b[0-9A-Fa-f]{8,}\b|\d\d:\d\d:\d\d", "…", said)
    return said.replace("|", "\\|").strip(": ")


def tables(cases: Sequence[Mapping[str, str]]) -> str:
    """What came of it.

    Args:
        cases: each with its scene, step, mishap and what was said.
    """
    steps = sorted({case["step"] for case in cases})
    told = (case["said"] for case in cases if case["mishap"] in ENDED and case["said"])
    said = Counter(map(plain, told)).most_common()
    scenes = [name for name in WALKED if name in {case["scene"] for case in cases}]
    parts = (
        f"{len(cases)} cases in {len(scenes)} scenes, at {len(steps)} steps.",
        "## By scene",
        counted(cases, "scene", scenes),
        "## By step",
        counted(cases, "step", steps),
        "## How they end",
        "Each sentence that was seen, with what is another one each time left out, and how often.",
        "\n".join(f"- {number} × {sentence}" for sentence, number in said) + "\n",
    )
    return "\n\n".join(part.rstrip("\n") for part in parts) + "\n"


def main(cases: Path, page: Path | None) -> None:
    """Print it, and put it at the end of the page."""
    made = tables([json.loads(line) for line in cases.read_text().splitlines()])
    sys.stdout.write(made)
    if page is not None:
        above = page.read_text().partition(MADE)[0]
        page.write_text(f"{above}{MADE}\n{made}")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]) if sys.argv[2:] else None)

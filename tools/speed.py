"""Write the page and the picture of how fast it is from what ``make bench ARGS=--page`` measured.

``--check`` writes nothing, and only compares.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

ROOT = Path(__file__).parent.parent
sys.path.append(str(ROOT / "tests" / "benchmarks" / "support"))

import bench_table  # noqa: E402  # its folder is added above
from bench_figures import Part, Report  # noqa: E402  # the same
from bench_svg import Line, Look, Panel, drawn  # noqa: E402  # the same

PAGE = ROOT / "docs" / "explanation" / "speed.md"
PICTURE, RESULTS = PAGE.with_suffix(".svg"), PAGE.with_suffix(".json")
_BLUE, _GREY = ("#0969da", "#58a6ff"), ("#8c959f", "#848d97")
_LOOKS = {
    "now/python-pkcs11": ("lockwright, python-pkcs11", Look(*_BLUE, "circle")),
    "now/pykcs11": ("lockwright, PyKCS11", Look(*_BLUE, "circle", dashed=True)),
    "before/python-pkcs11": ("before, python-pkcs11", Look(*_GREY, "square")),
    "before/pykcs11": ("before, PyKCS11", Look(*_GREY, "square", dashed=True)),
    "pkcs11-tool": ("pkcs11-tool", Look("#bc4c00", "#f0883e", "diamond")),
    "p11tool": ("p11tool", Look("#8250df", "#bc8cff", "triangle")),
    "raw PyKCS11": ("a short PyKCS11 script", Look("#1a7f37", "#3fb950", "diamond", dashed=True)),
}
"""What draws a line, by whose it is."""
_CALLS, _SECONDS = "list --login, calls", "list --login, 2 ms a call"
SHORTFALLS: Mapping[str, str] = {
    "tokens on one SoftHSM, processor time": (
        "it takes about half, now a little more and now a little less. Of some 135 ms `python -X "
        "importtime` gives 10 to the interpreter, 24 to click and what it needs, 24 to the "
        "contract and the session port, 7 to the adapters of two vendors and 4 to platformdirs; "
        "the module and its binding take 20, as the PyKCS11 script shows"
    ),
}
"""What a profile says of a work that misses its target; shown while it does."""
_RUN = ("part", "measured", "revision", "before", "load", "seconds")
_PAGE = """\
# How fast it is

<!-- Written by tools/speed.py from speed.json, which `make bench` wrote. -->

A call to a USB token takes 2 to 30 ms, so calls are what people wait for. `make bench` measures
them, and the rest of what is waited for, beside other programs that do the same on the same
token{beside}. How calls became few is told in [decision 30](../adr/0030-calls.md).

![{about}](speed.svg)

{head}

{table}

{missed}- Tokens are simulated ([how](../reference/simulator.md)): beneath is a SoftHSM, and each
  call takes the time that is said. Calls are counted by the module, from the start of a command to
  its end. Three objects are a container.
- Share: the measured value divided by the target; more is better only where the target says "at
  least". Of several rounds the median is told, with the least and the most where they differ.
- The other programs list all that they show after a login: `pkcs11-tool -O --login`,
  `p11tool --list-all --login`, and a script of twenty lines over PyKCS11. Several are measured at
  once, since each sleeps for its token nearly all the time; lockwright is measured alone.
- The processor time of a command is that of all processes that it starts.
- The ledger is measured in memory. What the disk takes to keep an answer comes on top, and is the
  disk's: `tests/benchmarks/ledger.py` shows both together.

## How it was measured

{runs}

On {machine}.

`make bench` makes the table again, `make bench BASE=rev` beside that revision, built once.
`ARGS="list tokens"` measures parts, `ARGS=--short` takes a look, `ARGS=--page` writes this page.
All that was measured, round by round, is in [speed.json](speed.json).
"""


def main() -> int:
    """Check page and picture or write them; 0 if all is well."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing, only compare")
    given = parser.parse_args()
    report = Report.read(RESULTS)
    if not given.check:
        write(report)
        return 0
    stale = [file for file, text in files(report).items() if file.read_text("utf-8") != text]
    for file in stale:
        print(f"{file.relative_to(ROOT)} is out of date: tools/speed.py", file=sys.stderr)
    return int(bool(stale))


def write(report: Report) -> None:
    """Write the page and the picture."""
    for file, text in files(report).items():
        file.write_text(text, "utf-8")


def files(report: Report) -> dict[Path, str]:
    """What each file is to hold."""
    return {PAGE: page(report), PICTURE: picture(report)}


def picture(report: Report) -> str:
    """Calls and seconds of a listing over the objects on the token."""
    panels = [
        Panel(title, "objects on the token", _lines(report, work))
        for title, work in (("calls", _CALLS), ("seconds, at 2 ms a call", _SECONDS))
    ]
    return drawn(panels, "Calls and seconds of a listing over the objects on the token")


def _lines(report: Report, work: str) -> list[Line]:
    lines = []
    for who, (name, look) in _LOOKS.items():
        found = [each for each in report.figures if (each.work, each.who) == (work, who)]
        if found:
            points = [(each.size or 0, each.median) for each in found]
            lines.append(Line(name, look, sorted(points)))
    return lines


def page(report: Report) -> str:
    """The page."""
    bases = {each.base for each in report.parts} - {""}
    return _PAGE.format(
        beside=f" and beside the build of {', '.join(sorted(bases))}" if bases else "",
        about="Calls and seconds of a listing over the objects on the token",
        head=bench_table.summary(report),
        missed="".join(_missed(report)),
        table=_table([bench_table.HEAD, *bench_table.rows(report)]),
        runs=_table([_RUN, *(_run(each) for each in report.parts)]),
        machine=", ".join(f"{name} {value}" for name, value in report.machine.items()),
    )


def _missed(report: Report) -> Iterator[str]:
    """Why targets are missed."""
    missed = {each.target.work: None for each in report.judged if each.met is False}
    if missed:
        yield "## What is missed, and why\n\n"
        for work in missed:
            yield f"- {work}: {SHORTFALLS.get(work, 'not explained yet')}\n"
        yield "\n## What was done\n\n"


def _run(part: Part) -> tuple[str, ...]:
    took = f"{part.took:.0f}"
    return (part.name, part.date, part.revision, part.base or "-", f"{part.load:.1f}", took)


def _table(rows: Sequence[Sequence[str]]) -> str:
    head, *others = (f"| {' | '.join(row)} |" for row in rows)
    return "\n".join([head, "|" + "---|" * len(rows[0]), *others])


if __name__ == "__main__":
    sys.exit(main())

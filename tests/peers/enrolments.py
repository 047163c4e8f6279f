"""Enrolment at every peer, case by case: what comes of it, and how many tests hold it.

``make enrolments`` runs the tests and writes ``docs/explanation/peers-of-enrolment.md``; it ends
with 1 if one of them fails.
"""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import pytest
from enrolment_row import Row
from rows_at_desk import EVERYWHERE, OTHERS
from rows_at_est import AT_OUR_DESK, SERVERS
from rows_at_libest import KNOWN
from rows_at_openssl import ANSWERED, ASKED, CERTIFICATES

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "explanation" / "peers-of-enrolment.md"
PARTS = {
    "Our CMP client at `openssl cmp`": (ASKED, ANSWERED, CERTIFICATES),
    "EST": (SERVERS, KNOWN, AT_OUR_DESK, OTHERS),
    "What holds at all of them": (EVERYWHERE,),
}
ROWS = [row for sections in PARTS.values() for section in sections for row in section.rows]
_HEAD = """\
# Peers of enrolment

Which programs lockwright's clients and the desk were tried with, in which cases, and what comes of
it. `make enrolments` ran the tests that are named and made this page on {date}: {rows} rows,
{cases} cases, {wrong} wrong. Each runs in every `make test`, too.

| program | version |
|---|---|
{programs}

cisco/libest and GlobalSign's est are not packaged; both issued when they were tried by hand, and
what is known of them stands in servers and clients of the tests. No other CA was run: EJBCA,
Dogtag, OpenXPKI and step-ca are not packaged either, and Microsoft's and CryptoPro's are not free.
Try yours with a token that may be lost.

In the tables *cases* is how many cases of the row were run, each a test of its own, and *held by*
names the tests: what is told there stays so, or they fail.
"""
_PROGRAMS = {
    "openssl": ("openssl", "version"),
    "curl": ("curl", "--version"),
    "pki (strongSwan)": ("pki", "--version"),
    "nginx": ("nginx", "-v"),
}


@dataclass(frozen=True)
class Count:
    """Cases of a row."""

    passed: int = 0
    wrong: int = 0
    """Failed, or named and not there."""
    skipped: int = 0
    """Not run, since what they need is not here."""

    def __str__(self) -> str:
        """As the page has it: a number alone if nothing is wrong."""
        parts = [f"{self.passed}" if self.passed else ""]
        parts += [f"**{self.wrong} wrong**"] if self.wrong else []
        parts += [f"{self.skipped} not run here"] if self.skipped else []
        return ", ".join(filter(None, parts))


@dataclass(eq=False)
class Outcomes:
    """What became of each case; a plugin of pytest."""

    passed: set[str] = field(default_factory=set)
    failed: set[str] = field(default_factory=set)
    skipped: set[str] = field(default_factory=set)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Note it."""
        if report.failed:
            self.failed.add(report.nodeid)
        elif report.skipped:
            self.skipped.add(report.nodeid)
        elif report.when == "call":
            self.passed.add(report.nodeid)

    @property
    def everything(self) -> set[str]:
        """Every case that there is."""
        return self.passed | self.failed | self.skipped

    def of(self, row: Row) -> Count:
        """Those of a row."""
        its = [{case for case in self.everything if held.covers(case)} for held in row.held]
        cases: set[str] = set().union(*its)
        missing = sum(not each for each in its)
        return Count(
            len(cases & self.passed - self.failed),
            len(cases & self.failed) + missing,
            len(cases & self.skipped),
        )

    def wrong(self) -> int:
        """How many cases are wrong, row by row."""
        return sum(self.of(row).wrong for row in ROWS)


def run(options: Sequence[str]) -> Outcomes:
    """Run every test that is named.

    Args:
        options: further ones for pytest.
    """
    outcomes = Outcomes()
    nodes = sorted({held.node for row in ROWS for held in row.held})
    usual = ("-q", "-p", "no:cacheprovider", "--rootdir", str(ROOT))
    pytest.main([*usual, *options, *(str(ROOT / node) for node in nodes)], plugins=[outcomes])
    return outcomes


def page(outcomes: Outcomes) -> str:
    """The page that tells it."""
    text = _HEAD.format(
        date=datetime.now(UTC).date(),
        rows=len(ROWS),
        cases=len(outcomes.everything),
        wrong=outcomes.wrong(),
        programs="\n".join(f"| {name} | {_version(*how)} |" for name, how in _PROGRAMS.items()),
    )
    return text + "".join(_parts(outcomes))


def _parts(outcomes: Outcomes) -> Iterator[str]:
    for title, sections in PARTS.items():
        yield f"\n## {title}\n"
        for section in sections:
            yield f"\n### {section.title}\n\n{section.text}\n\n"
            yield "| case | what comes of it | cases | held by |\n|---|---|---|---|\n"
            for row in section.rows:
                yield f"| {row.case} | {row.result} | {outcomes.of(row)} | {row.names} |\n"


def _version(*command: str) -> str:
    """The first line with a version in what a program says of itself."""
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # fixed
    lines = (done.stdout + done.stderr).splitlines()
    return next(line for line in lines if re.search(r"\d\.\d", line)).partition(" (")[0]


def main() -> int:
    """Run all, write the page and print its counts; 1 if something is wrong."""
    outcomes = run(sys.argv[1:])
    PAGE.write_text(page(outcomes), "utf-8")
    for row in ROWS:
        print(f"{str(outcomes.of(row)) or '-':>4}  {row.case}: {row.result}")
    print(f"{len(ROWS)} rows, wrong: {outcomes.wrong()}")
    return int(outcomes.wrong() > 0)


if __name__ == "__main__":
    sys.exit(main())

"""The table in docs/explanation/peers-of-enrolment.md tells of its rows, and all of them hold."""

from __future__ import annotations

import re
from pathlib import Path

from enrolments import PAGE, ROOT, ROWS

LINE = re.compile(
    r"^\| (?P<case>.+?) \| (?P<result>.+?) \| (?P<cases>(?:\d[^*|]*)?) \| (?P<held>.*?) \|$",
    re.MULTILINE,
)


def functions(file: Path) -> set[str]:
    return set(re.findall(r"^def (test_\w+)", file.read_text("utf-8"), re.MULTILINE))


def test_every_test_that_holds_a_row_is_there() -> None:
    held = [each for row in ROWS for each in row.held]
    missing = [each for each in held if each.name not in functions(ROOT / each.file)]

    assert len(held) > 100
    assert missing == []


def test_the_page_tells_of_every_row_and_of_none_that_does_not_hold() -> None:
    """Where a case did not pass, its count is printed bold: such a row is not found here."""
    told = [
        (found["case"], found["result"], found["held"], found["cases"] != "")
        for found in LINE.finditer(PAGE.read_text("utf-8"))
    ]

    assert told == [(row.case, row.result, row.names, bool(row.held)) for row in ROWS]

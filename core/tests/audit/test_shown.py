"""The audit trail is shown and given out, with filters, whatever is in it."""

from __future__ import annotations

import csv
import io
import json
import uuid
from pathlib import Path

import pytest
from lockwright.audit import AuditTrail
from lockwright_testkit.program import Program

RED, RIGHT_TO_LEFT = "\x1b[31m", "\u202e"


def add(trail: AuditTrail, hook: str, error: str | None = "", **facts: object) -> None:
    """An operation: ``error`` is a code, empty for one that ended well, None for no end."""
    about: dict[str, object] = {"hook": hook, "id": uuid.uuid4().hex, "who": {"user": "desk"}}
    records: list[dict[str, object]] = [{**about, "event": "intent", "facts": facts}]
    if error is not None:
        ended = {"outcome": "error", "error": error} if error else {"outcome": "ok"}
        records.append({**about, "event": "outcome", **ended})
    trail.append_all(records)


@pytest.fixture
def program(tmp_path: Path) -> Program:
    return Program(tmp_path)


@pytest.fixture
def kept(trail: AuditTrail, file: Path) -> Path:
    """A trail with something of everything."""
    add(trail, "desk_case", client="Анна Ёлкина", case="4711", by="ольга")
    add(trail, "desk_answer", client="Анна Ёлкина", case="4711", by="Ольга", serials=["AB01"])
    with file.open("ab") as opened:
        opened.write(b'{"event":"intent","hook":"desk_an')
    add(trail, "desk_answer", "limit-reached", client=f"{RED}=HYPERLINK{RIGHT_TO_LEFT}", by="пётр")
    add(trail, "desk_enroll", None, login="14711")
    return file


@pytest.mark.parametrize(
    ("options", "shown"),
    [
        ((), ["desk_case", "desk_answer", "torn", "desk_answer", "desk_enroll"]),
        (("--hook", "desk_answer"), ["desk_answer", "desk_answer"]),
        (("--who", "ОЛЬГА"), ["desk_case", "desk_answer"]),
        (("--who", "desk"), []),
        (("--about", "ab01"), ["desk_answer"]),
        (("--about", "4711"), ["desk_case", "desk_answer"]),
        (("--about", "Анна"), []),
        (("--text", "ёлкина"), ["desk_case", "desk_answer"]),
        (("--outcome", "ok"), ["desk_case", "desk_answer"]),
        (("--outcome", "failed"), ["desk_answer"]),
        (("--outcome", "limit-reached"), ["desk_answer"]),
        (("--outcome", "open"), ["desk_enroll"]),
        (("--since", "2020-01-01", "--until", "2020-12-31"), []),
        (("--since", "2020-01-01T00:00+03:00", "--count", "1"), ["desk_enroll"]),
    ],
)
def test_show_has_what_is_asked_for_the_newest_last(
    program: Program, kept: Path, options: tuple[str, ...], shown: list[str]
) -> None:
    ended = program.run("audit", "show", "--file", str(kept), *options, "--json")

    assert ended.code == 0, ended.err
    assert [each["hook"] for each in ended.document["operations"]] == shown


def test_a_table_shows_names_of_any_language_and_nothing_that_acts_on_the_terminal(
    program: Program, kept: Path
) -> None:
    ended = program.run("audit", "show", "--file", str(kept))
    none = program.run("audit", "show", "--file", str(kept), "--about", "nobody")

    assert "Анна Ёлкина" in ended.out
    assert "limit-reached" in ended.out
    assert "no end on record" in ended.out
    assert RED not in ended.out
    assert RIGHT_TO_LEFT not in ended.out
    assert none.out == "No operation fits.\n"


def test_lines_that_are_given_out_are_those_of_the_trail_and_whole_operations(
    program: Program, kept: Path
) -> None:
    """Whether an operation failed is known at its end; its beginning belongs to it."""
    everything = program.run("audit", "export", "--file", str(kept))
    failed = program.run("audit", "export", "--file", str(kept), "--outcome", "failed")

    trail = kept.read_text(encoding="utf-8").splitlines()
    assert everything.out.splitlines() == [line for line in trail if line.endswith("}")]
    assert [json.loads(line)["seq"] for line in failed.out.splitlines()] == [6, 7]


def test_a_cell_of_csv_is_no_formula(program: Program, trail: AuditTrail, file: Path) -> None:
    add(trail, "=1+1", by="@СУММ(A1)")
    add(trail, "desk_answer", by='Анна "А";\r\n')

    ended = program.run("audit", "export", "--csv", "--file", str(file))

    rows = list(csv.DictReader(io.StringIO(ended.out)))
    assert [row["hook"] for row in rows] == ["'=1+1", "'=1+1", "desk_answer", "desk_answer"]
    assert rows[0]["who"] == "'@СУММ(A1)"
    assert rows[2]["who"].startswith('Анна "А";')


@pytest.mark.parametrize(
    ("options", "code", "told"),
    [
        (("--since", "yesterday"), 2, "--since: yesterday is no day such as 2026-12-01"),
        (("--until", "2026-13-01"), 2, "--until: 2026-13-01 is no day"),
        (("--file", "nowhere.jsonl"), 13, "there is no such file"),
    ],
)
def test_what_cannot_be_given_out_is_told(
    program: Program, kept: Path, options: tuple[str, ...], code: int, told: str
) -> None:
    ended = program.run("audit", "export", "--file", str(kept), *options)

    assert ended.code == code
    assert told in ended.err
    assert ended.out == ""


def test_a_trail_that_somebody_wrote_into_is_still_shown(program: Program, file: Path) -> None:
    file.parent.mkdir()
    file.write_text(
        '{"seq":1,"event":["intent"],"id":["x"],"hook":{},"who":5,"facts":"x","time":7}\n'
        '{"seq":2,"event":"outcome","id":{},"outcome":["ok"],"token":{"serial":[1]}}\n'
        "[1]\n\xff\n"
        '{"seq":3,"event":"intent","id":"1","facts":{"by":["a"],"deep":[[{"a":"b"}]]}}\n',
        encoding="latin-1",
    )

    shown = program.run("audit", "show", "--file", str(file))
    found = program.run("audit", "export", "--csv", "--about", "b", "--file", str(file))

    assert shown.code == 0, shown.err
    assert len(shown.out.splitlines()) > 3
    assert len(list(csv.DictReader(io.StringIO(found.out)))) == 1

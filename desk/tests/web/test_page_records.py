"""The audit trail and the statistics at the page."""

from __future__ import annotations

import csv
import io
import json
import re
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import pytest
from help_desk import ANNA, AUDITOR, EASY, new_request
from lockwright.audit.reading import newest
from lockwright.audit.wanted import Wanted
from lockwright.spoken import request_check, spell
from lockwright_desk.audit.recorder import Recorder
from lockwright_desk.helpdesk.states import Act
from lockwright_desk.helpdesk.statistics import statistics
from lockwright_desk.signin.roles import Role
from lockwright_desk.store.tables.cases import Way
from lockwright_desk.web import pictures
from page_desk import PageBrowser, PageDesk, text_of


@pytest.fixture
def auditor(pages: PageDesk) -> PageBrowser:
    """The browser of an auditor."""
    return pages.browser("gleb", Role.AUDITOR)


def recorded(file: Path, count: int) -> Path:
    """A trail of some operations, each of a case of its own."""
    audit = Recorder(file)
    for number in range(count):
        with audit.operation("desk_case_open", operator="anna", case=f"{number:08}") as result:
            result["state"] = "open"
    return file


def test_operations_are_shown_with_their_ends_the_newest_first(tmp_path: Path) -> None:
    file = recorded(tmp_path / "audit.jsonl", 3)

    part = newest(file, Wanted())

    assert [each.facts["case"] for each in part.operations] == ["00000002", "00000001", "00000000"]
    assert {(each.person, each.outcome) for each in part.operations} == {("anna", "ok")}
    assert part.before is None


def test_pages_of_a_trail_have_every_operation_once(tmp_path: Path) -> None:
    file = recorded(tmp_path / "audit.jsonl", 25)
    seen, before = [], None

    while True:
        part = newest(file, Wanted(), before=before, most=7)
        seen += [each.facts["case"] for each in part.operations]
        assert {each.outcome for each in part.operations} <= {"ok"}
        before = part.before
        if before is None:
            break

    assert seen == [f"{number:08}" for number in reversed(range(25))]


def test_an_operation_without_an_end_says_so(tmp_path: Path) -> None:
    audit = Recorder(tmp_path / "audit.jsonl")
    with audit.operation("desk_one", operator="anna"):
        with audit.operation("desk_two", operator="boris"):
            pass
        inside = newest(tmp_path / "audit.jsonl", Wanted())

    assert [(each.hook, each.outcome) for each in inside.operations] == [
        ("desk_two", "ok"),
        ("desk_one", None),
    ]


def test_what_a_crash_has_cut_short_is_passed_over(tmp_path: Path) -> None:
    file = recorded(tmp_path / "audit.jsonl", 2)
    whole = file.read_bytes()
    file.write_bytes(whole[:-40])

    part = newest(file, Wanted())

    assert [each.outcome for each in part.operations] == [None, "ok"]


def test_filters_find_by_operation_word_and_day(tmp_path: Path) -> None:
    file = recorded(tmp_path / "audit.jsonl", 5)
    with Recorder(file).operation("desk_sign_in", operator="Борис"):
        pass
    (first, *_rest) = newest(file, Wanted()).operations
    today = date.fromisoformat(first.time[:10])

    assert len(newest(file, Wanted(hook="desk_sign_in")).operations) == 1
    assert len(newest(file, Wanted(text="борис")).operations) == 1
    assert len(newest(file, Wanted(text="00000003")).operations) == 1
    assert newest(tmp_path / "none.jsonl", Wanted()).operations == ()
    tomorrow = datetime.combine(today + timedelta(days=1), time(), UTC)
    assert newest(file, Wanted(since=tomorrow)).operations == ()
    assert newest(file, Wanted(until=tomorrow)).operations != ()


def test_the_auditor_takes_away_what_the_filters_show(
    pages: PageDesk, auditor: PageBrowser
) -> None:
    case = pages.bench.desk.open(ANNA, pages.bench.token(), Way.DICTATED)

    lines = auditor.submit("/desk/audit/export", {"text": case.number, "form": "jsonl"})
    table = auditor.submit("/desk/audit/export", {"text": case.number, "form": "csv"})

    records = [json.loads(each) for each in lines.body.splitlines()]
    assert [each["hook"] for each in records][:1] == ["desk_case_open"]
    assert {each["event"] for each in records} == {"intent", "outcome"}
    assert set(lines.body.splitlines()) <= set(pages.settings.audit.read_bytes().splitlines())
    rows = [each["hook"] for each in csv.DictReader(io.StringIO(table.body.decode()))]
    assert rows[: len(records)] == [each["hook"] for each in records]
    assert set(rows[len(records) :]) == {"desk_audit_export"}  # the first one, on record by now
    assert "attachment" in lines.headers["content-disposition"]


def test_a_cell_of_the_table_is_no_formula(pages: PageDesk, auditor: PageBrowser) -> None:
    with pages.bench.audit.operation("=HYPERLINK(1)", operator="x"):
        pass

    table = auditor.submit("/desk/audit/export", {"hook": "=HYPERLINK(1)", "form": "csv"})

    rows = list(csv.DictReader(io.StringIO(table.body.decode())))
    assert {each["hook"] for each in rows} == {"'=HYPERLINK(1)"}


def test_statistics_count_unblocks_by_day_vendor_and_reason(page_desk: PageDesk) -> None:
    bench = page_desk.bench
    for days, outcome in ((9, Act.WORKED), (2, Act.WORKED), (2, Act.FAILED), (0, Act.WORKED)):
        bench.now = page_desk.clock() - timedelta(days=days)
        request = new_request()
        case = bench.desk.take_request(ANNA, bench.verified().at, spell(request)).case
        words = request_check(case.token.serial, request).words("en")
        case = bench.desk.hear_words(ANNA, case.at, words)
        case = bench.desk.give_grounds(ANNA, case.at, "забыл PIN", "INC-1")
        bench.now += timedelta(minutes=days)
        bench.desk.answer(ANNA, case.at).wipe()
        bench.desk.close(ANNA, bench.desk.case(AUDITOR, case.number).at, outcome)
    today = page_desk.clock().date()

    found = statistics(
        page_desk.database, AUDITOR, today - timedelta(days=6), today, EASY.hours.zone
    )

    assert found.total == 3
    assert [count for _day, count in found.days] == [0, 0, 0, 0, 2, 0, 1]
    assert [(each.name, each.count) for each in found.vendors] == [("jacarta", 3)]
    assert [(each.name, each.count) for each in found.reasons] == [("забыл PIN", 3)]
    assert found.median == timedelta(minutes=1)
    assert found.timed == 2
    page = page_desk.browser("gleb", Role.AUDITOR).get("/desk/statistics")
    assert "4" in text_of(page)
    assert len(re.findall(r"<rect", page.body.decode())) == 30 + 2
    assert len(re.findall(r"<title", page.body.decode())) == 1 + 1 + 30 + 2


def test_days_that_make_no_sense_are_put_right(pages: PageDesk, auditor: PageBrowser) -> None:
    for said in ("since=2030-01-01", "until=1990-01-01", "since=x&until=y", "until=0001-01-01"):
        for page in ("statistics", "audit"):
            assert auditor.get(f"/desk/{page}?{said}").status == 200, said


def test_a_picture_has_a_round_top(pages: PageDesk) -> None:
    assert [pictures.round_up(most) for most in (0, 1, 2, 3, 7, 11, 40, 99, 101)] == [
        *(1, 1, 2, 10, 10, 20, 50, 100, 200),
    ]

"""The audit trail and the statistics at the page."""

from __future__ import annotations

import csv
import html
import io
import json
import re
from datetime import UTC, date, datetime, timedelta
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

import pytest
from help_desk import ANNA, AUDITOR, EASY, Bench, new_request
from lockwright.spoken import request_check, spell
from lockwright_desk.helpdesk.refusals import NotYet
from lockwright_desk.helpdesk.states import Act
from lockwright_desk.helpdesk.statistics import statistics
from lockwright_desk.signin.roles import Role
from lockwright_desk.store.tables.cases import Way
from lockwright_desk.web import pictures
from page_desk import PageBrowser, PageDesk
from sign_in_desk import Reply


@pytest.fixture
def auditor(pages: PageDesk) -> PageBrowser:
    """The browser of an auditor."""
    return pages.browser("gleb", Role.AUDITOR)


def rows_of(reply: Reply) -> list[str]:
    """What the rows of a page's table say, each on one line."""
    body = re.search(r"<tbody>(.*?)</tbody>", reply.body.decode(), re.DOTALL)
    rows = re.findall(r"<tr>(.*?)</tr>", body[1], re.DOTALL) if body else []
    return [" ".join(html.unescape(re.sub(r"<[^>]*>", " ", row)).split()) for row in rows]


def older(reply: Reply) -> str | None:
    """Where a page goes on."""
    found = re.search(r'<a href="([^"]+)" rel="next">', reply.body.decode())
    return html.unescape(found[1]) if found else None


def test_every_operation_is_on_one_page_the_newest_first(
    pages: PageDesk, auditor: PageBrowser
) -> None:
    for number in range(60):
        with pages.bench.audit.operation("desk_tried", operator="anna", case=f"№{number:03}"):
            pass
    seen: list[str] = []

    place: str | None = "/desk/audit?hook=desk_tried"
    while place is not None:
        page = auditor.get(place)
        seen += rows_of(page)
        place = older(page)

    numbers = [int(number) for row in seen for number in re.findall(r"№(\d+)", row)]
    assert numbers == list(range(59, -1, -1))
    assert all(" anna " in row and " done " in row for row in seen)


def test_an_operation_without_an_end_says_so(pages: PageDesk, auditor: PageBrowser) -> None:
    with pages.bench.audit.operation("desk_goes_on", operator="anna"):
        inside = rows_of(auditor.get("/desk/audit?hook=desk_goes_on"))

    assert "no end on record" in inside[0]
    assert "done" in rows_of(auditor.get("/desk/audit?hook=desk_goes_on"))[0]


def test_what_was_refused_says_why(pages: PageDesk, auditor: PageBrowser) -> None:
    with pytest.raises(NotYet), pages.bench.audit.operation("desk_refused", operator="anna"):
        raise NotYet(missing="x")

    assert NotYet.code in rows_of(auditor.get("/desk/audit?hook=desk_refused"))[0]


def test_what_a_crash_has_cut_short_is_passed_over(page_desk: PageDesk) -> None:
    browser = page_desk.browser("gleb", Role.AUDITOR)
    file = page_desk.settings.audit
    file.write_bytes(file.read_bytes()[:-40])

    first, *others = rows_of(browser.get("/desk/audit"))

    assert "no end on record" in first
    assert others
    assert all("done" in row for row in others)


def test_filters_find_by_operation_word_and_day(pages: PageDesk, auditor: PageBrowser) -> None:
    with pages.bench.audit.operation("desk_filtered", operator="Борис", ticket="INC-77"):
        pass
    (row,) = rows_of(auditor.get("/desk/audit?hook=desk_filtered"))
    day = re.search(r"\d{4}-\d\d-\d\d", row)
    assert day is not None
    tomorrow = date.fromisoformat(day[0]) + timedelta(days=1)

    def found(**query: object) -> bool:
        said = urlencode({"hook": "desk_filtered", **query})
        return row in rows_of(auditor.get(f"/desk/audit?{said}"))

    assert found(text="борис")
    assert found(text="inc-77")
    assert found(since=day[0], until=day[0])
    assert not found(text="INC-78")
    assert not found(since=tomorrow)
    assert not found(until=tomorrow - timedelta(days=2))


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


def unblocked(bench: Bench, days: int, outcome: Act) -> None:
    """A call of some days before, which took as many minutes."""
    now, request = bench.now, new_request()
    bench.now = now - timedelta(days=days)
    case = bench.desk.take_request(ANNA, bench.verified().at, spell(request)).case
    words = request_check(case.token.serial, request).words("en")
    case = bench.desk.hear_words(ANNA, case.at, words)
    case = bench.desk.give_grounds(ANNA, case.at, "забыл PIN", "INC-1")
    bench.now += timedelta(minutes=days)
    bench.desk.answer(ANNA, case.at).wipe()
    bench.desk.close(ANNA, bench.desk.case(AUDITOR, case.number).at, outcome)
    bench.now = now


def test_statistics_count_unblocks_by_day_vendor_and_reason(either_bench: Bench) -> None:
    either_bench.now = datetime(2040, 3, 20, 12, tzinfo=UTC)  # no other test's
    for days, outcome in ((9, Act.WORKED), (2, Act.WORKED), (2, Act.FAILED), (0, Act.WORKED)):
        unblocked(either_bench, days, outcome)
    today = either_bench.now.date()

    found = statistics(
        either_bench.database, AUDITOR, today - timedelta(days=6), today, EASY.hours.zone
    )

    assert found.total == 3
    assert [count for _day, count in found.days] == [0, 0, 0, 0, 2, 0, 1]
    assert [(each.name, each.count) for each in found.vendors] == [("jacarta", 3)]
    assert [(each.name, each.count) for each in found.reasons] == [("забыл PIN", 3)]
    assert found.median == timedelta(minutes=1)
    assert found.timed == 2


def test_a_day_begins_at_the_banks_midnight(either_bench: Bench) -> None:
    either_bench.now = datetime(2041, 3, 20, 21, 30, tzinfo=UTC)
    unblocked(either_bench, 0, Act.WORKED)
    days = date(2041, 3, 20), date(2041, 3, 21)

    moscow = statistics(either_bench.database, AUDITOR, *days, ZoneInfo("Europe/Moscow"))
    london = statistics(either_bench.database, AUDITOR, *days, ZoneInfo("UTC"))

    assert [count for _day, count in moscow.days] == [0, 1]
    assert [count for _day, count in london.days] == [1, 0]


def test_each_picture_has_its_words_and_a_table_beside_it(page_desk: PageDesk) -> None:
    unblocked(page_desk.bench, 1, Act.WORKED)

    page = page_desk.browser("gleb", Role.AUDITOR).get("/desk/statistics").body.decode()

    assert len(re.findall(r"<rect", page)) == 30 + 2
    assert len(re.findall(r"<title", page)) == 1 + 1 + 30 + 2
    assert len(re.findall(r"<svg[^>]* role=.img.", page)) == 3
    assert len(re.findall(r"<table", page)) == 3


def test_days_that_make_no_sense_are_put_right(pages: PageDesk, auditor: PageBrowser) -> None:
    for said in ("since=2030-01-01", "until=1990-01-01", "since=x&until=y", "until=0001-01-01"):
        for page in ("statistics", "audit"):
            assert auditor.get(f"/desk/{page}?{said}").status == 200, said


def test_a_picture_has_a_round_top(pages: PageDesk) -> None:
    assert [pictures.round_up(most) for most in (0, 1, 2, 3, 7, 11, 40, 99, 101)] == [
        *(1, 1, 2, 10, 10, 20, 50, 100, 200),
    ]

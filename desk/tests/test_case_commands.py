"""Cases and alerts at a terminal, and notices that a command sends."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from io import StringIO
from itertools import product

import pytest
from desk_home import Home
from help_desk import ANNA, BORIS, Bench
from lockwright.console.grid import Grid
from lockwright.console.screen import Console
from lockwright.console.wrapping import cells
from lockwright.i18n import speaking
from lockwright_desk import clock
from lockwright_desk.cli import case_tables
from lockwright_desk.cli.who import administrator
from lockwright_desk.configuration.helpdesk import HoursSettings, SecondSettings
from lockwright_desk.enrolment.desk import Desk
from lockwright_desk.helpdesk.states import Act
from lockwright_desk.helpdesk.views import CaseSeen, Filters
from lockwright_desk.serving.halves import sending_of
from lockwright_desk.store.database import Database
from lockwright_desk.store.tables.cases import Case, Notice, Way
from lockwright_testkit.widths import LANGUAGES, WIDTHS
from on_line import Window
from sqlalchemy import select

HELPDESK = """
[helpdesk.notices.smtp]
host = "localhost"
port = 1
from = "desk@bank.example"
"""
NAME = "Анна Петровна Долгорукова"


@dataclass(frozen=True)
class Shown:
    """A desk in which something has happened."""

    home: Home
    bench: Bench
    open: CaseSeen
    waiting: CaseSeen
    closed: CaseSeen


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shown]:
    home = Home(tmp_path_factory.mktemp("cases"), extra=HELPDESK)
    ended = home.init()
    assert ended.code == 0, ended.err
    with closing(Database(home.settings.database)) as database:
        bench = Bench(database, tmp_path_factory.mktemp("trail"), now=clock.now())
        assert home.settings.helpdesk is not None
        bench.set(hours=HoursSettings(days=frozenset()), notices=home.settings.helpdesk.notices)
        opened = bench.desk.open(ANNA, bench.token(bench.client(name=NAME)), Way.LINE)
        closed = bench.closed(outcome=Act.FAILED)
        bench.set(second=SecondSettings(month=0))
        yield Shown(home, bench, opened, bench.ready(who=BORIS), closed)


def test_what_is_not_closed_is_listed_the_newest_first(shown: Shown) -> None:
    document = shown.home.run("cases", "list", "--json").document

    assert [each["number"] for each in document["cases"]] == [
        shown.waiting.number,
        shown.open.number,
    ]
    assert document["next"] is None
    assert document["cases"][1]["client"]["name"] == NAME
    told = shown.home.run("cases", "list").out
    assert shown.open.spoken in told
    assert shown.closed.spoken not in told


def test_a_list_is_narrowed_and_read_page_by_page(shown: Shown) -> None:
    def numbers(*options: str) -> list[str]:
        document = shown.home.run("cases", "list", "--json", *options).document
        return [each["number"] for each in document["cases"]]

    assert numbers("--state", "failed") == [shown.closed.number]
    assert numbers("--operator", "boris") == [shown.waiting.number]
    assert len(numbers("--all")) == 3
    page = shown.home.run("cases", "list", "--all", "--count", "1")
    [key] = re.findall(r"--after (\d+)", page.err + page.out)
    assert numbers("--all", "--count", "1", "--after", key) == [shown.closed.number]


def test_a_case_is_shown_with_what_was_done_in_it(shown: Shown) -> None:
    told = shown.home.run("cases", "show", shown.waiting.spoken, "--lang", "ru").out
    document = shown.home.run("cases", "show", shown.waiting.number, "--json").document

    assert "забыл PIN" in told
    assert "INC-4711" in told
    assert "ждёт второго" in told
    assert document["state"] == "waiting"
    assert [each["act"] for each in document["history"]][-1] == "give-grounds"
    assert document["history"][-1]["facts"]["second"] == document["second"]


def test_a_case_that_is_not_there_is_told_with_what_to_do(shown: Shown) -> None:
    ended = shown.home.run("cases", "show", "1")

    assert ended.code == 30
    assert "lockwright-desk cases list" in ended.err
    assert "no case 1000-0001." in shown.home.run("cases", "show", "10000001").err


def test_alerts_are_listed_until_they_are_seen(shown: Shown) -> None:
    [alert] = shown.home.run("alerts", "list", "--json").document["alerts"]
    assert (alert["kind"], alert["case"]) == ("outside-hours", shown.closed.number)
    assert "outside the hours" in shown.home.run("alerts", "list").out

    assert shown.home.run("alerts", "seen", str(alert["id"])).code == 0

    assert shown.home.run("alerts", "list", "--json").document["alerts"] == []
    [seen] = shown.home.run("alerts", "list", "--all", "--json").document["alerts"]
    assert seen["seen_by"]
    assert shown.home.run("alerts", "seen", "99").code == 30
    trail = (shown.home.folder / "audit.jsonl").read_text()
    assert trail.count('"desk_alert_seen"') == 4


def test_notices_that_are_due_are_sent_by_a_command(shown: Shown) -> None:
    first, second = shown.home.run("notices", "send", "--json"), shown.home.run("notices", "send")

    assert first.document == {"sent": 0, "later": 1, "given-up": 0}
    assert second.out == "No notice is due.\n"


def test_a_server_tries_what_is_due_by_itself(shown: Shown) -> None:
    number = shown.bench.ready().number
    shown.bench.desk.close(ANNA, shown.bench.desk.case(ANNA, number).at, Act.CALL_OFF)
    chosen = select(Notice.tries).join(Case, Case.id == Notice.case_id)

    with Desk(shown.home.settings) as desk:
        sending = sending_of(desk)
        assert sending is not None
        sending.begin()
        tries = None
        for _each in range(6000):
            with shown.bench.database.reading() as session:
                tries = session.scalar(chosen.where(Case.number == number))
            if tries:
                break
            time.sleep(0.01)
        sending.end()

    assert tries == 1


def test_a_desk_without_a_help_desk_says_so(home: Home) -> None:
    for command in (("cases", "list"), ("alerts", "list"), ("notices", "send")):
        ended = home.run(*command)
        assert ended.code == 30
        assert "[helpdesk]" in ended.err


def test_tables_are_told_whole_at_every_width(
    shown: Shown, monkeypatch: pytest.MonkeyPatch
) -> None:
    who = administrator()
    cases = shown.bench.desk.queue(who, Filters()).cases
    tables: tuple[Callable[[], Grid], ...] = (
        lambda: case_tables.case_table(cases),
        lambda: case_tables.alert_table(shown.bench.desk.alerts(who, everything=True)),
        lambda: case_tables.history_table(shown.bench.desk.history(who, shown.closed.number)),
    )
    day = f"{shown.open.opened_at:%Y-%m-%d}"
    for width, language, table in product(WIDTHS, LANGUAGES, tables):
        monkeypatch.setenv("COLUMNS", str(width))
        screen = StringIO()
        with speaking(language):
            Console(screen).print(table())

        lines = screen.getvalue().splitlines()
        words = {word for line in lines for word in line.split()}
        assert [line for line in lines if cells(line) > width] == []
        assert day in words
        assert shown.closed.spoken in words or table is tables[2]


def test_what_waits_on_the_line_is_listed_without_what_is_asked(shown: Shown) -> None:
    window = Window.of(shown.bench, shown.bench.token(shown.bench.client(name=NAME)))
    opened = window.opens()

    ended = shown.home.run("lines")
    [line] = shown.home.run("lines", "--json").document["lines"]

    assert f"{opened.number[:3]}-{opened.number[3:]}" in ended.out
    assert (line["number"], line["serial"]) == (opened.number, window.serial)
    assert (line["client"], line["silent"]) == (NAME, False)
    assert 0 <= line["waits_seconds"] < line["left_seconds"]
    assert window.request.hex() not in str(line).lower() + ended.out.lower()
    assert opened.secret not in str(line) + ended.out

    window.strangers.call_off(opened.secret)
    assert "Nothing waits on the line." in shown.home.run("lines").out

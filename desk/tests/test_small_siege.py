"""Operators at two replicas whose connections are cut all the while: nothing is lost, nothing comes
twice. `make helpdesk-siege` does the same to whole servers, and kills them and the database."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

from help_desk import ANNA, Bench, new_request, response_of
from lockwright.spoken import request_check
from lockwright_desk.errors import DatabaseAway
from lockwright_desk.helpdesk.refusals import AnswerUnclear, CaseElsewhere, StaleCase
from lockwright_desk.helpdesk.service import HelpDesk
from lockwright_desk.helpdesk.states import Act
from lockwright_desk.helpdesk.views import CaseSeen
from lockwright_desk.store.database import Database
from lockwright_desk.store.tables.cases import Answered, CaseState, Way
from postgres_cluster import Cluster

CASES, AT_ONCE, CUTS = 12, 6, 8
_CUT = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = 'help_desk'"


class Call:
    """A call that goes on where it broke off, at the other replica.

    Args:
        replicas: the replicas.
        token: the token that it is about.
    """

    def __init__(self, replicas: list[HelpDesk], token: int) -> None:
        self.request = new_request()
        self.response = b""
        self._replicas, self._token = replicas, token

    def work(self) -> CaseSeen:
        """The case at its end."""
        number = None
        for each in range(1000):
            desk = self._replicas[each % 2]
            try:
                number = number or desk.open(ANNA, self._token, Way.DICTATED).number
                case = desk.case(ANNA, number)
                if case.state is CaseState.WORKED:
                    return case
                self._step(desk, case)
            except (DatabaseAway, AnswerUnclear, StaleCase, CaseElsewhere):
                continue
        raise AssertionError(f"case {number} does not come to its end")

    def _step(self, desk: HelpDesk, case: CaseSeen) -> None:
        if case.state is CaseState.OPEN:
            desk.verify(ANNA, case.at, "call-back")
        elif case.state is CaseState.VERIFIED and case.request is None:
            desk.take_request(ANNA, case.at, self.request.hex())
        elif case.state is CaseState.VERIFIED and not case.words_right:
            words = request_check(case.token.serial, self.request).words("en")
            desk.hear_words(ANNA, case.at, words)
        elif case.state is CaseState.VERIFIED:
            desk.give_grounds(ANNA, case.at, "why", "INC-1")
        elif not self.response:
            with desk.answer(ANNA, case.at) as given:
                self.response = given.response.reveal()
        else:
            desk.close(ANNA, case.at, Act.WORKED)


def test_nothing_is_lost_and_nothing_comes_twice_while_lines_are_cut(
    large_store: Database, postgres: Cluster, tmp_path: Path
) -> None:
    bench, over = Bench(large_store, tmp_path), threading.Event()
    client = bench.client()
    url = large_store.engine.url.render_as_string(hide_password=False)

    def cut() -> None:
        for _time in range(CUTS):
            postgres.say(_CUT)
            if over.wait(0.1):
                return

    with closing(Database(url)) as other, ThreadPoolExecutor(AT_ONCE + 1) as threads:
        replicas = [bench.desk, bench.replica(other)]
        calls = [Call(replicas, bench.token(client)) for _each in range(CASES)]
        cutting = threads.submit(cut)
        cases = list(threads.map(Call.work, calls))
        over.set()
        cutting.result()
    large_store.engine.dispose()  # a line that was cut just now is no other test's

    for call, case in zip(calls, cases, strict=True):
        assert call.response == response_of(case.token.serial, call.request).reveal()
    assert bench.count(Answered, Answered.client_id == client) == CASES
    assert len(set(bench.keys.asked)) == CASES

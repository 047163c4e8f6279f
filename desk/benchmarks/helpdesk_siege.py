"""Fifty operators at two servers of a help desk, a keeper with an HSM, one PostgreSQL.

A server and the database are killed in the middle. No Request may be answered twice, no answer may
be lost, and no page may be slow; with ten and with a million answers in the database the same.
"""

from __future__ import annotations

import argparse
import itertools
import queue
import secrets
import ssl
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing
from functools import partial
from pathlib import Path

SUPPORT = Path(__file__).parent.parent / "tests" / "support"
sys.path.insert(0, str(SUPPORT))

from lockwright.secret import Secret  # noqa: E402  # its folder is added above
from lockwright_desk.helpdesk.custody.keeper_client import KeeperClient  # noqa: E402  # the same
from lockwright_desk.helpdesk.custody.port import KeyRecord  # noqa: E402  # the same
from lockwright_desk.store.tables.cases import Answered, Case, CaseState  # noqa: E402  # the same
from own_postgres import OwnPostgres, own_postgres  # noqa: E402  # the same
from siege_desk import Replica, SiegeDesk  # noqa: E402  # the same
from siege_operator import Operator, Seen  # noqa: E402  # the same
from sqlalchemy import func, select  # noqa: E402  # the same

_TOKENS = 200
_PAIRS = 20
"""How many Requests are given to both servers at once."""
_SHOWN = 600
_PAGE = 0.3
_ANSWER = 0.1
"""Seconds that an answer may take beside twice the HSM's own."""


def main() -> int:
    """Run it; the exit code says whether nothing was lost, nothing came twice, nothing was slow."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--operators", type=int, default=50, help="how many (50)")
    parser.add_argument("--cases", type=int, default=1000, help="how many (1000)")
    parser.add_argument("--think", type=float, default=2.0, help="seconds between steps (2)")
    parser.add_argument("--answers", type=int, nargs="*", default=[10, 1_000_000])
    given = parser.parse_args()
    fine = True
    for answers in given.answers:
        with tempfile.TemporaryDirectory() as folder, own_postgres() as postgres:
            print(f"{answers} answers in the database", flush=True)
            fine &= besieged(Path(folder), postgres, answers, given)
    return 0 if fine else 1


def besieged(folder: Path, postgres: OwnPostgres, answers: int, given: argparse.Namespace) -> bool:
    """One run; whether all is well."""
    url = postgres.cluster.database("siege")
    with ExitStack() as stack:
        desk = stack.enter_context(closing(SiegeDesk(folder, url, _TOKENS, given.operators)))
        desk.past(answers)
        client = stack.enter_context(desk.keeper())
        replicas = [stack.enter_context(closing(Replica(home))) for home in desk.homes]
        context = ssl.create_default_context(cafile=desk.homes[0].ca)
        seen = Seen()
        people = [
            Operator(who, replicas, context, seen, given.think, at=place % 2)
            for place, who in enumerate(desk.people)
        ]
        hsm = Hsm(client, desk.record(next(iter(desk.tokens.values()))))
        blows = (partial(kill_server, replicas[0]), partial(kill_database, postgres))
        with hsm:
            worked_through(desk, people, given.cases, blows)
        paired = pairs(desk, people)
        return told(desk, seen, hsm.seconds, given.cases, answers) & paired


def worked_through(
    desk: SiegeDesk, people: Sequence[Operator], count: int, blows: Sequence[Callable[[], None]]
) -> None:
    """Operators take calls until there are no more; the blows fall in between."""
    calls: queue.SimpleQueue[tuple[int, str]] = queue.SimpleQueue()
    for token in itertools.islice(itertools.cycle(desk.tokens.items()), count):
        calls.put(token)

    def work(operator: Operator) -> None:
        while True:
            try:
                token, serial = calls.get_nowait()
            except queue.Empty:
                return
            operator.call(token, serial)

    with ThreadPoolExecutor(len(people)) as threads:
        working = [threads.submit(work, each) for each in people]
        for place, blow in enumerate(blows, 1):
            while calls.qsize() > count * (1 - place / (len(blows) + 1)):
                time.sleep(0.1)
            blow()
        for each in working:
            each.result()


def kill_server(replica: Replica) -> None:
    """Kill a server, and begin it again."""
    replica.kill()
    time.sleep(1)
    replica.begin()


def kill_database(postgres: OwnPostgres) -> None:
    """Kill the database, and begin it again."""
    postgres.kill()
    time.sleep(0.5)
    postgres.start()


def pairs(desk: SiegeDesk, people: Sequence[Operator]) -> bool:
    """The same Request given to both servers at once, in two cases; whether one was answered."""
    tokens, fine = list(desk.tokens.items()), True
    for _each in range(_PAIRS):
        two, request = people[:2], secrets.token_bytes(8)
        for place, operator in enumerate(two):
            operator.go_to(place)
        cases = [
            (operator, operator.prepared(*token, request), token[1])
            for operator, token in zip(two, tokens, strict=False)
        ]
        together = threading.Barrier(2)

        def ask(asked: tuple[Operator, str, str], together: threading.Barrier = together) -> bool:
            operator, case, serial = asked
            together.wait()
            return operator.answer(case, serial)

        with ThreadPoolExecutor(2) as threads:
            fine &= sorted(threads.map(ask, cases)) == [False, True]
    print(f"  {_PAIRS} Requests given to both servers at once: {'one' if fine else 'NOT ONE'} each")
    return fine


class Hsm:
    """What the keeper takes by itself, asked ten times a second during the run."""

    def __init__(self, client: KeeperClient, record: KeyRecord) -> None:
        self.seconds: list[float] = []
        self._client, self._record = client, record
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._ask)

    def __enter__(self) -> None:
        self._thread.start()

    def __exit__(self, *_exc: object) -> None:
        self._over.set()
        self._thread.join()

    def _ask(self) -> None:
        while not self._over.wait(0.1):
            begun = time.monotonic()
            response: Secret = self._client.respond(self._record, secrets.token_bytes(8))
            self.seconds.append(time.monotonic() - begun)
            response.wipe()


def told(desk: SiegeDesk, seen: Seen, hsm: Sequence[float], cases: int, past: int) -> bool:
    """Say what came of it; whether all is well."""
    with desk.database.reading() as session:
        stored = set(session.scalars(select(Case.number).join(Answered).where(Case.id > past)))
        counted = session.scalar(select(func.count()).select_from(Answered)) or 0
        open_ = session.scalar(
            select(func.count()).select_from(Case).where(Case.state == CaseState.OPEN)
        )
        worked = session.scalar(
            select(func.count()).select_from(Case).where(Case.state == "worked", Case.id > past)
        )
    lost = seen.cases.keys() - stored
    unread = stored - seen.cases.keys()
    worst = {kind: _p99(each) for kind, each in seen.seconds.items()}
    most = 2 * _p99(hsm) + _ANSWER
    for kind, each in seen.seconds.items():
        middle = statistics.median(each) * 1000
        print(
            f"  {kind:6} {len(each):6}: median {middle:4.0f} ms, p99 {worst[kind] * 1000:4.0f} ms"
        )
    print(
        f"  the keeper by itself: p99 {_p99(hsm) * 1000:.0f} ms;"
        f" an answer may take {most * 1000:.0f}"
    )
    print(
        f"  {worked} cases worked, {counted - past} answers,"
        f" {len(lost)} lost, {len(unread)} unread,"
    )
    print(
        f"  {open_} opened for nothing, {seen.broken} times broken off, {len(seen.refused)} refused"
    )
    for wrong in [*seen.wrong, *seen.refused[: -_PAIRS or None]][:5]:
        print(f"  {wrong[:_SHOWN]}")
    slow = max(worst["page"], worst["step"]) > _PAGE or worst["answer"] > most
    whole = worked == cases and counted - past == len(stored) == cases + _PAIRS
    print(f"  {'SLOW' if slow else 'in time'}, {'whole' if whole else 'NOT WHOLE'}", flush=True)
    return whole and not (lost or unread or seen.wrong or slow)


def _p99(seconds: Sequence[float]) -> float:
    return statistics.quantiles(seconds, n=100)[98]


if __name__ == "__main__":
    sys.exit(main())

"""Two servers over one PostgreSQL: a Request comes to one, the other answers, one is killed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest
from balancer import balancing
from client import Computer
from desk_home import Server
from kept_keys import KeptKeys
from kinds import IDPRIME, JACARTA_PKI, Kind
from line_bank import LineBank, Operator
from line_window import asks, number_in
from locked_token import Locked, locked
from lockwright import Config, Runner, Secret
from lockwright.errors import RequestAnswered
from lockwright_desk.store.tables.cases import Answered
from lockwright_desk.store.tables.register import Custody, Token
from lockwright_testkit.pseudo_terminal import Terminal
from lockwright_testkit.sim.fixtures import SimulatorFactory
from postgres_cluster import cluster
from sqlalchemy import func, select

KEPT = (
    (JACARTA_PKI, Custody.OBJECT),
    (IDPRIME, Custody.WRAPPED),
    (JACARTA_PKI, Custody.DERIVED),
)


@dataclass(frozen=True)
class Replicas:
    """The desk of which two servers run."""

    keys: KeptKeys
    one: LineBank
    two: LineBank

    def token(self, serial: str) -> int:
        """The register's number of a token."""
        with closing(self.one.database()) as database, database.reading() as session:
            return session.scalars(select(Token.id).where(Token.serial == serial)).one()

    def answers(self, token: int) -> int:
        """How many Requests of a token were answered."""
        asked = select(func.count()).select_from(Answered).where(Answered.token_id == token)
        with closing(self.one.database()) as database, database.reading() as session:
            return session.scalar(asked) or 0


@pytest.fixture(scope="module")
def replicas(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Replicas]:
    """The desk, whose keeper runs; its servers are begun and killed by tests."""
    made: list[KeptKeys] = []
    folder = tmp_path_factory.mktemp("replicas")
    with cluster() as postgres:
        url = postgres.database("line")
        one = LineBank.made(folder, url, lambda hsm: made.append(KeptKeys(hsm)))
        made[0].make_versions(one.home)
        two = one.replica(folder / "two")
        with one.keeping():
            yield Replicas(made[0], one, two)


@pytest.mark.parametrize("killed", ["of the client", "of the operator"])
@pytest.mark.parametrize(("kind", "custody"), KEPT, ids=[str(custody) for _kind, custody in KEPT])
def test_a_request_is_answered_once_and_the_response_arrives_where_a_replica_is_killed_between(
    replicas: Replicas,
    kind: Kind,
    custody: Custody,
    killed: str,
    sim: SimulatorFactory,
    terminal: Terminal,
    tmp_path: Path,
) -> None:
    its_kind, device = replicas.keys.token(sim, kind, custody, tmp_path)
    config = Config(audit=tmp_path / "audit.jsonl")
    with (
        Runner(config, modules=[device.module], isolate=False) as runner,
        replicas.one.serving() as one,
        replicas.two.serving() as two,
        balancing(one.port, two.port) as balancer,
    ):
        token = locked(its_kind, device, runner, tmp_path)
        replicas.keys.register(replicas.one.home, token.token, its_kind, custody)
        number = replicas.token(token.token.serial)
        screen, read = asks(_computer(tmp_path, token, terminal, one, balancer.port))
        operator = replicas.one.operator(f"olga-{number}", two)
        case = operator.until_ready(number_in(read), read.words)
        assert replicas.answers(number) == 0

        (one if killed == "of the client" else two).process.kill()
        if killed == "of the operator":
            operator = Operator(one, operator.cookie)
        operator.does(case, "send")

        screen.reads("answered for the bank")
        code, said = screen.ends()
        assert code == 0, said
        token.signs(Secret(its_kind.pin))
        _nothing_is_answered_twice(operator, case, number, read.request)
    assert replicas.answers(number) == 1


def _nothing_is_answered_twice(operator: Operator, case: str, token: int, request: str) -> None:
    """Not by the same case, nor by another one to which the same Request is dictated."""
    operator.does(case, "send")
    operator.does(case, "outcome", outcome="worked")
    again = operator.opens(token)
    operator.does(again, "verify", means="call-back")
    assert RequestAnswered.message in operator.does(again, "request", request=request)


def _computer(folder: Path, token: Locked, terminal: Terminal, desk: Server, port: int) -> Computer:
    """A client's, to whom both servers are one desk."""
    computer = Computer(folder / "client", token, terminal)
    place = computer.program.home / "config" / "lockwright"
    place.mkdir(parents=True)
    table = f'[desk]\nurl = "https://localhost:{port}"\nca = ["{desk.ca}"]\n'
    (place / "config.toml").write_text(table)
    return computer

"""A bank with a line, and the computer of a client whose token is locked."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from at_desk import Caller, Workplace
from client import Computer
from desk_home import Server
from kinds import JACARTA_PKI, Kind
from line_bank import LineBank, Operator
from locked_token import Locked
from locked_token import locked as made_locked
from lockwright import Config, Runner
from lockwright_testkit.pseudo_terminal import Terminal
from lockwright_testkit.sim.fixtures import SimulatorFactory


@pytest.fixture(scope="module")
def bank(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LineBank]:
    """The bank, its keeper at work; the HSM is in this process, so it ends with the module."""
    made = LineBank.made(tmp_path_factory.mktemp("line"))
    with made.keeping():
        yield made


@pytest.fixture(scope="module")
def desk(bank: LineBank) -> Iterator[Server]:
    """Its desk, which serves; tests share it."""
    with bank.serving() as server:
        yield server


@pytest.fixture(scope="module")
def operator(bank: LineBank, desk: Server) -> Operator:
    """Somebody at the page."""
    return bank.operator("olga", desk)


@pytest.fixture
def kind(request: pytest.FixtureRequest) -> Kind:
    """What kind of token it is."""
    wanted: Kind = getattr(request, "param", JACARTA_PKI)
    return wanted


@pytest.fixture
def locked(kind: Kind, sim: SimulatorFactory, tmp_path: Path) -> Iterator[Locked]:
    """A token that its owner has locked."""
    device = kind.make(sim)
    config = Config(audit=tmp_path / "audit.jsonl")
    with Runner(config, modules=[device.module], isolate=False) as runner:
        yield made_locked(kind, device, runner, tmp_path)


@pytest.fixture
def registered(bank: LineBank, locked: Locked) -> Locked:
    """The same, which the bank's register has."""
    bank.register(locked.token, bytes.fromhex(locked.kind.key), f"client-{locked.token.serial}")
    return locked


@pytest.fixture
def computer(tmp_path: Path, locked: Locked, terminal: Terminal) -> Computer:
    """The client's computer, whose configuration names no desk yet."""
    return Computer(tmp_path / "client", locked, terminal)


@pytest.fixture
def set_desk(computer: Computer) -> Callable[[str], None]:
    """Writes ``[desk]`` of the client's configuration."""

    def write(table: str) -> None:
        folder = computer.program.home / "config" / "lockwright"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "config.toml").write_text(f"[desk]\n{table}\n")

    return write


@pytest.fixture
def caller(bank: LineBank) -> Caller:
    """Somebody who calls."""
    return Caller(bank)


@pytest.fixture
def workplace(tmp_path: Path, bank: LineBank, desk: Server) -> Workplace:
    """The operator's computer."""
    return Workplace(tmp_path, bank, desk)

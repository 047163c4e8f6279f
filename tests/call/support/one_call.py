"""One call from its beginning to its end, by whatever token, custody and way."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from call_bank import CallBank
from call_sides import Client, Shift
from client import Computer
from kinds import Kind
from locked_token import Locked
from locked_token import locked as made_locked
from lockwright import Config, Runner
from lockwright_desk.store.tables.cases import Way
from lockwright_desk.store.tables.register import Custody
from lockwright_testkit.pseudo_terminal import Terminal
from lockwright_testkit.sim.fixtures import SimulatorFactory


@dataclass(frozen=True)
class Ring:
    """What kind of call it is."""

    language: str
    kind: Kind
    custody: Custody
    way: Way
    second: bool

    def __str__(self) -> str:
        second = "second person" if self.second else "alone"
        return f"{self.kind.name}, {self.custody}, {self.way}, {second}, {self.language}"


@contextmanager
def locked_token(
    ring: Ring, bank: CallBank, sim: SimulatorFactory, folder: Path
) -> Iterator[Locked]:
    """The client's token, which the bank's register has."""
    with ExitStack() as opened:
        patch = opened.enter_context(pytest.MonkeyPatch.context())
        kind, device = bank.keys.token(sim, ring.kind, ring.custody, folder)
        for name, value in device.environment.items():
            patch.setenv(name, value)  # it alone is plugged in
        config = Config(audit=folder / "audit.jsonl")
        runner = opened.enter_context(Runner(config, modules=[device.module], isolate=False))
        token = made_locked(kind, device, runner, folder)
        grade = "vip" if ring.second else ""
        bank.keys.register(bank.desk.home, token.token, kind, ring.custody, grade)
        yield token


def computer_of(
    ring: Ring, bank: CallBank, token: Locked, terminal: Terminal, folder: Path
) -> Computer:
    """The client's computer, configured as the bank's IT gives it out."""
    computer, desk = Computer(folder / "client", token, terminal), bank.desk
    if ring.way is Way.LINE:
        place = computer.program.home / "config" / "lockwright"
        place.mkdir(parents=True)
        table = f'[desk]\nurl = "https://localhost:{desk.port}"\nca = ["{desk.home.ca}"]\n'
        (place / "config.toml").write_text(table)
    return computer


def call(ring: Ring, client: Client, shift: Shift, serial: str) -> None:
    """From the Request on the client's screen to the closed case."""
    over_line = ring.way is Way.LINE
    if over_line:
        shift.takes_by_number(client)
    else:
        shift.takes_as_heard(client)
    shift.compares(client)
    if ring.second:
        shift.agrees()
    if over_line:
        shift.sends()
        client.is_answered()
    else:
        client.types(shift.reads_out(client, serial))
    client.is_done()
    shift.closes()

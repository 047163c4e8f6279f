"""The whole call at a terminal and in Chromium: ``make call`` prints what it takes of each side."""

from __future__ import annotations

import itertools
import time
from dataclasses import dataclass
from pathlib import Path

import pytest
from call_bank import CallBank
from call_figures import Call, Hands
from call_sides import Client, Shift
from chromium import Window
from client import Computer
from kinds import ETOKEN, IDPRIME, JACARTA_PKI, Kind
from locked_token import locked
from lockwright import Config, Runner, Secret
from lockwright_desk.store.tables.cases import Way
from lockwright_desk.store.tables.register import Custody
from lockwright_testkit.pseudo_terminal import Terminal
from lockwright_testkit.sim.fixtures import SimulatorFactory

KEPT = (
    *itertools.product((JACARTA_PKI, IDPRIME), (Custody.OBJECT, Custody.WRAPPED, Custody.DERIVED)),
    (ETOKEN, Custody.OPENED),
)
"""Which token's key can be kept how: of a password there is one way."""
MOST = {Way.LINE: 25, Way.DICTATED: 60}
"""Seconds of machine and clicks, without the talking."""


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


def _rings() -> list[Ring]:
    """Every token and custody, both ways, with and without a second person; languages alternate."""
    made = itertools.product(enumerate(KEPT), enumerate((Way.DICTATED, Way.LINE)), (0, 1))
    rings = [
        Ring(("en", "ru")[(nth + of_way + second) % 2], *kept, way, bool(second))
        for (nth, kept), (of_way, way), second in made
    ]
    return sorted(rings, key=lambda ring: ring.language)


RINGS = _rings()


@pytest.mark.parametrize(
    ("shift", "ring"),
    [(ring.language, ring) for ring in RINGS],
    ids=[str(ring).replace(", ", "-").replace(" ", "-") for ring in RINGS],
    indirect=["shift"],
)
def test_a_locked_token_works_again_after_the_call(
    ring: Ring,
    bank: CallBank,
    shift: Shift,
    sim: SimulatorFactory,
    terminal: Terminal,
    tmp_path: Path,
    calls: list[Call],
) -> None:
    trail = tmp_path / "audit.jsonl"
    kind, device = bank.token(sim, ring.kind, ring.custody, trail)
    with Runner(Config(audit=trail), modules=[device.module], isolate=False) as runner:
        token = locked(kind, device, runner, tmp_path)
        bank.register(token.token, kind, ring.custody, "vip" if ring.second else "")
        computer = Computer(tmp_path / "client", token, terminal)
        if ring.way is Way.LINE:
            _set_desk(computer, bank)
        shift.waits()
        before = [_hands(shift.operator), _hands(shift.approver)]

        begun = time.monotonic()
        client = Client(computer, ring.language)
        _call(ring, client, shift, token.token.serial)
        took = time.monotonic() - begun

        token.signs(Secret(kind.pin))
    sides = [_hands(shift.operator), _hands(shift.approver)]
    pressed = [now.since(was) for now, was in zip(sides, before, strict=True)]
    calls.append(call := Call(str(ring), took, client.hands, *pressed))
    assert shift.operator.console == shift.approver.console == []
    assert call.clicks <= MOST[ring.way]


def _call(ring: Ring, client: Client, shift: Shift, serial: str) -> None:
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


def _hands(window: Window) -> Hands:
    return Hands(window.strokes, window.clicks)


def _set_desk(computer: Computer, bank: CallBank) -> None:
    """The client's configuration, as the bank's IT gives it out."""
    desk = bank.desk
    folder = computer.program.home / "config" / "lockwright"
    folder.mkdir(parents=True)
    table = f'[desk]\nurl = "https://localhost:{desk.port}"\nca = ["{desk.home.ca}"]\n'
    (folder / "config.toml").write_text(table)

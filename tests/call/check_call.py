"""The whole call at a terminal and in Chromium: ``make call`` prints what it takes of each side."""

from __future__ import annotations

import itertools
import time
from pathlib import Path

import pytest
from call_bank import CallBank
from call_figures import Call, Hands
from call_sides import Client, Shift
from chromium import Window
from kinds import ETOKEN, IDPRIME, JACARTA_PKI
from lockwright import Secret
from lockwright_desk.store.tables.cases import Way
from lockwright_desk.store.tables.register import Custody
from lockwright_testkit.pseudo_terminal import Terminal
from lockwright_testkit.sim.fixtures import SimulatorFactory
from one_call import Ring, call, computer_of, locked_token

KEPT = (
    *itertools.product((JACARTA_PKI, IDPRIME), (Custody.OBJECT, Custody.WRAPPED, Custody.DERIVED)),
    (ETOKEN, Custody.OPENED),
)
"""Which token's key can be kept how: of a password there is one way."""
MOST = {Way.LINE: 25, Way.DICTATED: 60}
"""Seconds of machine and clicks, without the talking."""


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
    with locked_token(ring, bank, sim, tmp_path) as token:
        computer = computer_of(ring, bank, token, terminal, tmp_path)
        shift.waits()
        before = [_hands(shift.operator), _hands(shift.approver)]

        begun = time.monotonic()
        client = Client(computer, ring.language)
        call(ring, client, shift, token.token.serial)
        took = time.monotonic() - begun

        token.signs(Secret(token.kind.pin))
    sides = [_hands(shift.operator), _hands(shift.approver)]
    pressed = [now.since(was) for now, was in zip(sides, before, strict=True)]
    calls.append(done := Call(str(ring), took, client.hands, *pressed))
    assert shift.operator.console == shift.approver.console == []
    assert done.clicks <= MOST[ring.way]


def _hands(window: Window) -> Hands:
    return Hands(window.strokes, window.clicks)

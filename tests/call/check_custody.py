"""No key of a bank is where it has no business after calls of each custody, in core files neither.

``test_keeper_leaks`` searches what the keeper says over its socket, and the intake's command lines.
"""

from __future__ import annotations

import os
import resource
import signal
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
from call_bank import CallBank
from call_sides import Client, Shift
from kinds import ETOKEN, IDPRIME, JACARTA_PKI
from locked_token import Locked
from lockwright_desk.store.tables.cases import Way
from lockwright_desk.store.tables.register import Custody
from lockwright_testkit.leaks import found_in
from lockwright_testkit.pseudo_terminal import Terminal
from lockwright_testkit.sim.fixtures import SimulatorFactory
from lockwright_testkit.waiting import until
from one_call import Ring, call, computer_of, locked_token
from processes import memory, working_in

RINGS = [
    Ring("en", kind, custody, Way.LINE, second=False)
    for kind, custody in (
        (JACARTA_PKI, Custody.OBJECT),
        (JACARTA_PKI, Custody.DERIVED),
        (ETOKEN, Custody.OPENED),
        (IDPRIME, Custody.WRAPPED),
    )
]
_UNLIMITED = (resource.RLIM_INFINITY, resource.RLIM_INFINITY)
_AS_THE_KERNEL_MAKES_IT = Path("/proc/sys/kernel/core_pattern")


@pytest.mark.parametrize("shift", ["en"], indirect=True)
@pytest.mark.skipif(
    _AS_THE_KERNEL_MAKES_IT.read_text().strip() != "core", reason="core files go elsewhere"
)
def test_no_key_is_in_memory_files_logs_or_core_files_after_calls_of_each_custody(
    bank: CallBank, shift: Shift, sim: SimulatorFactory, terminal: Terminal, tmp_path: Path
) -> None:
    desk = bank.desk
    for ring in RINGS[:-1]:
        with _calls(ring, bank, sim, terminal, tmp_path) as (client, token):
            shift.waits()
            call(ring, client, shift, token.token.serial)
    with _calls(RINGS[-1], bank, sim, terminal, tmp_path) as (_client, token):
        home = tmp_path / str(RINGS[-1]) / "client"
        of_client, of_desk = working_in(home), working_in(desk.home.folder)
        held = {pid: memory(pid) for pid in (*of_client, *of_desk)}
        cores = [*_provoked(of_client, home), *_provoked(of_desk, desk.home.folder)]
    serial = token.token.serial.encode()
    assert desk.server is not None
    log = "".join(desk.server.log)

    print(f"{len(held)} processes, core files of {len(cores)}: {[*map(len, cores)]} bytes")  # noqa: T201
    assert len(of_desk) == 2  # the keeper and the server
    assert len(cores) == 1  # of the client's program; others are not dumped
    for each in (*cores, held[of_client[0]]):
        assert serial in each  # what is looked for would be found
    assert any(serial in held[pid] for pid in of_desk)
    files = [file.read_bytes() for file in desk.files()]
    hidden = bank.keys.hidden
    searched = [*held.values(), *cores, *files]
    found = [
        name for name, key in bank.keys.hidden.items() if any(key in each for each in searched)
    ]
    assert found == []
    for text in (log, *(each.decode(errors="replace") for each in files)):
        assert found_in(text, hidden.values()) == []


@contextmanager
def _calls(
    ring: Ring, bank: CallBank, sim: SimulatorFactory, terminal: Terminal, folder: Path
) -> Iterator[tuple[Client, Locked]]:
    """A client whose window waits for the Response."""
    own = folder / str(ring)
    own.mkdir()
    with locked_token(ring, bank, sim, own) as token:
        yield Client(computer_of(ring, bank, token, terminal, own), ring.language), token


def _provoked(processes: list[int], folder: Path) -> list[bytes]:
    """The core files that processes leave where nothing but themselves keeps them from it."""
    for pid in processes:
        with suppress(PermissionError):  # it has forbidden itself to raise the limit again
            resource.prlimit(pid, resource.RLIMIT_CORE, _UNLIMITED)
    for pid in processes:
        os.kill(pid, signal.SIGABRT)
    until(lambda: not set(processes) & set(working_in(folder)))
    files = list(folder.glob("core*"))
    contents = [file.read_bytes() for file in files]
    for file in files:
        file.unlink()
    return contents

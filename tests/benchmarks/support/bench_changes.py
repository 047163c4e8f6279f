"""Calls of what changes a token: delete a container, enrol, renew and replace."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from bench_bench import Bench, Found, tell
from bench_build import Seat, seats
from bench_figures import Figure, Target
from lockwright.bindings import BINDINGS
from lockwright_testkit.est_server import EstServer
from lockwright_testkit.pki import TestCa, pem
from lockwright_testkit.sim import Simulator

DELETE, ENROL, RENEW = "delete a container", "enroll --ca", "renew --replace"
_LOGIN, _PASSWORD = "anna", "Maple-Drum-77"  # of tests
_CA = """
[ca.bank]
url = "{url}"
trust = ["{trust}"]
subject = "CN={{login}},O=Bank"
key_type = "ec:p256"
"""

Change = Callable[[Seat, Simulator], object]


def delete(bench: Bench) -> Found:
    """Delete one of twenty containers."""
    at = seats(bench.builds, bench.new_folder("delete"))
    yield from _counted(bench, at, DELETE, 60, _delete)
    yield from _targets(DELETE, 60, calls=200, logins=2)


def enrol(bench: Bench) -> Found:
    """Enrol at a CA, on tokens of two sizes."""
    small, large = (10, 60) if bench.short else (10, 300)
    with _ca(bench.folder) as (server, settings):
        at = seats(bench.builds, bench.new_folder("enrol"), settings)
        first = list(_counted(bench, at, ENROL, small, partial(_enrol, server)))
        yield from first
        yield from _counted(bench, at, ENROL, large, partial(_enrol, server))
    yield from _targets(ENROL, small, calls=150, logins=3)
    yield from _targets(ENROL, large, logins=3)
    calls = {each.who: each.median for each in first if each.unit == "calls"}
    for binding in BINDINGS:
        limit = calls[f"now/{binding}"]
        words = f"at most the {limit:.0f} of {small} objects"
        yield Target(f"{ENROL}, calls", f"now/{binding}", words, limit, large)


def renew(bench: Bench) -> Found:
    """Renew one of three containers and replace it."""
    with _ca(bench.folder) as (server, settings):
        at = seats(bench.builds, bench.new_folder("renew"), settings)
        yield from _counted(bench, at, RENEW, 10, partial(_renew, server))
    yield from _targets(RENEW, 10, calls=200)


def _counted(
    bench: Bench, at: Sequence[Seat], work: str, size: int, change: Change
) -> Iterator[Figure]:
    """What each makes on a copy of its own of the same token."""
    tell(f"{work}, {size} objects")
    for seat in at:
        device = bench.copied(size)
        device.zero_counts()
        change(seat, device)
        counts = device.counts()
        yield Figure(f"{work}, calls", seat.who, "calls", [sum(counts.values())], size)
        yield Figure(f"{work}, logins", seat.who, "logins", [counts.get("C_Login", 0)], size)


def _targets(work: str, size: int, *, calls: int = 0, logins: int = 0) -> Found:
    for unit, limit in (("calls", calls), ("logins", logins)):
        for binding in BINDINGS if limit else ():
            words = f"at most {limit}"
            yield Target(f"{work}, {unit}", f"now/{binding}", words, limit, size)


def _delete(seat: Seat, device: Simulator) -> None:
    seat.run(device, "delete", "c3", "--yes", *seat.login)


def _enrol(server: EstServer, seat: Seat, device: Simulator) -> None:
    seat.run(device, "enroll", *_at_the_ca(server, seat))


def _renew(server: EstServer, seat: Seat, device: Simulator) -> None:
    seat.run(device, "renew", "c1", "--replace", *_at_the_ca(server, seat))


def _at_the_ca(server: EstServer, seat: Seat) -> tuple[str | Path, ...]:
    server.forget()  # the password was another seat's
    password = seat.secret("otp", _PASSWORD)
    return ("--ca", "bank", "--login", _LOGIN, "--otp-file", password, *seat.login)


@contextmanager
def _ca(folder: Path) -> Iterator[tuple[EstServer, str]]:
    """An EST server, and the configuration by which it is asked."""
    trust = folder / "ca.pem"
    with EstServer(TestCa.root(), {_LOGIN: _PASSWORD}) as server:
        trust.write_bytes(pem(server.ca.certificate))
        yield server, _CA.format(url=server.url, trust=trust)

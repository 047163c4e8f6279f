"""``list --login`` of tokens of four sizes: calls, and seconds at a quick and a usual token."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from bench_bench import Bench, Found, tell
from bench_build import Ended, Seat, run, seats
from bench_figures import Figure, Target
from bench_peers import PEERS, PKCS11_TOOL, listing
from lockwright.bindings import BINDINGS
from lockwright_testkit.filling import PARTS
from lockwright_testkit.sim import Simulator

CALLS = "list --login, calls"
QUICK, USUAL = 2, 20
"""Milliseconds of a call: a quick USB token, a usual one."""
SECONDS = {delay: f"list --login, {delay} ms a call" for delay in (QUICK, USUAL)}
SIZES, FEW = (10, 60, 300, 1000), (10, 60)
"""Objects on a token, and those of a look."""
HELD = 60
"""Objects of the token whose seconds are held against pkcs11-tool's."""
_ROUNDS, _SHARE = 3, 7
_AT_ONCE = 4


@dataclass(frozen=True)
class Token:
    """A token to be listed."""

    size: int
    """Objects on it."""
    delay: int
    """Milliseconds that a call takes."""

    @property
    def seconds(self) -> str:
        """The work whose seconds are measured."""
        return SECONDS[self.delay]


def measure(bench: Bench) -> Found:
    """Calls and seconds over the size of the token, then seconds of the usual one.

    Calls are counted where the token is quick: how long one takes does not change how many.
    """
    quick = [Token(size, QUICK) for size in (FEW if bench.short else SIZES)]
    usual = Token(HELD, USUAL)
    peers = [figure for found in _peers(bench, [*quick, usual]) for figure in found]
    yield from peers
    yield from _ours(bench, quick, usual)
    [other] = [
        each.median for each in peers if (each.work, each.who) == (usual.seconds, PKCS11_TOOL)
    ]
    for binding in BINDINGS:
        for token in quick:
            limit = round(1.1 * token.size) + 20
            words = f"at most {limit:,} (1.1 for each object, and 20)"
            yield Target(CALLS, f"now/{binding}", words, limit, token.size)
        words = f"at most 1/{_SHARE} of pkcs11-tool's {other:.1f} s"
        yield Target(usual.seconds, f"now/{binding}", words, other / _SHARE, HELD)


def _peers(bench: Bench, tokens: Sequence[Token]) -> Iterator[list[Figure]]:
    """Every peer lists every token, some at once: each sleeps for its own nearly all the time."""
    tell("other programs, several at once")
    wanted = [(peer, token) for token in tokens for peer in PEERS]
    wanted.sort(key=lambda each: (each[1].size * each[1].delay, each[0] != PKCS11_TOOL))
    asked = [(*each, bench.copied(each[1].size)) for each in reversed(wanted)]

    def one(peer: str, token: Token, device: Simulator) -> list[Figure]:
        device.zero_counts()
        device.set("delay", token.delay)
        command = listing(peer, device.module)
        return _figures(peer, token, device, run(command, device.environment))

    with ThreadPoolExecutor(_AT_ONCE) as threads:
        yield from threads.map(one, *zip(*asked, strict=True))


def _ours(bench: Bench, quick: Sequence[Token], usual: Token) -> Found:
    at = seats(bench.builds, bench.new_folder("list"))
    for token in quick:
        tell(f"{token.size} objects, {token.delay} ms a call")
        device = bench.filled(token.size, delay=token.delay)
        for seat in at:
            device.zero_counts()
            yield from _figures(seat.who, token, device, _listed(seat, device, token))
    tell(f"{usual.size} objects, {usual.delay} ms a call")
    device = bench.filled(usual.size, delay=usual.delay)
    took: dict[str, list[float]] = {seat.who: [] for seat in at}
    for _each in range(bench.rounds(_ROUNDS)):
        for seat in at:
            took[seat.who].append(_listed(seat, device, usual).seconds)
    for who, values in took.items():
        yield Figure(usual.seconds, who, "s", values, usual.size)


def _figures(who: str, token: Token, device: Simulator, ended: Ended) -> list[Figure]:
    seconds = Figure(token.seconds, who, "s", [ended.seconds], token.size)
    if token.delay != QUICK:
        return [seconds]
    return [Figure(CALLS, who, "calls", [sum(device.counts().values())], token.size), seconds]


def _listed(seat: Seat, device: Simulator, token: Token) -> Ended:
    """A listing by lockwright, once it is sure that every container is in it."""
    ended = seat.run(device, "list", *seat.login)
    shown = set(re.findall(r"\bc\d+\b", ended.out))
    if len(shown) < token.size // PARTS:
        raise RuntimeError(f"{seat.who} shows {len(shown)} of {token.size // PARTS} containers")
    return ended

"""Responses by many operators at once: a process for each, a Responder as it was, and an open one.

Everything is as on a help desk's computer: the audit trail and the ledger are on the disk, limits
are counted, the key is a file or stays in an HSM, which SoftHSM stands for, with a key for each
of twenty tokens. What each way gives in a second is compared with that of ``lockwright respond``.
"""

from __future__ import annotations

import argparse
import os
import secrets
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.metadata import EntryPoint
from pathlib import Path

from lockwright import Config, Responder, Secret
from lockwright.audit import verify
from lockwright.errors import KeyUnusable
from lockwright.keys.source import HsmKey, KeySource, given_key, hsm_module
from lockwright.ledger import Limits
from lockwright.models import Grounds, Inquiry, KeyForm
from lockwright.registry import Registry
from lockwright_testkit import responding_adapter as adapter
from lockwright_testkit.hsm import add_key
from lockwright_testkit.softhsm import USER_PIN, SoftHSM

OPERATORS, RESPONSES = 20, 200
PROCESS, APART, OPEN = "a process each", "a Responder, not opened", "an open Responder"
IN_FILE, IN_HSM = "file", "HSM"
_TOKENS = 20
_PART = 4
"""Of the slow ways a quarter is measured: their time is that of each, however many they are."""
_PROGRAM = Path(sys.executable).with_name("lockwright")
_POINT = EntryPoint(adapter.NAME, adapter.__name__, "lockwright")

Answer = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class Figure:
    """What one way took."""

    way: str
    """``PROCESS``, ``APART`` or ``OPEN``."""
    key: str
    """Where the key is: ``IN_FILE`` or ``IN_HSM``."""
    responses: int
    """How many were made."""
    seconds: float
    """How long all of them took."""
    longest: float
    """Seconds that the slowest one took."""

    @property
    def rate(self) -> float:
        """Responses in a second."""
        return self.responses / self.seconds


def measured(responses: int = RESPONSES, operators: int = OPERATORS) -> list[Figure]:
    """Measure every way, one after the other.

    Args:
        responses: how many an open Responder makes; the others make a quarter of it.
        operators: how many ask at once.
    """
    with tempfile.TemporaryDirectory() as folder:
        bank = _Bank(Path(folder))
        figures = []
        for key in (IN_FILE, IN_HSM):
            for way, part in ((PROCESS, _PART), (APART, _PART), (OPEN, 1)):
                with bank.answering(way, key) as answer:
                    number = max(responses // part, operators)
                    figures.append(_measured(way, key, answer, number, operators))
        verify(bank.audit)
    return figures


def ratios(figures: list[Figure]) -> dict[tuple[str, str], float]:
    """By way and key: how many times as many in a second as by a process each."""
    alone = {each.key: each.rate for each in figures if each.way == PROCESS}
    return {(each.way, each.key): each.rate / alone[each.key] for each in figures}


class _Bank:
    """A help desk's computer.

    Args:
        folder: an empty folder.
    """

    def __init__(self, folder: Path) -> None:
        self.audit = folder / "bank" / "audit.jsonl"
        self._folder = folder
        adapter.install(folder / "site")
        state = {f"XDG_{name}_HOME": str(folder / name.lower()) for name in ("STATE", "CONFIG")}
        (folder / "softhsm").mkdir()
        hsm = SoftHSM(folder / "softhsm")
        os.environ |= {**state, **hsm.environment, "PYTHONPATH": str(folder / "site")}
        token = hsm.add_token("bankhsm")
        keys = [secrets.token_bytes(24) for _ in range(_TOKENS)]
        self._uris = [add_key(hsm, token, key, f"S{n}") for n, key in enumerate(keys)]
        self._digits = keys[0].hex()
        self._written("a.key", self._digits)
        self._written("hsm.pin", USER_PIN)
        self._written(
            "lockwright.toml",
            f'[audit]\nfile = "{self.audit}"\n[respond]\nledger = "{self._ledger}"\n'
            "per_serial = 1000000\nper_key = 1000000\n",
        )

    @property
    def _ledger(self) -> Path:
        return self.audit.with_name("answered.db")

    def _written(self, name: str, text: str) -> None:
        file = self._folder / name
        file.touch(mode=0o600)
        file.write_text(text)

    @contextmanager
    def answering(self, way: str, where: str) -> Iterator[Answer]:
        """What makes a Response, and is ready to."""
        if way == PROCESS:
            yield lambda number: self._run(number, where)
            return
        config = Config(audit=self.audit, ledger=self._ledger, limits=Limits(10**6, 10**6, None))
        responder = Responder(config, registry=Registry(found=[_POINT]))
        if way == APART:
            yield lambda number: self._ask(responder, number, where)
            return
        with responder:
            yield lambda number: self._ask(responder, number, where)

    def _ask(self, responder: Responder, number: int, where: str) -> None:
        request = secrets.token_bytes(8)
        inquiry = Inquiry(adapter.NAME, adapter.KEY_MODEL, _serial(number), request)
        key: KeySource
        if where == IN_FILE:
            key = given_key(Secret(self._digits), KeyForm.HEX)
        else:
            uri = self._uris[number % _TOKENS]
            key = HsmKey(uri, hsm_module(uri), Secret(USER_PIN))
        for last in _TRIES:
            try:
                responder.respond(inquiry, key, Grounds("anna", ticket="4711")).wipe()
            except KeyUnusable:
                if last:
                    raise
            else:
                break
        key.wipe()

    def _run(self, number: int, where: str) -> None:
        in_hsm = ("--key-uri", self._uris[number % _TOKENS], "--hsm-pin-file", "hsm.pin")
        command = [
            *(str(_PROGRAM), "--config", "lockwright.toml", "respond", "--vendor", adapter.NAME),
            *("--model", adapter.KEY_MODEL, "--serial", _serial(number), "--ticket", "4711"),
            *("--request", secrets.token_hex(8)),
            *(("--key-file", "a.key") if where == IN_FILE else in_hsm),
        ]
        for last in _TRIES:
            done = subprocess.run(
                command, cwd=self._folder, check=last, capture_output=True, stdin=subprocess.DEVNULL
            )
            if done.returncode == 0:
                return


_TRIES = (False, False, False, True)
"""Whether it is the last: SoftHSM shows no token to some while others log in."""


def _serial(number: int) -> str:
    return f"S{number % _TOKENS}"


def _measured(way: str, key: str, answer: Answer, responses: int, operators: int) -> Figure:
    def timed(number: int) -> float:
        begun = time.perf_counter()
        answer(number)
        return time.perf_counter() - begun

    with ThreadPoolExecutor(operators) as pool:
        begun = time.perf_counter()
        times = list(pool.map(timed, range(responses)))
        return Figure(way, key, responses, time.perf_counter() - begun, max(times))


def main() -> None:
    """Print a line for each way."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("responses", type=int, nargs="?", default=RESPONSES, help="how many (200)")
    figures = measured(parser.parse_args().responses)
    times = ratios(figures)
    print(f"Responses by {OPERATORS} operators at once, on {os.cpu_count()} cores:")
    for each in figures:
        print(
            f"{each.key:>4}, {each.way:24} {each.responses:4} in {each.seconds:6.2f} s:"
            f" {each.rate:6.1f} a second, {times[each.way, each.key]:5.1f} times;"
            f" the slowest {each.longest:.2f} s"
        )


if __name__ == "__main__":
    main()

"""A module attacks by all that can be drawn, again and again, beside an honest one."""

from __future__ import annotations

import random
from collections import Counter
from contextlib import suppress
from importlib.metadata import EntryPoint

from frames import Frames
from hostile import Bench
from lockwright import Config, Runner
from lockwright.errors import LastTry, LockwrightError
from lockwright.models import Listing, PinState, Token
from lockwright.registry import Registry
from lockwright.secret import Secret
from lockwright_testkit.sim import USER_PIN, Simulator

POINTS = [
    EntryPoint("attacker", "attacker:adapter", "lockwright"),
    EntryPoint("jacarta", "lockwright_jacarta:adapter", "lockwright"),
]
DEEDS = ("end silently", "die by a real-time signal", *["end soon"] * 3)
"""None that only a deadline ends: half a frame is waited for until then."""


class Onslaught:
    """The attacker's module and an honest token that has one try of its PIN left.

    Args:
        bench: the attacker.
        honest: the token.
        seed: what is drawn.
    """

    def __init__(self, bench: Bench, honest: Simulator, seed: int) -> None:
        honest.set("user.tries", 1, slot=0)
        self._bench = bench
        self._honest = honest
        self._draw = random.Random(seed)  # noqa: S311  # to be had again
        self._frames = Frames(self._draw, bench.device.module, honest.module)
        self._config = Config(
            audit=None,
            adapters={
                "attacker": bench.config.adapters["attacker"],
                "jacarta": {"modules": [str(honest.module)]},
            },
            deadlines=bench.config.deadlines,
        )
        self.told: Counter[str] = Counter()
        """What was told of the attacker's module, by code."""

    def run(self, times: int) -> None:
        """Attack, and find the honest token unharmed each time."""
        with self._runner() as runner:
            before = self._token(runner)
            listed, logins = runner.list(before), self._honest.counts().get("C_Login", 0)
            for number in range(times):
                self._attack()
                self._look(runner, before)
                if number % 100 == 0 or number == times - 1:
                    self._unharmed(runner, before, listed)
        assert self._honest.counts().get("C_Login", 0) == logins, "no PIN was sent"
        assert self._honest.tries() == 1
        with self._runner(use_last_try=True) as runner:
            inside = runner.list(self._token(runner), Secret(USER_PIN))
        assert inside.digest == listed.digest

    def _attack(self) -> None:
        does = self._draw.choice(DEEDS)
        at = self._draw.choice(("open", "open", "state", "list"))
        self._bench.plan(at, *self._frames.some(), does=does)

    def _look(self, runner: Runner, before: Token) -> None:
        seen = runner.detect()
        assert before in seen.tokens
        for problem in seen.problems:
            assert problem.error.adapter == "attacker", problem
            self.told[problem.error.code] += 1
        for token in seen.tokens[:3]:
            if token.adapter == "attacker":
                with suppress(LockwrightError):
                    runner.list(token)

    def _unharmed(self, runner: Runner, before: Token, listed: Listing) -> None:
        token = self._token(runner)
        assert token == before
        assert token.state.user_pin is not None
        assert token.state.user_pin.state is PinState.FINAL_TRY
        assert runner.list(token) == listed
        try:
            runner.list(token, Secret(USER_PIN))
        except LastTry:
            return
        raise AssertionError("the last try was not spared")

    def _token(self, runner: Runner) -> Token:
        [token] = [each for each in runner.detect().tokens if each.adapter == "jacarta"]
        return token

    def _runner(self, *, use_last_try: bool = False) -> Runner:
        return Runner(self._config, registry=Registry(found=POINTS), use_last_try=use_last_try)

"""What is stopped on a token with two containers, and what must hold of it then."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from lockwright.config import Config
from lockwright.errors import PinIncorrect, Stopped
from lockwright.explain import explain
from lockwright.models import Token
from lockwright.models.settings import Settings
from lockwright.runner import Runner
from lockwright.secret import Secret

from lockwright_testkit import stops
from lockwright_testkit.sim.simulator import SO_PIN, USER_PIN, Simulator

NEW_PIN = "Maple-drum-77"
Work = Callable[[], object]


def opened(device: Simulator, binding: str) -> Runner:
    """A runner for a token of SoftHSM's strings, over a binding."""
    settings: dict[str, Settings] = {
        "softhsm": {"binding": binding, "modules": [str(device.module)]}
    }
    return Runner(Config(audit=None, adapters=settings), modules=[device.module])


@dataclass(frozen=True)
class Scene:
    """An operation."""

    name: str
    """What it is called."""
    work: Callable[[Runner], Work]
    """Gets ready for it, which is not stopped; what it gives back is the operation."""
    ends: frozenset[int]
    """How many containers there may be when it was stopped."""

    def __str__(self) -> str:
        return self.name

    def stopped(self, runner: Runner, device: Simulator, call: tuple[str, int]) -> list[str]:
        """Stop it in a call, then do something else with the same runner.

        Args:
            runner: looks at the token's module.
            device: the token.
            call: the call, as ``stops.calls_of`` has it.

        Returns:
            What is wrong.
        """
        tries = device.tries("user"), device.tries("so")
        error = stops.stopped_in(device, call, self.work(runner), runner.stop)
        wrong = [] if isinstance(error, Stopped) and error.cost else [f"it ended with {error!r}"]
        if isinstance(error, Stopped) and "crash" in explain(error).message:
            wrong.append("somebody is blamed")
        if (device.tries("user"), device.tries("so")) != tries:
            wrong.append("a try was spent")
        token = runner.find()
        shown = _listed(runner, token)
        if len(shown) not in self.ends:
            wrong.append(f"there are {shown}")
        return [f"{self.name}, {call}: {each}" for each in wrong]


def _listed(runner: Runner, token: Token) -> list[str]:
    """Labels of the containers, under whichever PIN it has now."""
    try:
        found = runner.list(token, Secret(USER_PIN))
    except PinIncorrect:
        found = runner.list(token, Secret(NEW_PIN))
    return [each.label for each in found.containers]


def _find(runner: Runner) -> Work:
    return runner.find


def _list(runner: Runner) -> Work:
    token, pin = runner.find(), Secret(USER_PIN)
    return lambda: runner.list(token, pin)


def _delete(runner: Runner) -> Work:
    token, pin = runner.find(), Secret(USER_PIN)
    plan = runner.plan_delete(token, pin, ["c0"])
    return lambda: runner.apply(token, pin, plan)


def _unblock(runner: Runner) -> Work:
    token = runner.find()
    return lambda: runner.unblock(token, Secret(SO_PIN), Secret(NEW_PIN))


def _request(runner: Runner) -> Work:
    token, pin = runner.find(), Secret(USER_PIN)
    return lambda: runner.request(token, pin, "CN=Anna", key_type="ec:p256", label="new")


SCENES = (
    Scene("find", _find, frozenset({2})),
    Scene("list", _list, frozenset({2})),
    Scene("delete", _delete, frozenset({1, 2})),
    Scene("unblock", _unblock, frozenset({2})),
    Scene("request", _request, frozenset({2, 3})),
)
"""Each operation that a person waits for, beside an enrolment and a Request."""

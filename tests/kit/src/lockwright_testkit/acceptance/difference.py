"""Where the simulator differs from a token, as settings of a personality.

A simulated token with the personality's defaults is asked just what the real one was asked, and
then once more with the settings that were found, so that they are known to do what they say.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from lockwright.secret import Secret

from lockwright_testkit.acceptance.probes.ask import ask
from lockwright_testkit.acceptance.probes.rules import KINDS
from lockwright_testkit.sim import Simulator

OWN = frozenset({"label", "serial", "reader", "slot.first"})
"""Settings that are of one token or computer, and of no personality."""
_A_STATE = "a state, of no personality"
_A_PAD = "only a person at the pad sees it"
_REFUSES = "only where the token refuses"
_BEFOREHAND = "which object it is, nobody knows beforehand"
_RESPONSE = "only where it is unblocked by a Response"
NOT_SEEN: Mapping[str, str] = {
    "softhsm": "of the computer",
    "slot.moves": "only by pulling the token out",
    "user.change.first": "only on a token whose PIN is to be changed",
    "so.tries.max": "only by locking the SO PIN for good: --lock-so",
    "pad.answer": _A_PAD,
    "pad.user.pin": _A_PAD,
    "pad.so.pin": _A_PAD,
    "pad.new.pin": _A_PAD,
    "undestroyable": _BEFOREHAND,
    "undestroyable.rv": _BEFOREHAND,
    "challenge": _A_STATE,
    "waiting.pin": _A_STATE,
    "complexity.waiting": _A_STATE,
    "user.unblocks": _A_STATE,
    "unlock.count": _A_STATE,
    "delay": "only from five milliseconds a call",
    "user.policy.age": "only where the token refuses a second new PIN, and not how many days",
    "so.policy.age": "only where the token refuses a second new PIN, and not how many days",
    "tries.low": "only where wrong PINs are counted",
    "tries.linger": "only where the SO PIN gives the user PIN back",
    "id.unique.rv": _REFUSES,
    "attributes.most.rv": _REFUSES,
    "attribute.absent.rv": _REFUSES,
    "pin.weak.rv": _REFUSES,
    "pin.length.rv": _REFUSES,
    "memory": "the token keeps it to itself",
    **dict.fromkeys(("rsa.min", "rsa.max", "ec.min", "ec.max"), "only where it makes such keys"),
    "so.login.rv": "only where the SO PIN does not open it",
    "change.after.unlock": "only where the token asks for it",
    "response.wrong.rv": _RESPONSE,
    "unlock.wrong.rv": _RESPONSE,
    "unlock.wrong.try": _RESPONSE,
    "challenge.length": _RESPONSE,
    "response.length": "only where the token tells a Response of another length from a wrong one",
    "user.tries.max": "only where the SO PIN gives the user PIN back",
}
"""Why a token may not show a setting; of all others only the vendor's own functions tell."""
_SHOWN_IN: Mapping[str, str] = {
    **dict.fromkeys(("sharing.violation", "id.unique", "attributes.unavailable"), "contents"),
    "attributes.most": "attributes",
    **dict.fromkeys(("user.tries.max", "tries.low"), "tries"),
    "tries.linger": "unlock",
    "so.tries.max": "so-tries",
}
"""The step that shows a setting, of those that may be left out."""
_RULES: tuple[str, ...] = (
    "min",
    "max",
    "upper",
    "lower",
    "digits",
    "special",
    "alpha",
    "nonalpha",
    "kinds",
)
_RULES += ("repeat", "sequence", "history", "age")
_DEVICE = ("slot.moves", "slots.empty", "sharing.violation")
_LIBRARY = ("manufacturer", "description", "version", "cryptoki")
_STATE: tuple[str, ...] = (
    "card.",
    "user.pin",
    "so.pin",
    "user.history",
    "so.history",
    "personality",
    "memory.used",
)
_STATE += ("new.", "user.changed", "so.changed", "user.lingers", "so.lingers", "attributes.long")
_OF_LIBRARY = frozenset({"C_Initialize", "C_Finalize", "C_GetInfo", "C_GetSlotList"})
"""Functions that ask no token, so a slow one does not slow them."""
_SLOW = 5.0
"""Milliseconds from which on a call counts as slow: a busy computer makes less of it."""
_FEW = 3


@dataclass(frozen=True)
class Difference:
    """What differs."""

    settings: Mapping[str, str]
    """To be given to the personality."""
    unlike: Mapping[str, tuple[str, str]]
    """What no setting stands for: the token's answer and the simulator's."""
    unseen: Mapping[str, str]
    """Settings that this report says nothing of, and why."""
    left: Mapping[str, tuple[str, str]]
    """What still differs with the settings: the token's answer and the simulator's."""


def compare(report: Mapping[str, Any], personality: str) -> Difference:
    """Hold a personality against a report.

    Args:
        report: as ``report.read`` gives it.
        personality: its name.

    Raises:
        SimulatorError, BuildError: there is no such personality, or it cannot be built.
    """
    seen: dict[str, str] = dict(report["seen"])
    probes = [each["step"] for each in report["measured"] if each["functions"]]
    with TemporaryDirectory() as folder:
        plain = Simulator.create(Path(folder) / "defaults", personality)
        shown = _shown(plain)
        before, times = _asked(plain, probes, seen)
        known = _known(shown)
        ignored = OWN if "info.pin.min" in known else OWN | {"info.pin.min", "info.pin.max"}
        differing = {
            name: value
            for name, value in seen.items()
            if name not in ignored and before.get(name, shown.get(name, value)) != value
        }
        settings = {
            name: value
            for name, value in differing.items()
            if name in known and shown.get(name) != value and _is_value(name, value)
        } | _slowness(report, times)
        tried = Simulator.create(Path(folder) / "tried", personality, settings=settings)
        after, _ = _asked(tried, probes, seen)
    return Difference(
        settings=settings,
        unlike={
            name: (value, before.get(name, ""))
            for name, value in differing.items()
            if name not in known or not _is_value(name, value)
        },
        unseen={
            name: _unseen(name, probes)
            for name in sorted(known - seen.keys() - OWN - settings.keys())
        },
        left={
            name: (value, after[name])
            for name, value in differing.items()
            if name in settings and name in after and after[name] != value
        },
    )


def _unseen(name: str, probes: Collection[str]) -> str:
    """Why a report says nothing of a setting."""
    who, _, rule = name.partition(".policy.")
    step = f"{who}-rules" if rule else _SHOWN_IN.get(name, "look" if "look" not in probes else "")
    if step and step not in probes:
        return f"the step {step} was not done"
    return NOT_SEEN.get(name) or "only the vendor's own functions show it"


def fitting(seen: Mapping[str, str], who: str) -> str:
    """A PIN that keeps the rules that were seen.

    Args:
        seen: what the token showed.
        who: ``user`` or ``so``.
    """
    rules = {rule: int(seen.get(f"{who}.policy.{rule}", "0")) for rule in _RULES}
    kinds = [kind for kind in KINDS if rules[kind] >= 0]
    length = min(max(rules["min"], 12), rules["max"] or 12)
    wanted = [kind for kind in kinds for _ in range(rules[kind])]
    wanted = [*wanted, *(kinds[place % len(kinds)] for place in range(length))]
    return "".join(KINDS[kind][place % len(KINDS[kind])] for place, kind in
                   enumerate(wanted[:max(length, 1)]))  # fmt: skip


def _asked(
    device: Simulator, probes: list[str], seen: Mapping[str, str]
) -> tuple[dict[str, str], dict[str, float]]:
    """What a simulated token answers, and the medians of its functions in seconds."""
    answers: dict[str, str] = {}
    times: dict[str, float] = {}
    pins = {who: fitting(seen, who) for who in ("user", "so")}
    for who, pin in pins.items():
        device.set(f"{who}.pin", pin, slot=0)
    serial = device.show()["slot0.serial"]
    with Secret(pins["user"]) as pin_, Secret(pins["so"]) as so_pin:
        for probe in probes:
            answer = ask(probe, device.module, serial, pin_, so_pin, device.environment)
            answers |= answer.seen
            times |= {name: each["median"] for name, each in answer.calls.items()}
    return answers, times


def _slowness(report: Mapping[str, Any], times: Mapping[str, float]) -> dict[str, str]:
    """By how many milliseconds every call is slower, and which are slower still."""
    slower = {
        name: (each["median"] - times[name]) * 1000
        for step in report["measured"]
        for name, each in step["functions"].items()
        if name in times and name not in _OF_LIBRARY and each["calls"] >= _FEW
    }
    every = min(slower.values(), default=0.0)
    settings = {"delay": str(int(every))} if every >= _SLOW else {}
    rest = every if settings else 0.0
    return settings | {
        f"delay.{name}": str(int(much))
        for name, much in sorted(slower.items())
        if much >= 2 * rest + _SLOW
    }


def _shown(device: Simulator) -> dict[str, str]:
    shown = {name.removeprefix("slot0."): value for name, value in device.show().items()}
    return {"slot.moves": "no", **shown}


def _known(shown: Mapping[str, str]) -> set[str]:
    """The settings of a personality that stand for how a token is."""
    own = {name for name in shown if not name.startswith(_STATE)}
    own -= {"faults", "folder", "insertions", "module", "plugged", "trace", "version"}
    own -= {"user.tries", "so.tries", "puk.tries"}
    rules = {f"{who}.policy.{rule}" for who in ("user", "so") for rule in _RULES}
    return own | rules | {*_DEVICE, *(f"library.{name}" for name in _LIBRARY)}


def _is_value(name: str, value: str) -> bool:
    """Whether a setting can have that value: some answers are sentences, or several codes."""
    return " " not in value or name in {"model", "manufacturer"} or name.startswith("library.")

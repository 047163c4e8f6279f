"""Settings drawn at random are found again by certify and compare, or give the same answers.

``SEED`` names where to begin, ``ROUNDS`` how many tokens are asked of each personality. Settings
that stand for the same are not told apart from outside, so what is held against a token is a
simulated one with the settings that were pasted: nothing of it may be answered otherwise.
"""

from __future__ import annotations

import json
import os
import random
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from lockwright_testkit.acceptance.difference import fitting
from lockwright_testkit.bank import SOFTHSM
from lockwright_testkit.cli.app import main
from lockwright_testkit.sim.applet import Setting
from lockwright_testkit.sim.fixtures import SimulatorFactory

SEED, ROUNDS = int(os.environ.get("SEED", "1")), int(os.environ.get("ROUNDS", "5"))
Draws = Callable[[random.Random], Setting]


YES_OR_NO: tuple[Setting, ...] = (True, False)


DRAWN: Mapping[str, Draws] = {
    "user.tries.max": lambda draw: draw.randint(3, 15),
    "so.tries.max": lambda draw: draw.randint(3, 15),
    "tries.low": lambda draw: draw.randint(0, 2),
    "tries.linger": lambda draw: draw.choice(YES_OR_NO),
    "firmware": lambda draw: f"{draw.randint(1, 9)}.{draw.randint(0, 9)}",
    "rsa.max": lambda draw: draw.choice((2048, 3072, 8192)),
    "attributes.most": lambda draw: draw.randint(6, 40),
    "attributes.unavailable": lambda draw: draw.choice(YES_OR_NO),
    "id.unique": lambda draw: draw.choice(YES_OR_NO),
    **{
        f"{who}.policy.{rule}": draws
        for who in ("user", "so")
        for rule, draws in {
            "min": lambda draw: draw.randint(4, 9),
            "max": lambda draw: draw.randint(14, 20),
            "upper": lambda draw: draw.randint(0, 2),
            "lower": lambda draw: draw.randint(0, 2),
            "digits": lambda draw: draw.randint(0, 2),
            "alpha": lambda draw: draw.randint(0, 3),
            "nonalpha": lambda draw: draw.randint(0, 3),
            "kinds": lambda draw: draw.randint(0, 4),
            "repeat": lambda draw: draw.randint(2, 4),
            "sequence": lambda draw: draw.randint(2, 4),
            "history": lambda draw: draw.randint(0, 8),
        }.items()
    },
}
"""What is drawn, of the settings that every personality has."""
KINDS = {
    "upper": "KTRWMZPHDBXLQ",
    "lower": "vncyjsgpaeowr",
    "digits": "8462093571",
    "special": "!#%+-=?@*",
}
GROUPS = {"alpha": ("upper", "lower"), "nonalpha": ("digits", "special")}
RULES = [
    f"{who}.policy.{rule}"
    for who in ("user", "so")
    for rule in ("min", "max", *KINDS, *GROUPS, "kinds")
]
PERSONALITIES = ("plain", "etoken", "jacarta-pki", "jacarta-pro")


def drawn_pin(draw: random.Random) -> str:
    """A PIN of some kinds, which no rule about neighbours refuses."""
    kinds = draw.sample(sorted(KINDS), draw.randint(1, 4))
    letters = [KINDS[draw.choice(kinds)] for _ in range(draw.randint(3, 22))]
    return "".join(each[(2 * place) % len(each)] for place, each in enumerate(letters))


def keeps(pin: str, who: str, rules: Mapping[str, str]) -> bool:
    """Whether a PIN keeps the rules of kinds and lengths."""
    has = {kind: sum(letter in letters for letter in pin) for kind, letters in KINDS.items()}
    has |= {name: sum(has[kind] for kind in kinds) for name, kinds in GROUPS.items()}
    wanted = {rule: int(rules[f"{who}.policy.{rule}"] or 0) for rule in (*has, "min", "max")}
    return (
        len(pin) >= wanted["min"]
        and (not wanted["max"] or len(pin) <= wanted["max"])
        and sum(bool(has[kind]) for kind in KINDS) >= int(rules[f"{who}.policy.kinds"] or 0)
        and all(not has[name] if wanted[name] < 0 else has[name] >= wanted[name] for name in has)
    )


@pytest.mark.parametrize("seed", range(SEED, SEED + ROUNDS))
@pytest.mark.parametrize("personality", PERSONALITIES)
def test_a_token_of_drawn_settings_is_told_by_settings_that_answer_alike(
    personality: str,
    seed: int,
    sim: SimulatorFactory,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("sys.stdin", None)
    draw = random.Random(seed)  # noqa: S311  # settings of a test
    names = draw.sample(sorted(DRAWN), 8)
    settings = {name: DRAWN[name](draw) for name in names}
    rules = {name: str(value) for name, value in settings.items()}
    pins = {who: fitting(rules, who) for who in ("user", "so")}
    for name, pin in pins.items():
        Path(name).touch(mode=0o600)
        Path(name).write_text(pin)
    own = SOFTHSM if personality == "plain" else {}
    device = sim(
        personality, user_pin=pins["user"], so_pin=pins["so"], settings={**own, **settings}
    )
    serial = device.show()["slot0.serial"]

    token = ("--token", serial, "--confirm", serial, "--module", str(device.module))
    given = ("--folder", "r", "--pin-file", "user", "--so-pin-file", "so")
    how = ("--without-hands", "--lock-so", "--personality", personality)
    assert main(["certify", *token, *given, *how]) == 0, settings
    capsys.readouterr()
    assert main(["compare", "r", personality, "--json"]) in (0, 1)
    found = json.loads(capsys.readouterr().out)

    assert found["left"] == {}, settings
    plain = sim(personality, settings=own).show()
    before = {name.removeprefix("slot0."): value for name, value in plain.items()}
    real = {name: str(settings.get(name, before.get(name, "0"))) for name in RULES}
    pasted = {name: found["settings"].get(name, before.get(name, "0")) for name in RULES}
    for pin in (drawn_pin(draw) for _ in range(300)):
        for who in ("user", "so"):
            assert keeps(pin, who, real) == keeps(pin, who, pasted), (pin, who, settings, found)
    told = {name: found["settings"].get(name) for name in settings if "policy" not in name}
    for name, value in told.items():
        default = device.show().get(f"slot0.{name}")
        assert value in (None, default), f"{name}: {settings}"

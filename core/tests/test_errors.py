"""The tree of errors: what programs and shells rely on."""

from __future__ import annotations

import re
import string
from typing import Any

import pytest
from lockwright import errors
from lockwright.errors import (
    LockwrightError,
    NoToken,
    PinIncorrect,
    PinLocked,
    PolicyNotKept,
    base,
    every_error,
)

EVERY = {
    code: kind for code, kind in every_error().items() if kind.__module__.startswith("lockwright.")
}


def tree() -> dict[str, int]:
    """Class and exit code, as the docstring of the base draws them."""
    drawn: dict[str, int] = {}
    text = str(base.__doc__).partition("::\n")[2]
    code = 0
    for line in filter(None, map(str.strip, text.splitlines())):
        if found := re.fullmatch(r"(\w+) +(\d+)(?: +(.*))?", line):
            name, code, line = found[1], int(found[2]), found[3] or ""  # noqa: PLW2901  # the rest
            drawn[name] = code
        drawn |= dict.fromkeys(re.findall(r"\w+", line), code)
    return drawn


def test_the_tree_in_the_docstring_is_the_tree() -> None:
    assert tree() == {kind.__name__: kind.exit_code for kind in EVERY.values()}


def test_every_error_can_be_imported_from_one_place() -> None:
    assert {kind.__name__ for kind in EVERY.values()} <= set(errors.__all__)
    assert all(getattr(errors, kind.__name__) is kind for kind in EVERY.values())
    assert len(errors.__all__) == len(set(errors.__all__)), "no two families have one name"


def test_codes_are_unique_and_plain() -> None:
    def classes(kind: type[LockwrightError]) -> list[type[LockwrightError]]:
        return [kind, *(c for child in kind.__subclasses__() for c in classes(child))]

    codes = [kind.code for kind in classes(LockwrightError) if kind in EVERY.values()]

    assert len(codes) == len(set(codes)) == len(EVERY)
    assert all(re.fullmatch(r"[a-z]+(-[a-z]+)*", code) for code in codes)


def test_an_exit_code_belongs_to_one_branch_and_never_to_success_or_usage() -> None:
    branches = LockwrightError.__subclasses__()
    codes = [kind.exit_code for kind in branches if kind in EVERY.values()]

    assert len(codes) == len(set(codes))
    assert not {0, 1, 2} & set(codes)
    for kind in EVERY.values():
        for branch in branches:
            assert not issubclass(kind, branch) or kind.exit_code == branch.exit_code


@pytest.mark.parametrize("kind", EVERY.values(), ids=list(EVERY))
def test_a_message_names_only_facts_of_its_error(kind: type[LockwrightError]) -> None:
    for text in (kind.message, kind.advice, kind.usual_cost):
        named = {name for _text, name, _spec, _conversion in string.Formatter().parse(text) if name}

        assert named <= set(kind.facts_named)


@pytest.mark.parametrize("kind", EVERY.values(), ids=list(EVERY))
def test_an_error_takes_exactly_its_facts(kind: type[LockwrightError]) -> None:
    facts: dict[str, Any] = dict.fromkeys(kind.facts_named, "x")

    assert kind(**facts).facts == facts
    with pytest.raises(TypeError):
        kind(**facts, more="x")
    for name in facts:
        with pytest.raises(TypeError):
            kind(**{other: fact for other, fact in facts.items() if other != name})


def test_an_error_says_what_happened_what_it_cost_and_what_to_do() -> None:
    assert str(PinIncorrect(role="user PIN", tries_left=2, state=None)) == (
        "The user PIN is wrong. One try was spent. "
        "Do not guess: when no tries are left it is locked."
    )
    assert str(NoToken(cost="")).startswith("No token was found. Insert the token")


def test_an_advice_names_the_facts_of_its_error_too() -> None:
    told = str(PolicyNotKept(serial="0001", rules=("min_length",)))
    assert told.endswith("lockwright policy show --token 0001")


def test_the_cost_can_be_told_by_whoever_knows_better() -> None:
    assert PinLocked(role="PIN").cost == errors.NOTHING
    assert PinLocked(role="PIN", cost=errors.TRY_SPENT).cost == errors.TRY_SPENT


def test_an_error_keeps_what_the_token_answered() -> None:
    error = PinLocked(role="PIN", ckr=0xA4, adapter="softhsm")

    assert (error.ckr, error.adapter) == (0xA4, "softhsm")

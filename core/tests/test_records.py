"""A frozen dataclass whose methods are made late is what the standard library's would be."""

from __future__ import annotations

import copy
import inspect
import pickle
import signal
import sys
from collections.abc import Callable
from dataclasses import FrozenInstanceError, field, fields, make_dataclass, replace
from dataclasses import dataclass as at_once
from pathlib import Path
from types import FrameType

import pytest
from lockwright.models import ModuleInfo, Token, TokenIdentity
from lockwright.records import dataclass as late


def made(dataclass: Callable[..., Callable[[type], type]]) -> type:
    class Thing:
        """A thing."""

        name: str
        parts: tuple[str, ...] = ()
        facts: dict[str, int] = field(default_factory=dict, repr=False, compare=False)

    return dataclass(frozen=True, slots=True)(Thing)


@pytest.mark.parametrize(
    "ask",
    [
        lambda thing: repr(thing("a", ("b",))),
        lambda thing: thing("a") == thing("a", facts={"b": 1}),
        lambda thing: thing("a") == thing("b"),
        lambda thing: thing("a") == "a",
        lambda thing: hash(thing("a")),
        lambda thing: thing(name="a").facts,
        lambda thing: repr(replace(thing("a"), name="b")),
        lambda thing: [each.name for each in fields(thing)],
        lambda thing: thing.__match_args__,
        lambda thing: str(inspect.signature(thing)),
        lambda thing: thing.__slots__,
        lambda thing: repr(copy.deepcopy(thing("a"))),
    ],
)
def test_a_class_whose_methods_are_made_late_answers_as_the_standard_library_s(
    ask: Callable[[type], object],
) -> None:
    assert ask(made(late)) == ask(made(at_once))


@pytest.mark.parametrize(
    "ask",
    [
        lambda thing: thing(),
        lambda thing: thing("a", (), {}, 1),
        lambda thing: thing("a", colour="red"),
        lambda thing: setattr(thing("a"), "name", "b"),
        lambda thing: setattr(thing("a"), "colour", "red"),
        lambda thing: delattr(thing("a"), "name"),
        lambda thing: hash(thing(["a"])),
    ],
)
def test_a_mistake_is_told_in_the_same_words_when_the_methods_are_made_late(
    ask: Callable[[type], object],
) -> None:
    told = []
    for dataclass in (late, at_once):
        with pytest.raises((TypeError, FrozenInstanceError)) as caught:
            ask(made(dataclass))
        told.append((type(caught.value), str(caught.value)))
    assert told[0] == told[1]


def test_what_derives_from_a_frozen_class_may_be_frozen_by_the_standard_library() -> None:
    class Special(made(late)):  # type: ignore[misc]  # made above
        """A special thing."""

        colour: str = "red"

    assert repr(at_once(frozen=True)(Special)("a")).endswith("colour='red')")


def test_a_model_that_passes_through_pickle_is_the_same() -> None:
    module = ModuleInfo(Path("/m.so"), "maker", "", (1, 0))
    token = Token(TokenIdentity("01", "", "Odd", "Odd", module, 0, ""), None, "")
    assert pickle.loads(pickle.dumps(token)) == token  # noqa: S301  # our own


def test_methods_are_not_made_before_they_are_used() -> None:
    thing = made(late)
    assert "__code__" not in dir(vars(thing)["__init__"])
    thing("a")
    assert "__code__" in dir(vars(thing)["__init__"])


@pytest.mark.parametrize(
    "use",
    [
        lambda one, other: one == other,
        lambda one, _other: hash(one),
        lambda one, _other: repr(one),
        lambda one, _other: setattr(one, "name", "b"),
        lambda one, _other: delattr(one, "name"),
    ],
)
def test_ctrl_c_is_not_lost_when_it_comes_while_a_method_is_made(
    use: Callable[[object, object], object],
) -> None:
    thing = made(late)
    one, other = thing("a"), thing("a")

    def interrupt(frame: FrameType, _event: str, _argument: object) -> None:
        if frame.f_code is make_dataclass.__code__:
            sys.setprofile(None)
            signal.raise_signal(signal.SIGINT)

    sys.setprofile(interrupt)
    try:
        with pytest.raises(KeyboardInterrupt):
            use(one, other)
    finally:
        sys.setprofile(None)
    assert one == other
    assert len({one, other}) == 1

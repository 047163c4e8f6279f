"""A class derived from StandardAdapter is refused when it is made, if it cannot be right."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from lockwright.adapter import StandardAdapter


def derive(**body: object) -> type[StandardAdapter]:
    return type("Derived", (StandardAdapter,), body)


async def waits(self: object) -> None:
    del self


def yields(self: object) -> Iterator[object]:
    yield self


def test_a_hook_that_models_differ_in_must_take_the_token() -> None:
    kind = derive(not_offered={"wipe": {"One": "no"}}, lockwright_wipe=lambda self: self)

    with pytest.raises(TypeError, match="lockwright_wipe must take the token, since models differ"):
        kind()


@pytest.mark.parametrize(
    ("body", "told"),
    [
        (
            {"lockwright_lst": lambda self: self},
            "Derived.lockwright_lst is no hook of the contract; is lockwright_list meant?",
        ),
        (
            {"lockwright_list": lambda self, modules: (self, modules)},
            "Derived.lockwright_list takes modules; lockwright_list gives module, token, pin",
        ),
        (
            {"lockwright_list": lambda self, module, pin=None: (self, module, pin)},
            "Derived.lockwright_list has a default for pin, so lockwright_list would not give it",
        ),
        ({"lockwright_list": 5}, "Derived.lockwright_list is neither a method nor a staticmethod"),
        (
            {"lockwright_list": classmethod(lambda cls: cls)},
            "Derived.lockwright_list is neither a method nor a staticmethod",
        ),
        (
            {"lockwright_list": lambda self, **more: (self, more)},
            "Derived.lockwright_list: **more is not given; lockwright_list gives module",
        ),
        (
            {"lockwright_list": lambda self, *, pin: (self, pin)},
            "Derived.lockwright_list: pin is not given; lockwright_list gives module",
        ),
        (
            {"lockwright_list": lambda self, pn=None: (self, pn)},
            "Derived.lockwright_list takes pn; lockwright_list gives module, token, pin",
        ),
        ({"lockwright_list": waits}, "Derived.lockwright_list is a generator or a coroutine"),
        ({"lockwright_list": yields}, "Derived.lockwright_list is a generator or a coroutine"),
        ({"not_offered": ["wipe"]}, "Derived.not_offered is no mapping of hooks to reasons"),
        ({"not_offered": {"wipe": None}}, "Derived.not_offered: wipe has no reason"),
        ({"not_offered": {"wipe": ""}}, "Derived.not_offered: wipe has no reason"),
        ({"not_offered": {"wipe": {"One": 1}}}, "Derived.not_offered: wipe has no reason"),
        ({"not_offered": {"match": "no"}}, "names match, which every adapter answers"),
        (
            {"not_offered": {"erase": {"One": "no"}}},
            "Derived answers lockwright_erase on no model: give one reason",
        ),
        ({"own_settings": {"ratio": float}}, "the setting ratio is of the type"),
        (
            {"not_offered": {"lockwright_wipe": "no"}},
            "Derived.not_offered names lockwright_wipe, which is no hook",
        ),
        (
            {"not_offered": {"wip": "no"}},
            "Derived.not_offered names wip, which is no hook; is wipe meant?",
        ),
        (
            {"not_offered": {"wipe": "no"}, "lockwright_wipe": lambda self: self},
            "Derived answers lockwright_wipe and does not offer it",
        ),
    ],
    ids=range(20),
)
def test_a_class_that_cannot_be_right_is_refused_when_it_is_made(
    body: dict[str, object], told: str
) -> None:
    with pytest.raises(TypeError) as refused:
        derive(**body)

    assert told in str(refused.value)

"""The adapters in "Write an adapter" are true: each is made, and its state keeps the contract."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from lockwright.adapter import StandardAdapter
from lockwright.models import ModuleInfo, TokenIdentity
from lockwright_testkit.conformance import Subject
from lockwright_testkit.conformance.bench import Bench, opened
from lockwright_testkit.conformance.hooks.state import StateTests
from lockwright_testkit.sim.fixtures import SimulatorFactory

PAGE = Path(__file__).parents[1] / "docs" / "how-to" / "write-an-adapter.md"
BLOCKS = re.findall(r"^```python\n(.*?)^```$", PAGE.read_text(), re.MULTILINE | re.DOTALL)
CLASSES = [block for block in BLOCKS if "(StandardAdapter):" in block]


def made(block: str) -> StandardAdapter:
    """The adapter of a block, for the tokens that the page is about."""
    scope: dict[str, object] = {"__name__": "acme"}
    exec(compile(block, str(PAGE), "exec", dont_inherit=True), scope)  # noqa: S102  # our own page
    kind = next(
        each
        for each in scope.values()
        if isinstance(each, type) and each.__name__ in {"Acme", "Nss"}
    )
    assert issubclass(kind, StandardAdapter)
    named = {"tokens": {"Acme Ltd": ("Acme One",)}, "modules": ()}
    tried: StandardAdapter = type("Tried", (kind,), named)()
    return tried


@pytest.mark.parametrize("block", CLASSES, ids=range(len(CLASSES)))
def test_every_adapter_of_the_page_is_one(block: str) -> None:
    answers = made(block).answers

    assert all(answer.kind.value != "missing" for answer in answers.values())


def test_the_page_shows_what_an_adapter_may_differ_in() -> None:
    shown = "".join(CLASSES)
    for word in ("lockwright_state", "lockwright_respond", "not_offered", "reserved", "tokens ="):
        assert word in shown


def test_the_module_decides_where_tokens_are_named_after_somebody_else() -> None:
    block = next(block for block in CLASSES if "def lockwright_match" in block)
    module = ModuleInfo(Path("/usr/lib/acme/libacme11.so"), "Acme Ltd", "Acme 11", (2, 1))
    ours = TokenIdentity("01", "Anna", "SW TPM", "Whoever made the chip", module, 0, "A reader")
    of_another = replace(ours, module=replace(module, manufacturer="Somebody"))

    claims = [made(block).lockwright_match(each) for each in (ours, of_another)]

    assert claims[0] is not None
    assert claims[1] is None


class TestStateOfThePage(StateTests):
    """It must not call a locked PIN in order, nor count what the token does not tell."""

    @pytest.fixture
    def bench(self, sim: SimulatorFactory) -> Iterator[Bench]:
        block = next(block for block in CLASSES if "def lockwright_state" in block)
        device = sim(settings={"manufacturer": "Acme Ltd", "model": "Acme One"})
        with opened(Subject.simulated(made(block), device)) as bench:
            yield bench

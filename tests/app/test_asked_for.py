"""Into a folder of ``make app`` goes what its adapters ask for: no GPL that none of them needs."""

from __future__ import annotations

from collections.abc import Callable
from importlib.metadata import distribution, distributions
from pathlib import Path

import pytest
from app.asked_for import sorted_out

LOCKED = Path(__file__).parents[2] / "requirements" / "runtime.txt"
BINDINGS = {"python-pkcs11", "pykcs11"}
OTHERS = ("lockwright", "cryptography", "click")


@pytest.fixture
def installed(tmp_path: Path) -> Callable[..., list[str]]:
    """Where these are installed, beside both bindings: a folder, as a list to look in."""

    def install(*names: str) -> list[str]:
        for name in (*OTHERS, *BINDINGS, *names):
            folder = tmp_path / f"{name.replace('-', '_')}-1.dist-info"
            folder.mkdir()
            told = distribution(name).read_text("METADATA") or ""
            (folder / "METADATA").write_text(told, encoding="utf-8")
        return [str(tmp_path)]

    return install


@pytest.mark.parametrize(
    ("adapter", "binding"),
    [("lockwright-jacarta", "python-pkcs11"), ("lockwright-etoken", "pykcs11")],
)
def test_the_binding_that_no_adapter_asks_for_stays_out(
    adapter: str, binding: str, installed: Callable[..., list[str]]
) -> None:
    there = list(distributions(path=installed(adapter)))

    inside, left = sorted_out([LOCKED], there)

    assert {each.name.lower() for each in inside} == {adapter, binding, *OTHERS}
    assert {each.name.lower() for each in left} == BINDINGS - {binding}

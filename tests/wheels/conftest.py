"""What `make check-wheels` works with: our wheels, and what they need, on each Python."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from bundling import locked
from bundling.build import build
from bundling.python import Python, prepare
from bundling.sources import Sources, as_they_lie
from wheel_bench import PYTHONS, SUPPORTED, TOOLS, Environment, told

EVERY_LOCK = ("dev",)
EXTRAS = {
    "lockwright": "python-pkcs11,pykcs11",
    "lockwright-desk": "oidc,postgresql",
    "lockwright-softhsm": "pykcs11",
}
"""Beside what is declared without one."""


def pytest_report_header() -> str:
    """Which Pythons were reached, and which were not."""
    absent = [f"3.{minor}" for minor in SUPPORTED if f"3.{minor}" not in PYTHONS]
    return f"Pythons: {', '.join(PYTHONS)}; not tried: {', '.join(absent) or 'none'}"


@pytest.fixture(scope="session")
def sources() -> Iterator[Sources]:
    with as_they_lie() as found:
        yield found


@pytest.fixture(scope="session")
def python(request: pytest.FixtureRequest, sources: Sources) -> Python:
    """A Python with the locked tools, by its version."""
    return prepare(PYTHONS[request.param], sources, TOOLS)


@pytest.fixture(scope="session")
def built(sources: Sources, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Our wheels, by distribution."""
    first = prepare(next(iter(PYTHONS.values())), sources, TOOLS)
    return build(sources, sources.members(), first, tmp_path_factory.mktemp("ours"))


@pytest.fixture(scope="session")
def store(
    built: dict[str, Path],
    sources: Sources,
    python: Python,
    tmp_path_factory: pytest.TempPathFactory,
) -> Path:
    """What our wheels need on a Python, with every extra, as locked."""
    folder = tmp_path_factory.mktemp("store")
    names = built.keys() - {"lockwright-window"}  # Qt is 90 MB: the test of its bundle has it
    asked = [f"{name}[{EXTRAS[name]}]" if name in EXTRAS else name for name in sorted(names)]
    wanted = locked.needed(asked, built, sources, python, EVERY_LOCK)
    locked.fetch(wanted, sources, python, folder, EVERY_LOCK)
    return folder


@pytest.fixture
def clean(python: Python, tmp_path: Path) -> Environment:
    """An environment that has nothing."""
    folder = tmp_path / "environment"
    made = told(python.program, "-m", "venv", "--without-pip", folder)
    assert made.returncode == 0, made.stderr
    return Environment(folder, python)

"""A plugin of pytest: writes what the adapters say that their tokens are not offered, as JSON."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from lockwright_testkit.conformance.bench import Bench

_found: dict[str, dict[str, str]] = {}


def pytest_addoption(parser: pytest.Parser) -> None:
    """Where to."""
    parser.addoption("--declarations", type=Path, required=True)


@pytest.hookimpl(tryfirst=True)
def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> None:
    """Look at the token of a test that is about to run."""
    bench, kind = pyfuncitem.funcargs.get("bench"), pyfuncitem.cls
    if isinstance(bench, Bench) and kind is not None:
        _found[kind.title] = dict(bench.declared or {})


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Write it."""
    file: Path = session.config.getoption("--declarations")
    file.write_text(json.dumps(_found), encoding="utf-8")

"""``lockwright-desk demo``: what it prints works, and nothing is left of it."""

from __future__ import annotations

import json
import os
import shutil
import signal
import ssl
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from http.client import HTTPSConnection
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from desk_home import DESK
from lockwright_testkit.waiting import until

_LONGEST = 60


def document(process: subprocess.Popen[str]) -> dict[str, Any]:
    """What it says of itself."""
    assert process.stdout is not None
    said = ""
    while not said.endswith("\n}\n"):
        line = process.stdout.readline()
        assert line, said
        said += line
    told: dict[str, Any] = json.loads(said)
    return told


def processes_with(text: str) -> list[str]:
    """Command lines that hold a text."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            found.append((process / "cmdline").read_text())
    return [each for each in found if text in each]


@contextmanager
def demo(folder: Path) -> Iterator[subprocess.Popen[str]]:
    """The command, ended by whoever starts it."""
    with subprocess.Popen(
        [DESK.path, "demo", "--json"],
        env=os.environ | {"TMPDIR": str(folder)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        yield process


@pytest.fixture
def folder() -> Iterator[Path]:
    """For its files: pytest's are longer than the path of a socket may be."""
    made = Path(tempfile.mkdtemp())
    yield made
    shutil.rmtree(made)


def test_a_newcomers_desk_serves_and_leaves_nothing_at_ctrl_c(folder: Path) -> None:
    with demo(folder) as process:
        try:
            told = document(process)
            context = ssl.create_default_context(cafile=told["ca"])
            address = urlsplit(told["url"])
            page = HTTPSConnection(str(address.hostname), address.port, context=context)
            with closing(page):
                page.request("GET", f"{address.path}/sign-in")
                body = page.getresponse().read().decode()
        finally:
            process.send_signal(signal.SIGINT)
            _out, err = process.communicate(timeout=_LONGEST)

    assert "certificate" in body
    assert process.returncode == 0, err
    assert [len(told[each]) for each in ("clients", "operators")] == [10, 3]
    assert all(each["unblock"].startswith("LOCKWRIGHT_SIM=") for each in told["clients"])
    assert list(folder.iterdir()) == []
    assert processes_with(str(folder)) == []


def test_a_demo_that_is_killed_takes_its_server_and_its_keeper_with_it(folder: Path) -> None:
    with demo(folder) as process:
        try:
            document(process)
            ran = processes_with(str(folder))
        finally:
            process.kill()

    assert len(ran) == 2
    until(lambda: not processes_with(str(folder)))

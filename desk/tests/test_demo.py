"""``lockwright-desk demo``: what it prints works, and nothing is left of it."""

from __future__ import annotations

import json
import os
import shutil
import signal
import ssl
import subprocess
import tempfile
from contextlib import closing, suppress
from http.client import HTTPSConnection
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from desk_home import DESK

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


def test_a_newcomers_desk_serves_and_leaves_nothing_at_ctrl_c() -> None:
    folder = Path(tempfile.mkdtemp())  # pytest's are longer than the path of a socket may be
    try:
        with subprocess.Popen(
            [DESK.path, "demo", "--json"],
            env=os.environ | {"TMPDIR": str(folder)},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        ) as process:
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
    finally:
        shutil.rmtree(folder)

"""The page on accepting a token, typed at a terminal from an empty folder, on the token it makes.

What differs is what the page says of a simulated token: it is pulled out in a second terminal, and
its report is added as one of the simulator.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from lockwright_testkit.pseudo_terminal import Screen

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "how-to" / "accept-a-token.md"
BLOCKS = re.findall(
    r"^```(console|text)\n(.*?)^```", PAGE.read_text("utf-8"), re.MULTILINE | re.DOTALL
)
SERIAL, PIN, SO_PIN = "0B53001435596976", "User-pin-77", "Administrator-77"
ENDED = re.compile(r"READY-(\d+)>")


def commands() -> list[tuple[str, list[str]]]:
    """Each command of the page, and the lines that it says are shown."""
    found: list[tuple[str, list[str]]] = []
    for kind, block in BLOCKS:
        if kind == "console":
            found += [(line.removeprefix("$ "), []) for line in block.splitlines()]
        else:
            found[-1][1].extend(block.splitlines())
    return found


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """The maintainer's home, with the adapter's project in it."""
    kept = shutil.ignore_patterns("__pycache__")
    shutil.copytree(ROOT / "plugins" / "jacarta", tmp_path / "lockwright-jacarta", ignore=kept)
    return tmp_path


@pytest.fixture
def environment(home: Path) -> dict[str, str]:
    return {
        "HOME": str(home),
        "LC_ALL": "C.UTF-8",
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        "PS1": "READY-$?>",
    }


def accepts(screen: Screen, *, stops: bool, device: Path, environment: dict[str, str]) -> None:
    """What the page says of the questions, and of the step that needs hands."""

    def plugs(how: str) -> None:
        subprocess.run(["lockwright-sim", how, device], check=True, env=environment)

    screen.answers("Type its serial number to go on:", SERIAL)
    screen.answers("user PIN:", PIN)
    screen.answers("SO PIN:", SO_PIN)
    screen.answers("Pull the token out now.", "stop" if stops else "")
    if not stops:
        screen.reads("Waiting until it is out")
        plugs("unplug")
        screen.answers("Put it back.", "")
        plugs("plug")


def test_the_page_leads_from_a_token_to_an_adapter_that_tells_of_it(
    home: Path, environment: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    device = home / "laser"
    monkeypatch.setenv("PATH", environment["PATH"])
    codes: list[int] = []
    arguments = ("--norc", "--noprofile", "--noediting")
    size = (40, 300)
    with Screen.running(
        "bash", *arguments, environment=environment, folder=home, size=size
    ) as screen:
        screen.reads(ENDED)
        for line, shown in commands():
            command = line.replace("/tmp/laser", str(device))  # noqa: S108  # the page's own
            command += " --kind simulator" if " evidence add " in command else ""
            screen.types(command)
            if " certify " in command:
                stops = "--resume" not in command
                accepts(screen, stops=stops, device=device, environment=environment)
            for each in shown:
                screen.reads(each)
            codes.append(int(screen.reads(ENDED).match[1]))
        screen.types("exit")
        screen.ends()

    told = dict(zip((line for line, _ in commands()), codes, strict=True))
    differing = {line.split()[1] for line, code in told.items() if code}
    assert [code for code in codes if code] == [1, 1], told
    assert differing == {"certify", "compare"}, "one was stopped, and there is a difference"
    evidence = (home / "lockwright-jacarta/src/lockwright_jacarta/evidence.toml").read_text()
    assert f'token = "JaCarta Laser {SERIAL}"' in evidence
    folder = home / f"certify-{SERIAL}"
    for name in ("report.html", "report.md", "report.json", "record.jsonl"):
        text = (folder / name).read_text()
        assert PIN not in text
        assert SO_PIN not in text

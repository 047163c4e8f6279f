"""``lockwright-kit`` as a program: it looks as the others do, and loads what it is asked for."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest
from lockwright_testkit.cli.app import PLACES, main


def test_help_names_every_command(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--help"]) == 0
    shown = capsys.readouterr().out
    for name, place in PLACES.items():
        assert name in shown
        assert place.summary in " ".join(shown.split())


@pytest.mark.parametrize("name", list(PLACES))
def test_every_command_explains_itself(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([name, "--help"]) == 0
    assert f"Usage: lockwright-kit {name}" in capsys.readouterr().out


def test_a_command_that_is_not_there_ends_with_two_and_a_hint(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["bogus"]) == 2
    assert "lockwright-kit --help" in capsys.readouterr().err
    assert main(["bogus", "--json"]) == 2
    assert json.loads(capsys.readouterr().out)["error"]["code"] == "usage"


def test_it_speaks_english_whatever_the_locale(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("LC_ALL", "ru_RU.UTF-8")
    assert main(["bogus"]) == 2
    assert "No such command" in capsys.readouterr().err


def test_the_version_is_shown_and_nothing_heavy_is_loaded_for_it() -> None:
    lines = (
        "import sys\n"
        "from lockwright_testkit.cli.app import main\n"
        "main(['--version'])\n"
        "heavy = {'cryptography', 'pytest', 'lockwright.runner', 'lockwright_testkit.sim'}\n"
        "print(sorted(heavy & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", lines], check=True, capture_output=True, text=True
    ).stdout.splitlines()
    assert done[0].startswith("lockwright-kit 0.")
    assert done[1:] == ["[]"]

"""The example of an adapter outside the tree, installed and tested as its author would."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

EXAMPLE = Path(__file__).parent.parent / "examples" / "acme"
SUITE = ("--pyargs", "lockwright_testkit.conformance", "--lockwright-adapter=acme")
STRINGS = ("--lockwright-set=manufacturer=Acme Ltd", "--lockwright-set=model=Acme One")
QUIET = ("-q", "-p", "no:cacheprovider")


def run(*arguments: str | Path, where: Path | None = None) -> str:
    """Run a Python module to its end; what it printed."""
    command = [sys.executable, "-m", *arguments]
    done = subprocess.run(command, check=False, capture_output=True, text=True, cwd=where)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder that the example's wheel was installed into."""
    folder = tmp_path_factory.mktemp("installed")
    offline = ("--no-deps", "--no-index", "--no-build-isolation", "--disable-pip-version-check")
    run("pip", "install", "--quiet", *offline, f"--target={folder}", EXAMPLE)
    return folder


@pytest.fixture(autouse=True)
def on_the_path(installed: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", str(installed))


def test_it_is_found_by_its_entry_point() -> None:
    program = Path(sys.executable).with_name("lockwright")
    told = subprocess.run([program, "plugins", "--json"], check=True, capture_output=True).stdout
    acme = next(each for each in json.loads(told)["plugins"] if each["name"] == "acme")
    assert acme["status"] == "loaded"
    assert acme["distribution"] == "lockwright-acme"


def test_its_own_tests_pass() -> None:
    told = run("pytest", *QUIET, f"--rootdir={EXAMPLE}", EXAMPLE / "tests")
    assert "not offered by the vendor" in told
    assert " passed" in told


def test_it_keeps_the_contract_without_a_line_of_test_code(tmp_path: Path) -> None:
    some = ("-k", "listed or stranger or request")
    told = run("pytest", *QUIET, *SUITE, *STRINGS, *some, where=tmp_path)
    assert "not offered" in told
    assert "FAILS" not in told


def test_it_is_as_short_as_an_adapter_should_be() -> None:
    lines = sum(len(file.read_text().splitlines()) for file in EXAMPLE.glob("src/**/*.py"))
    assert lines < 150

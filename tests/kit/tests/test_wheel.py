"""The kit as its users get it: a wheel that has its C sources, and works from where it lies."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

KIT = Path(__file__).parent.parent
OFFLINE = ("--no-deps", "--no-index", "--no-build-isolation", "--disable-pip-version-check")
PROJECT = """
import lockwright_testkit
from lockwright_testkit.raw import started

def test_it_locks(sim):
    token = sim("plain", settings={"user.tries.max": 1})
    with started(token.module) as module:
        session = module.open(module.slots()[0])
        assert module.login(session, "wrong") == 0xA0
        assert module.login(session, "wrong") == 0xA4
    print(lockwright_testkit.__file__)
"""


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "pip", "wheel", "--quiet", *OFFLINE, f"--wheel-dir={folder}"]
    subprocess.run([*command, str(KIT)], check=True, capture_output=True)
    return next(folder.glob("*.whl"))


def test_every_source_and_manual_page_is_in_the_wheel(wheel: Path) -> None:
    files = {
        str(file.relative_to(folder))
        for folder in (KIT / "src", KIT / "man")
        for file in folder.rglob("*")
        if file.is_file() and "__pycache__" not in file.parts
    }
    inside = {
        name.partition(".data/data/share/man/")[2] or name
        for name in zipfile.ZipFile(wheel).namelist()
        if ".dist-info" not in name
    }
    assert inside == files
    assert sum(name.endswith(".c") for name in files) > 20


def test_an_authors_project_works_with_the_wheel(wheel: Path, tmp_path: Path) -> None:
    """From an empty cache: the simulator is compiled from what the wheel brought."""
    installed, project = tmp_path / "installed", tmp_path / "project"
    project.mkdir()
    (project / "test_mine.py").write_text(PROJECT)
    into = ("install", "--quiet", *OFFLINE, f"--target={installed}", wheel)
    subprocess.run([sys.executable, "-m", "pip", *into], check=True, capture_output=True)
    environment = os.environ | {
        "PYTHONPATH": str(installed),
        "XDG_CACHE_HOME": str(tmp_path / "cache"),
    }

    def run(*arguments: str | Path) -> str:
        command = [sys.executable, "-m", *arguments]
        done = subprocess.run(
            command, cwd=project, env=environment, check=False, capture_output=True, text=True
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    told = run("pytest", "-q", "-s", "-p", "no:cacheprovider", "test_mine.py")
    assert str(installed) in told
    assert run("lockwright_testkit.sim", "new", "token") == (
        f"export LOCKWRIGHT_SIM={project / 'token'}\n"
    )
    module = run("lockwright_testkit.sim", "module", "token").strip()
    assert module.startswith(str(tmp_path / "cache"))

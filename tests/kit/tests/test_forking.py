"""A program that is forked does what the installed one does: what it gets, and how it ends."""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from lockwright_testkit.forking.client import ForkServer
from lockwright_testkit.program import Program

SAMPLE = """
from __future__ import annotations

import atexit, os, sys, time

IMPORTED_BY = os.getpid()

def main():
    atexit.register(print, "the end")
    what, *more = sys.argv[1:]
    if what == "shows":
        print(os.environ["WORD"], os.getcwd(), sys.path[0], os.read(7, 9).decode())
        print(sys.stdin.read())
        print(os.getpid() != IMPORTED_BY, file=sys.stderr)
    if what == "leaves":
        sys.exit(more[0])
    if what == "fails":
        raise ValueError("a mistake")
    if what == "dies":
        os.kill(os.getpid(), int(more[0]))
    if what == "sleeps":
        time.sleep(600)
    return 7
"""


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ForkServer]:
    """A server of a program of a few lines."""
    folder = tmp_path_factory.mktemp("sample")
    (folder / "forked_sample").mkdir()
    (folder / "forked_sample" / "__init__.py").write_text("")
    (folder / "forked_sample" / "app.py").write_text(SAMPLE)
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(folder)}
    with closing(ForkServer("forked_sample.app", environment=environment)) as made:
        yield made


def ended(server: ForkServer, folder: Path, *arguments: str) -> tuple[int, str, str]:
    """Exit code, stdout and stderr of a run."""
    for name, content in (
        ("stdin", "from stdin"),
        ("further", "further"),
        ("out", ""),
        ("err", ""),
    ):
        (folder / name).write_text(content)
    with (
        (folder / "stdin").open() as stdin,
        (folder / "further").open() as further,
        (folder / "out").open("w") as out,
        (folder / "err").open("w") as err,
    ):
        descriptors = {0: stdin.fileno(), 1: out.fileno(), 2: err.fileno(), 7: further.fileno()}
        running = server.start(
            ["/somewhere/program", *arguments],
            environment={"WORD": "word"},
            folder=folder,
            descriptors=descriptors,
        )
        code = running.wait(60)
    return code, (folder / "out").read_text(), (folder / "err").read_text()


def test_it_gets_what_it_was_given(server: ForkServer, tmp_path: Path) -> None:
    code, out, err = ended(server, tmp_path, "shows")

    assert (code, err) == (7, "True\n")
    assert out == f"word {tmp_path} /somewhere further\nfrom stdin\nthe end\n"


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("returns",), 7, ""),
        (("leaves", "in a sentence"), 1, "in a sentence"),
        (("fails",), 1, "ValueError: a mistake"),
    ],
)
def test_it_ends_as_python_does(
    server: ForkServer, tmp_path: Path, arguments: tuple[str, ...], code: int, said: str
) -> None:
    assert ended(server, tmp_path, *arguments)[:2] == (code, "the end\n")
    assert said in (tmp_path / "err").read_text()


def test_a_signal_that_ended_it_is_told(server: ForkServer, tmp_path: Path) -> None:
    assert ended(server, tmp_path, "dies", str(int(signal.SIGKILL)))[0] == -signal.SIGKILL


def test_several_run_at_once_and_can_be_ended(server: ForkServer, tmp_path: Path) -> None:
    both = [
        server.start(["program", "sleeps"], environment={}, folder=tmp_path, descriptors={})
        for _each in range(2)
    ]

    with pytest.raises(TimeoutError):
        both[0].wait(0.1)
    for each in both:
        each.send_signal(signal.SIGTERM)
    assert [each.wait(60) for each in both] == [-signal.SIGTERM] * 2


@pytest.mark.parametrize(
    "command", [("--version",), ("plugins",), ("list", "--json"), ("nonsense",)]
)
def test_the_program_says_the_same_in_both_ways(tmp_path: Path, command: tuple[str, ...]) -> None:
    forked, anew = (Program(tmp_path, forks=forks).run(*command) for forks in (True, False))

    assert forked == anew


def test_a_program_that_hangs_is_killed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("lockwright_testkit.program._LONGEST", 0.001)

    with pytest.raises(subprocess.TimeoutExpired):
        Program(tmp_path).run("tokens")

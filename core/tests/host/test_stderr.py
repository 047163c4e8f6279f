"""What a module writes to stderr is shown to those who ask, with its name, and cannot act."""

from __future__ import annotations

import pytest
from hostile import Bench


def test_what_a_module_writes_is_shown_cleaned_and_named(
    bench: Bench, capsys: pytest.CaptureFixture[str]
) -> None:
    bench.plan("open", does="shout")
    with bench.runner(verbose=True) as runner:
        runner.detect()
    name = bench.device.module.name
    lines = [line for line in capsys.readouterr().err.splitlines() if line.startswith(name)]
    assert lines == [f"{name}: �[2J�]0;owned�all is well", f"{name}: �and more"]


def test_a_line_without_an_end_is_shown_in_pieces(
    bench: Bench, capsys: pytest.CaptureFixture[str]
) -> None:
    bench.plan("open", does="shout without an end")
    with bench.runner(verbose=True) as runner:
        runner.detect()
    lines = capsys.readouterr().err.splitlines()
    assert sum(len(line.rpartition(": ")[2]) for line in lines) == 100_000
    assert max(map(len, lines)) < 5000


def test_nothing_is_shown_unless_it_is_asked_for(
    bench: Bench, capfd: pytest.CaptureFixture[str]
) -> None:
    bench.plan("open", does="shout")
    with bench.runner() as runner:
        runner.detect()
    assert capfd.readouterr() == ("", "")

"""``make bench`` measures, judges and says so; its page is of what was measured."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from bench_figures import Figure, Part, Report, Target
from bench_list import CALLS, QUICK, SECONDS, SIZES
from bench_table import summary, text
from lockwright.bindings import BINDINGS

ROOT = Path(__file__).parents[2]
BENCH = Path(__file__).with_name("bench.py")
RESULTS = ROOT / "docs" / "explanation" / "speed.json"
_SVG = "{http://www.w3.org/2000/svg}"


def bench(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, BENCH, *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=200)


def test_a_part_is_measured_over_both_bindings_and_told_as_text_and_json(tmp_path: Path) -> None:
    done = bench("--short", "--results", tmp_path, "delete")

    assert done.returncode == 0, done.stdout + done.stderr
    judged = json.loads((tmp_path / "speed.json").read_text("utf-8"))["judged"]
    assert {(each["unit"], each["who"], each["limit"], each["met"]) for each in judged} == {
        (unit, f"now/{binding}", limit, True)
        for unit, limit in (("calls", 200), ("logins", 2))
        for binding in BINDINGS
    }
    assert "4 of 4 targets are met." in done.stdout
    for each in judged:
        assert f"{each['measured']} {each['unit']}" in done.stdout


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("no-such-part",), "there is no part no-such-part"),
        (("--base", "no-such-rev", "delete"), "git knows no revision no-such-rev"),
        (("--page", "delete"), "the page is of a whole run"),
    ],
)
def test_what_cannot_be_measured_is_named_before_anything_is(
    arguments: tuple[str, ...], said: str, tmp_path: Path
) -> None:
    done = bench("--results", tmp_path, *arguments)

    assert done.returncode != 0
    assert said in done.stderr
    assert not list(tmp_path.iterdir())


def test_what_fails_in_the_middle_is_told_without_a_traceback(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "git").symlink_to(shutil.which("git") or "git")
    monkeypatch.setenv("PATH", str(tmp_path))  # where no other program is

    done = bench("--short", "--results", tmp_path / "results", "tokens")

    assert done.returncode == 1
    assert "tokens cannot be measured:" in done.stderr
    assert "'pkcs11-tool'" in done.stderr
    assert "Not measured: tokens." in done.stderr
    assert "Traceback" not in done.stderr


def report(target: Target, *values: float) -> Report:
    figures = [
        Figure("work", "now", "ms", list(values)),
        Figure("work", "before", "ms", [40, 60, 50]),
        Figure("work", "a peer", "ms", [7]),
    ]
    return Report({}, short=False, parts=[Part("p", "", "", "", 0, 0, figures, [target])])


def most(limit: float | None) -> Target:
    return Target("work", "now", "a limit", limit)


def least(limit: float) -> Target:
    return Target("work", "now", "a limit", limit, least=True)


@pytest.mark.parametrize(
    ("values", "target", "cells"),
    [
        ([5.0], most(5), "5 ms a limit 100% yes 50 (40 to 60) 10.0 a peer 7"),
        ([4.0, 9.0, 6.0], most(5), "6 (4 to 9) ms a limit 120% no 50 (40 to 60) 8.3 a peer 7"),
        ([75.0], least(100), "75 ms a limit 75% no 50 (40 to 60) 1.5 a peer 7"),
        ([5.0], most(None), "5 ms a limit - 50 (40 to 60) 10.0 a peer 7"),
    ],
)
def test_the_median_is_held_against_the_target_and_the_build_before(
    values: list[float], target: Target, cells: str
) -> None:
    row = text(report(target, *values)).splitlines()[2]

    assert row.split() == ["work", *cells.split()]


def test_what_nothing_was_there_to_compare_with_is_neither_met_nor_missed() -> None:
    assert summary(report(most(None), 5)) == "0 of 0 targets are met; 1 could not be judged."


def test_what_was_written_is_read_again(tmp_path: Path) -> None:
    written = report(most(5), 4, 9, 6)
    written.write(tmp_path / "speed.json")

    assert Report.read(tmp_path / "speed.json") == written


def test_the_picture_has_every_program_at_every_size() -> None:
    found = Report.read(RESULTS).figures
    picture = ET.parse(RESULTS.with_suffix(".svg"))  # noqa: S314  # our own

    lines = picture.findall(f"{_SVG}polyline")
    points = [len(each.attrib["points"].split()) for each in lines]
    programs = {each.who for each in found if each.work == CALLS}
    assert programs > {f"now/{binding}" for binding in BINDINGS} | {"pkcs11-tool", "p11tool"}
    in_panels = 2 * len(programs)
    assert points == [len(SIZES)] * in_panels + [3] * len(programs)  # the legend's own
    assert {each.who for each in found if each.work == SECONDS[QUICK]} == programs

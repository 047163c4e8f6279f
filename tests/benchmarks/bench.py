"""Measure what people wait for, beside other programs and an earlier build.

``make bench`` runs it; ``make bench BASE=rev`` measures that revision in turn with this one. The
table goes to stdout; the same as JSON, and a picture, to build/bench. A machine that does nothing
else measures well.
"""

from __future__ import annotations

import argparse
import os
import platform
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(Path(__file__).parent / "support"), str(ROOT / "tools")]

import bench_changes  # noqa: E402  # its folder is added above
import bench_desk  # noqa: E402  # the same
import bench_ledger  # noqa: E402  # the same
import bench_list  # noqa: E402  # the same
import bench_respond  # noqa: E402  # the same
import bench_start  # noqa: E402  # the same
import bench_table  # noqa: E402  # the same
import bench_tokens  # noqa: E402  # the same
import earlier  # noqa: E402  # the same
import speed  # noqa: E402  # the same
from bench_bench import Bench, Measure, tell  # noqa: E402  # the same
from bench_build import Build  # noqa: E402  # the same
from bench_figures import Figure, Part, Report, Target  # noqa: E402  # the same
from bench_peers import versions  # noqa: E402  # the same

PARTS: Mapping[str, Measure] = {
    "list": bench_list.measure,
    "tokens": bench_tokens.measure,
    "delete": bench_changes.delete,
    "enrol": bench_changes.enrol,
    "renew": bench_changes.renew,
    "start": bench_start.measure,
    "desk": bench_desk.measure,
    "ledger": bench_ledger.measure,
    "respond": bench_respond.measure,
}
RESULTS = ROOT / "build" / "bench"


def main() -> int:
    """Measure, tell; 1 if a target is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("parts", nargs="*", metavar="PART", help=f"of {', '.join(PARTS)}; else all")
    parser.add_argument("--base", default=os.environ.get("BASE"), help="a revision to compare with")
    parser.add_argument("--short", action="store_true", help="a look: few sizes, one round")
    parser.add_argument(
        "--keep", action="store_true", help="the other parts as they were found last"
    )
    parser.add_argument("--results", type=Path, default=RESULTS, help="folder (build/bench)")
    parser.add_argument("--page", action="store_true", help="write the page in docs from this run")
    given = parser.parse_args()
    if unknown := set(given.parts) - set(PARTS):
        parser.error(f"there is no part {', '.join(unknown)}; there are {', '.join(PARTS)}")
    results = given.results / "speed.json"
    kept = kept_of(results, short=given.short) if given.keep else []
    names = [name for name in PARTS if name in given.parts or not given.parts]
    if given.page and (given.short or {*names, *(each.name for each in kept)} != set(PARTS)):
        parser.error("the page is of a whole run: of all parts, without --short")
    given.results.mkdir(parents=True, exist_ok=True)
    report = Report(machine(), given.short, kept)
    for found in measured(names, given.base or "", short=given.short):
        report = merged(report, found)
        report.write(results)
    if any(each.work == bench_list.CALLS for each in report.figures):
        results.with_suffix(".svg").write_text(speed.picture(report), "utf-8")
    print(bench_table.text(report))
    if failed := set(names) - {each.name for each in report.parts if each not in kept}:
        print(f"Not measured: {', '.join(sorted(failed))}.", file=sys.stderr)
        return 1
    if given.page:
        report.write(speed.RESULTS)
        speed.write(report)
    return int(any(each.met is False for each in report.judged))


def measured(names: Sequence[str], base: str, *, short: bool) -> Iterator[Part]:
    """Measure parts; one that fails says why, and the others are measured all the same.

    Args:
        names: which.
        base: the earlier revision; empty for none.
        short: whether it is only a look.
    """
    before = Build("before", earlier.built(base)) if base else None
    for name in names:
        try:
            yield part(name, Build("now", ROOT), before, base, short=short)
        except (OSError, RuntimeError, subprocess.SubprocessError) as error:
            print(f"{name} cannot be measured: {error}", file=sys.stderr)


def part(name: str, now: Build, before: Build | None, base: str, *, short: bool) -> Part:
    """Measure one part."""
    print(f"{name}: the machine's load is {os.getloadavg()[0]:.1f}", file=sys.stderr, flush=True)
    load, begun = os.getloadavg()[0], time.perf_counter()
    with tempfile.TemporaryDirectory() as folder, its_own_environment():
        found = list(PARTS[name](Bench(Path(folder), now, before, short)))
    took = time.perf_counter() - begun
    tell(f"done in {took:.0f} s")
    return Part(
        name,
        date=datetime.now(UTC).isoformat(timespec="minutes"),
        revision=revision(),
        base=base,
        load=round(load, 2),
        took=round(took, 1),
        figures=[each for each in found if isinstance(each, Figure)],
        targets=[each for each in found if isinstance(each, Target)],
    )


@contextmanager
def its_own_environment() -> Iterator[None]:
    """What a part sets for the tokens that it makes is gone after it."""
    before = dict(os.environ)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


def kept_of(results: Path, *, short: bool) -> Sequence[Part]:
    """The parts of the last run, if there was one that was measured in the same way."""
    if not results.exists():
        return []
    last = Report.read(results)
    return last.parts if last.short == short else []


def merged(report: Report, part: Part) -> Report:
    """A run with one more part, in their usual order."""
    parts = {each.name: each for each in (*report.parts, part)}
    return replace(report, parts=[parts[name] for name in PARTS if name in parts])


def machine() -> dict[str, str]:
    """What is measured on, and beside."""
    of_it = {
        "processors": str(os.cpu_count()),
        "system": f"{platform.system()} {platform.machine()}",
        "Python": platform.python_version(),
    }
    return of_it | versions()


def revision() -> str:
    """Of this build; with ``+`` if its files were changed."""
    said = ["git", "describe", "--always", "--abbrev=12", "--exclude=*", "--dirty=+"]
    return subprocess.run(said, cwd=ROOT, check=True, capture_output=True, text=True).stdout.strip()


if __name__ == "__main__":
    sys.exit(main())

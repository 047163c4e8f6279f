"""Fuzzes one target with atheris: ``fuzz.py TARGET [an option of libFuzzer's]...``.

It begins with what is right and what was kept before, and works in ``build/fuzz/TARGET``.
``fuzz.py TARGET --keep`` keeps of what it found there what reaches code that nothing else does.
"""

from __future__ import annotations

import os
import subprocess
import sys
from functools import partial
from pathlib import Path

import atheris

sys.path.insert(0, str(Path(__file__).parents[1] / "support"))

with atheris.instrument_imports(include=["lockwright.host"]):
    from lockwright.host import codec, plain, protocol, shapes, signs, wire

import fuzz_targets

LONGEST = 65_536
"""Bytes of an input; what the longest cost is measured by the tests."""
MERGED = "MERGED"
__all__ = ["codec", "plain", "protocol", "shapes", "signs", "wire"]


def main() -> None:
    """Fuzz until an option ends it, or something is found."""
    target, *options = sys.argv[1:]
    found = Path("build", "fuzz", target)
    found.mkdir(parents=True, exist_ok=True)
    if options == ["--keep"]:
        keep(target, found)
        return
    for number, data in enumerate((*fuzz_targets.seeds(target), *fuzz_targets.kept(target))):
        (found / f"begin-{number}").write_bytes(data)
    limits = [f"-max_len={LONGEST}", "-timeout=10", f"-artifact_prefix={found}/broken-"]
    again = f"{sys.executable} {__file__} {target}"  # how libFuzzer starts it once more, to merge
    atheris.Setup([again, *limits, *options, str(found)], partial(one, target))
    atheris.Fuzz()


def one(target: str, data: bytes) -> None:
    """Try one input."""
    fuzz_targets.run(target, data)


def keep(target: str, found: Path) -> None:
    """Write down what is worth it; libFuzzer ends the process that merges."""
    merged = found.with_name(f"{target}-{MERGED}")
    merged.mkdir(exist_ok=True)
    command = [sys.executable, __file__, target, "-merge=1", str(merged)]
    subprocess.run(command, check=True, env=os.environ)  # this very program
    fuzz_targets.keep(target, (each.read_bytes() for each in merged.iterdir()))


if __name__ == "__main__":
    main()

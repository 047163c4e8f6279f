"""Measure what people wait for beside other programs and, with ``--base``, beside an earlier build.

``make bench`` runs it: a table on stdout, the same as JSON and a picture in ``build/bench``.
``PART`` names what is measured; nothing means all. A machine that does nothing else measures well.
"""

from __future__ import annotations

import argparse
import os
import platform
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(Path(__file__).parent / "support"), str(ROOT / "tools")]

import bench_list  # noqa: E402  # its folder is added above
import earlier  # noqa: E402  # the same
from bench_bench import Bench, Measure  # noqa: E402  # the same
from bench_build import Build  # noqa: E402  # the same
from bench_figures import Figure, Part, Report, Target  # noqa: E402  # the same
from bench_peers import versions  # noqa: E402  # the same

PARTS: Mapping[str, Measure] = {
    "list": bench_list.measure,
}
RESULTS = ROOT / "build" / "bench"

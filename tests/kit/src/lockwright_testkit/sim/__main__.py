"""``python -m lockwright_testkit.sim`` is ``lockwright-sim``."""

from __future__ import annotations

from lockwright_testkit.sim.cli import main

main(prog_name="lockwright-sim")

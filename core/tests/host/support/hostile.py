"""A module that attacks, beside an honest one."""

from __future__ import annotations

import json
import os
from dataclasses import replace
from importlib.metadata import EntryPoint
from pathlib import Path

from attacker import NUMBER
from lockwright import Config, Runner
from lockwright.errors import LockwrightError
from lockwright.host import wire
from lockwright.host.shapes import pack
from lockwright.host.worker import Inspection
from lockwright.models import Token
from lockwright.models.deadlines import Deadlines
from lockwright.operations.detect import Detection
from lockwright.registry import Registry
from lockwright_testkit.sim import Simulator
from lockwright_testkit.softhsm import AddedToken, SoftHSM

PATIENCE = 60
POINTS = [
    EntryPoint("attacker", "attacker:adapter", "lockwright"),
    EntryPoint("softhsm", "lockwright_softhsm:adapter", "lockwright"),
]


class Bench:
    """A module that attacks, beside SoftHSM."""

    def __init__(self, device: Simulator, softhsm: SoftHSM, honest: AddedToken) -> None:
        self.device = device
        self.honest = honest
        self.plan_file = device.folder / "plan.json"
        self.plan("never")
        self.config = Config(
            audit=None,
            adapters={
                "attacker": {"modules": [str(device.module)], "plan": str(self.plan_file)},
                "softhsm": {"modules": [str(softhsm.module)]},
            },
            deadlines=Deadlines(inspect=PATIENCE, call=PATIENCE),
        )

    def plan(self, at: str, *frames: bytes, does: str = "") -> None:
        sends = [frame.hex() for frame in frames]
        self.plan_file.write_text(json.dumps({"at": at, "sends": sends, "does": does}))

    def sets(self, **settings: str) -> None:
        """Give the attacker further settings."""
        self.config = replace(
            self.config,
            adapters={
                **self.config.adapters,
                "attacker": {**self.config.adapters["attacker"], **settings},
            },
        )

    def runner(self, *, verbose: bool = False) -> Runner:
        return Runner(self.config, registry=Registry(found=POINTS), verbose=verbose)

    def install(self, site: Path) -> str:
        """Make the attacker an installed plugin; what ``PYTHONPATH`` is to be."""
        info = site / "attacker-1.0.dist-info"
        info.mkdir(parents=True)
        (info / "METADATA").write_text("Name: attacker\nVersion: 1.0\n")
        (info / "entry_points.txt").write_text("[lockwright]\nattacker = attacker:adapter\n")
        return os.pathsep.join((str(site), str(Path(__file__).parent)))

    def configuration(self, folder: Path) -> Path:
        """The same configuration as a file."""
        file = folder / "bench.toml"
        tables = [
            "\n".join((f"[adapters.{name}]", *(f"{key} = {json.dumps(each[key])}" for key in each)))
            for name, each in self.config.adapters.items()
        ]
        file.write_text("\n".join(('[plugins]\nallow = ["attacker", "softhsm"]', *tables, "")))
        return file

    @property
    def environment(self) -> dict[str, str]:
        """What another process needs to see the attacker's token."""
        return {**os.environ, **self.device.environment}

    def problem(self, seen: Detection) -> LockwrightError:
        """What is told of the attacker's module, while the honest token is shown."""
        assert [token.serial for token in seen.tokens] == [self.honest.serial]
        [problem] = seen.problems
        assert problem.subject == str(self.device.module)
        assert problem.error.adapter == "attacker"
        return problem.error

    def mine(self, runner: Runner) -> Token:
        """The attacker's own token."""
        [token] = [each for each in runner.detect().tokens if each.adapter == "attacker"]
        return token


def frame(kind: int, body: bytes = b"", number: bytes = NUMBER) -> bytes:
    """A frame whose number the attacker may fill in."""
    head = wire._HEAD.pack(kind, int.from_bytes(number), len(body), 0)
    return head + body


ANSWER = frame(wire.Kind.ANSWERED, bytes(pack(Inspection, Inspection({})).body))

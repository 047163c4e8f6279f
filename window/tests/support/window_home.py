"""The home of a person who uses the window: tokens, a configuration, and where the journal is."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from lockwright_testkit.program import Program
from lockwright_testkit.sim import Simulator, environment


class Home:
    """A folder with everything that a window finds when it begins.

    Args:
        folder: where it is; made if need be.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        self.program = Program(folder)
        """The command line with the same home, to ask what the window has done."""
        self.tokens: list[Simulator] = []
        self.more: dict[str, str] = {}
        """Further variables of the environment."""
        self.config: Path | None = None

    def token(self, personality: str = "jacarta-pki", **given: Any) -> Simulator:
        """One more simulated token, connected from the beginning.

        Args:
            personality: what kind it is.
            given: as ``Simulator.create`` takes it.
        """
        name = f"token{len(self.tokens)}"
        given.setdefault("label", "Anna Petrova")
        made = Simulator.create(self.folder / name, personality, **given)
        self.tokens.append(made)
        return made

    def configure(self, text: str) -> Path:
        """Write the configuration.

        Args:
            text: TOML.
        """
        self.config = self.folder / "config.toml"
        self.config.write_text(text)
        self.config.chmod(0o600)
        return self.config

    def begins(self, module: str) -> list[str]:
        """What begins the window; its arguments follow.

        Args:
            module: the module that is run.
        """
        return [sys.executable, "-P", "-m", module]

    @property
    def arguments(self) -> list[str]:
        """What the window is given on its command line."""
        modules = dict.fromkeys(str(each.module) for each in self.tokens)
        found = [word for each in modules for word in ("--module", each)]
        return found if self.config is None else [*found, "--config", str(self.config)]

    @property
    def environment(self) -> dict[str, str]:
        """Variables of the window's process, nothing of the person who runs the tests."""
        kept = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("LC_", "LANG", "QT_", "XDG_"))
        }
        own = {"HOME": str(self.folder), "LC_ALL": "C.UTF-8"}
        tokens = environment(*self.tokens) if self.tokens else {}
        state: Mapping[str, str] = self.program.environment
        xdg = {name: value for name, value in state.items() if name.startswith("XDG_")}
        return kept | own | xdg | tokens | self.more

    @property
    def audit(self) -> list[dict[str, Any]]:
        """The entries of the audit file."""
        if not self.program.audit.exists():
            return []
        return [json.loads(line) for line in self.program.audit.read_text().splitlines()]

"""The folder of ``make app``, used where there is no Python, no workspace and no environment.

Run by ``make check-app``, which builds it first.
"""

from __future__ import annotations

import json
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib.metadata import entry_points
from pathlib import Path
from typing import Any

import pytest
from bare import BUILT, hidden, size
from lockwright_testkit.filling import PARTS, fill
from lockwright_testkit.sim import SO_PIN, USER_PIN, Simulator
from lockwright_testkit.sim.fixtures import SimulatorFactory

FOLDER = BUILT / "lockwright"
NEW_PIN = "Maple-drum-77"


@dataclass
class Client:
    """A person's computer."""

    home: Path
    device: Simulator
    shown: Mapping[str, str] = field(default_factory=dict)

    def run(self, *words: str, code: int = 0) -> str:
        """Run the program; what it says, which goes to nobody's terminal."""
        environment = {"HOME": str(self.home), **self.device.environment, **self.shown}
        module = ["--module", str(self.device.module)] if words[0] != "plugins" else []
        bare = ["env", "-i", *(f"{name}={value}" for name, value in environment.items())]
        command = [*bare, str(FOLDER / "lockwright"), *words, *module]
        done = subprocess.run(
            hidden(self.home / "empty", command),
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )
        assert done.returncode == code, done
        assert "Traceback" not in done.stderr, done
        return done.stdout

    def json(self, *words: str) -> Any:
        """The same as a document."""
        return json.loads(self.run(*words, "--json"))

    def secret(self, name: str, value: str) -> str:
        file = self.home / name
        file.write_text(value)
        file.chmod(0o600)
        return str(file)


@pytest.fixture
def client(tmp_path: Path, sim: SimulatorFactory) -> Client:
    return Client(tmp_path, sim("jacarta-pki", label="Anna"))


def test_tokens_and_adapters_are_found_without_python(client: Client) -> None:
    (token,) = client.json("tokens")["tokens"]
    assert (token["label"], token["adapter"]) == ("Anna", "jacarta")
    found = {plugin["name"] for plugin in client.json("plugins")["plugins"]}
    assert found <= {point.name for point in entry_points(group="lockwright")}
    assert "jacarta" in found


def test_it_speaks_russian(client: Client) -> None:
    client.shown = {"LANG": "ru_RU.UTF-8"}
    assert "осталось попыток" in client.run("tokens")


def test_a_pin_is_replaced_and_a_container_deleted_by_children_that_the_folder_starts(
    client: Client,
) -> None:
    so_pin, pin = client.secret("so.pin", SO_PIN), client.secret("new.pin", NEW_PIN)
    fill(client.device.module, 2)
    client.run("unblock", "--so-pin-file", so_pin, "--new-pin-file", pin)
    gone = client.json("delete", "c0", "--yes", "--pin-file", pin)["gone"]
    assert len(gone) == PARTS
    (left,) = client.json("list", "--pin-file", pin)["containers"]
    assert left["label"] == "c1"
    assert USER_PIN != NEW_PIN


def test_it_is_as_big_as_the_documentation_says() -> None:
    print(f"\n{size(FOLDER):.0f} MB in {FOLDER}")  # noqa: T201  # the figure is wanted
    assert size(FOLDER) < 100

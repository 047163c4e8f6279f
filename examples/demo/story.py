"""What all acts of the story share: who is in it, where it happens, how it is told."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from computer import Computer
from lockwright_testkit.sim import Simulator
from lockwright_testkit.sim.applet import Setting
from screen import BOLD, heads, paragraph, style

OWNER = "Anna Petrova"
OLD_PIN, NEW_PIN = "Forgotten-1", "Kettle-Moss-42"


@dataclass
class Story:
    """Tells what comes next, and makes the computers that it happens on.

    Args:
        folder: everything is in it.
        language: ``en`` or ``ru``.
    """

    folder: Path
    language: str = "en"
    _acts: int = field(default=0, init=False)
    _steps: int = field(default=0, init=False)

    def act(self, title: str, words: str) -> None:
        """Begin an act."""
        self._acts += 1
        self._steps = 0
        print(f"\n\n{style(f'Act {self._acts}. {title}', BOLD)}\n")
        paragraph(words)

    def tell(self, title: str, words: str) -> None:
        """Say what comes next and why."""
        self._steps += 1
        print(f"\n{style(f'{self._acts}.{self._steps} {title}', BOLD)}")
        paragraph(words)

    def columns(self, left: str, right: str) -> None:
        """Two computers beside each other from here on."""
        heads(left, right)

    def computer(
        self, name: str, configuration: str = "", variables: Mapping[str, str] | None = None
    ) -> Computer:
        """A computer with nothing but this configuration on it."""
        return Computer(self.folder / name, self.language, configuration, variables or {})


@dataclass(frozen=True)
class Owned:
    """A simulated token in somebody's computer."""

    device: Simulator
    """The token."""
    computer: Computer
    """The computer, where ``module`` is the vendor's module."""
    module: str
    """Its name in the computer's folder."""

    @property
    def serial(self) -> str:
        """The token's serial number."""
        return self.device.show()["slot0.serial"]


def owned(  # noqa: PLR0913  # a token and its place
    story: Story,
    name: str,
    personality: str,
    module: str,
    settings: Mapping[str, Setting],
    *,
    configuration: str = "",
    label: str = OWNER,
    pin: str = OLD_PIN,
) -> Owned:
    """Plug a new simulated token into a new computer.

    Args:
        story: the story.
        name: of the computer's folder.
        personality: what kind of token it is.
        module: how the vendor's module is named.
        settings: of the token.
        configuration: further tables of lockwright's configuration.
        label: label of the token.
        pin: its user PIN.
    """
    device = Simulator.create(
        story.folder / f"{name}-token", personality, label=label, user_pin=pin, settings=settings
    )
    device.start_trace()
    adapter = personality.partition("-")[0]
    place = story.folder / name / module
    tables = f"""\
[plugins]
allow = ["{adapter}"]

[adapters.{adapter}]
modules = ["{place}"]

{configuration}"""
    computer = story.computer(name, tables, device.environment)
    place.symlink_to(device.module)
    return Owned(device, computer, f"./{module}")

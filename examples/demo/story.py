"""What all acts of the story share: how it is told, and who is in it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import screen
from computer import PROGRAMS, Computer
from lockwright_testkit.sim import Simulator
from lockwright_testkit.sim.applet import Setting
from screen import heads, paragraph, spoken
from words import said

OLD_PIN, NEW_PIN = "Forgotten-1", "Kettle-Moss-42"


@dataclass
class Story:
    """Tells what comes next, and makes the computers that it happens on.

    Args:
        folder: everything is in it.
    """

    folder: Path
    _acts: int = field(default=0, init=False)
    _steps: int = field(default=0, init=False)

    def frame(self, title: str, words: str, **facts: object) -> None:
        """Say what is around the acts."""
        heading, words = said(title, words)
        print()
        screen.title(heading.format_map(facts))
        paragraph(words.format_map(facts))

    def act(self, title: str, words: str) -> None:
        """Begin an act."""
        self._acts += 1
        self._steps = 0
        heading, words = said(title, words)
        print("\n")
        screen.title(f"{self._acts}. {heading}")
        print()
        paragraph(words)

    def tell(self, title: str, words: str) -> None:
        """Say what comes next and why."""
        self._steps += 1
        heading, words = said(title, words)
        print()
        screen.title(f"{self._acts}.{self._steps} {heading}")
        paragraph(words)

    def columns(self, left: str, right: str) -> None:
        """Two computers beside each other from here on."""
        heads(*said(left, right))

    def spoken(self, text: str, *, to_the_right: bool) -> None:
        """What one side says to the other, between two columns."""
        spoken(said(text)[0], to_the_right=to_the_right)

    def computer(
        self, name: str, variables: Mapping[str, str] | None = None, programs: Path = PROGRAMS
    ) -> Computer:
        """A computer with nothing on it but programs, those of this Python if not others."""
        return Computer(self.folder / name, variables or {}, programs)


@dataclass(frozen=True)
class Programs:
    """What is installed on a computer."""

    folder: Path
    """Where its programs are."""
    plugins: tuple[str, ...] = ()
    """Plugins that must not be missing there."""


_OF_THIS_PYTHON = Programs(PROGRAMS)


@dataclass(frozen=True)
class Owned:
    """A simulated token in its owner's computer."""

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


def owned(  # each is one thing
    story: Story,
    owner: str,
    personality: str,
    module: str,
    settings: Mapping[str, Setting],
    programs: Programs = _OF_THIS_PYTHON,
) -> Owned:
    """Plug a new simulated token into a new computer.

    Args:
        story: the story.
        owner: the owner's name; the first one is the computer's.
        personality: what kind of token it is.
        module: how the vendor's module is named.
        settings: of the token.
        programs: the computer's programs.
    """
    name = owner.partition(" ")[0].lower()
    device = Simulator.create(
        story.folder / f"{name}-token",
        personality,
        label=owner,
        user_pin=OLD_PIN,
        settings=settings,
    )
    device.start_trace()
    computer = story.computer(name, device.environment, programs.folder)
    (computer.home / module).symlink_to(device.module)
    adapter = personality.partition("-")[0]
    computer.configure(f"""\
[plugins]
allow = {[adapter, *programs.plugins]}
require = {list(programs.plugins)}

[adapters.{adapter}]
modules = ["{computer.home / module}"]
""")
    return Owned(device, computer, f"./{module}")

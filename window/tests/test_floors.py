"""The floors of the window: what each room of it may import. Qt is not needed for that."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

WINDOW = Path(__file__).parent.parent / "src" / "lockwright_window"

FLOORS = (
    {"__init__", "frozen", "qt", "speaking", "threads", "words"},
    {"work"},
    {"pieces", "tokens"},
    {"fields"},
    {"story"},
    {"stories"},
    {"main"},
    {"life"},
    {"__main__"},
)
"""Every room, the lowest floor first; a room imports only from floors below its own."""
HEIGHTS = {room: height for height, floor in enumerate(FLOORS) for room in floor}
WITHOUT_QT = (
    "words",
    "life/__init__.py",
    "life/start.py",
    "life/alone.py",
    "life/options.py",
    "life/early.py",
    "tokens/__init__.py",
    "tokens/look.py",
    "frozen.py",
    "qt/__init__.py",
    "qt/immortal.py",
    "qt/unshown.py",
    "threads.py",
    "pieces/colours.py",
    "__init__.py",
    "__main__.py",
)
"""What is read before there is a window, or without one: what it is begun by, and sentences."""

LIFE = ("options", "alone", "early", "program", "start")
"""The files of ``life`` in the order in which they stand upon each other."""

CORE = {
    *(
        "certificates",
        "cli.certificates",
        "cli.enrolment_steps",
        "cli.phrases",
        "config",
        "console",
        "deadlines",
        "enrol",
        "errors",
        "explain",
        "files.state",
        "i18n",
        "line.waiting",
        "log",
        "models",
        "operations",
        "policy",
        "records",
        "runner",
        "secret",
        "spoken",
        "host.ahead",
        "host.harden",
    ),
}
"""What the window may import of core, with what is below each: what the Runner takes, gives and
raises, sentences of the command line, how a process of ours begins. It reads and writes no token.
"""


SHARED = {"acts", "ready", "reasons", "locked_pin", "pin_step"}
"""What every story may use; it is no story itself."""
UPON = {"renew": {"enrol"}, "resume": {"enrol"}}
"""Stories that stand upon another one: those of a certificate share its pages."""


def rooms() -> Iterator[tuple[Path, str]]:
    """Each file, as it stands in the package, and its room."""
    for source in sorted(WINDOW.rglob("*.py")):
        inside = source.relative_to(WINDOW)
        if "pyinstaller" not in inside.parts:  # run by PyInstaller, in a process of its own
            yield inside, inside.parts[0] if len(inside.parts) > 1 else inside.stem


def imported(inside: Path, *, for_types: bool = True) -> Iterator[str]:
    """Full names of what a file imports, if asked without those that are for types alone."""
    tree = ast.parse((WINDOW / inside).read_text(encoding="utf-8"))
    spared = (
        set()
        if for_types
        else {below for node in ast.walk(tree) if _types(node) for below in ast.walk(node)}
    )
    for node in ast.walk(tree):
        if node in spared:
            continue
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def _types(node: ast.AST) -> bool:
    return (
        isinstance(node, ast.If)
        and isinstance(node.test, ast.Name)
        and node.test.id == "TYPE_CHECKING"
    )


def edges() -> Iterator[tuple[Path, str, str]]:
    """File, its room, and another room that it imports; a type's name is no floor's load."""
    for inside, room in rooms():
        for name in imported(inside, for_types=False):
            package, *rest = name.split(".")
            if package == WINDOW.name:
                target = rest[0] if rest and rest[0] in HEIGHTS else "__init__"
                if target != room:
                    yield inside, room, target


def test_every_room_has_its_floor() -> None:
    assert {room for _file, room in rooms()} == HEIGHTS.keys()


def test_each_room_imports_only_from_floors_below() -> None:
    wrong = sorted(
        {
            f"{file} imports {target}"
            for file, room, target in edges()
            if HEIGHTS[target] >= HEIGHTS[room]
        }
    )

    assert wrong == []


def stories() -> Iterator[tuple[str, str]]:
    """Each story, and another part of ``stories`` that it imports."""
    for inside, room in rooms():
        if room == "stories":
            story = Path(inside.parts[1]).stem
            for name in imported(inside):
                _package, *rest = name.split(".")
                if name.startswith(f"{WINDOW.name}.stories.") and rest[1] != story:
                    yield story, rest[1]


def test_a_story_imports_no_other_story() -> None:
    wrong = sorted(
        f"{story} imports {other}"
        for story, other in stories()
        if other not in SHARED | UPON.get(story, set())
    )

    assert wrong == []
    assert {("renew", "enrol"), ("clean", "pin_step")} <= set(stories())


def test_a_file_of_its_life_imports_only_those_before_it() -> None:
    found = {
        (inside.stem, other)
        for inside, room in rooms()
        if room == "life" and inside.stem != "__init__"
        for name in imported(inside, for_types=False)
        for other in LIFE
        if f"{name}.".startswith(f"{WINDOW.name}.life.{other}.")
    }

    assert {one for one, other in found if LIFE.index(one) <= LIFE.index(other)} == set()
    assert ("start", "program") in found


def test_what_is_read_before_there_is_a_window_imports_no_qt() -> None:
    wrong = sorted(
        {
            f"{file} imports {name}"
            for file, _room in rooms()
            if any(file.is_relative_to(each) for each in WITHOUT_QT)
            for name in imported(file)
            if name.startswith("PySide6")
        }
    )

    assert wrong == []


def test_the_window_imports_of_core_only_what_its_thin_face_needs() -> None:
    found = {
        (file, name.removeprefix("lockwright."))
        for file, _ in rooms()
        for name in imported(file)
        if name.startswith("lockwright.")
    }
    wrong = sorted(
        f"{file} imports lockwright.{name}"
        for file, name in found
        if not any(f"{name}.".startswith(f"{part}.") for part in CORE)
    )

    assert wrong == []


def test_the_floors_are_seen_at_all() -> None:
    """A graph read wrongly has no wrong edges either."""
    seen = {(room, target) for _file, room, target in edges()}

    assert {
        ("life", "main"),
        ("stories", "story"),
        ("fields", "pieces"),
        ("words", "pieces"),
    } - seen == {("words", "pieces")}


def test_the_floors_are_printed() -> None:
    """``make floors`` shows them: from what everything stands on to the program's first line."""
    for number, floor in enumerate(FLOORS):
        print(f"{number:2}  {'  '.join(sorted(floor))}")  # noqa: T201  # it is to be read

"""The rooms of the desk: two halves that know nothing of each other, over what serves both."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

DESK = Path(__file__).parents[1] / "src" / "lockwright_desk"

FLOORS = (
    {"__init__", "clock", "codes", "errors", "logins", "mail_addresses"},
    {"own_files"},
    {"softhsm"},
    {"store"},
    {"configuration"},
    {"audit", "http"},
    {"enrolment", "siem", "signin"},
    {"helpdesk"},
    {"web"},
    {"initialise", "serving"},
    {"cli"},
)
"""Every room, the lowest floor first; a room imports only from floors below its own."""
HEIGHTS = {room: height for height, floor in enumerate(FLOORS) for room in floor}
APART = {"enrolment": {"helpdesk", "signin", "web"}, "helpdesk": {"enrolment"}}
"""What a room knows nothing of: one half of the other, whichever stands lower."""


def _room(parts: tuple[str, ...]) -> str:
    return parts[0] if len(parts) > 1 else Path(parts[0]).stem


def _imports() -> Iterator[tuple[Path, str, str]]:
    """File, its room, and a room that it imports."""
    for source in DESK.rglob("*.py"):
        inside = source.relative_to(DESK)
        for node in ast.walk(ast.parse(source.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                names = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom) and node.module:
                names = [f"{node.module}.{alias.name}" for alias in node.names]
            else:
                continue
            for name in names:
                package, *rest = name.split(".")
                if package == DESK.name:
                    target = rest[0] if rest and rest[0] in HEIGHTS else "__init__"
                    yield inside, _room(inside.parts), target


def test_every_room_has_its_floor() -> None:
    found = {_room(path.relative_to(DESK).parts) for path in DESK.rglob("*.py")}

    assert found <= HEIGHTS.keys()


def test_each_room_imports_only_from_floors_below() -> None:
    """But for a migration, which knows what it moves."""
    wrong = sorted(
        f"{file} imports {target}"
        for file, room, target in _imports()
        if target != room and HEIGHTS[target] >= HEIGHTS[room] and "migrations" not in file.parts
    )

    assert wrong == []


def test_the_two_halves_know_nothing_of_each_other() -> None:
    wrong = sorted(
        f"{file} imports {target}"
        for file, room, target in _imports()
        if target in APART.get(room, ())
    )

    assert wrong == []


def test_the_floors_are_seen_at_all() -> None:
    """A graph read wrongly has no wrong edges either."""
    edges = {(room, target) for _file, room, target in _imports()}

    assert {("cli", "serving"), ("serving", "enrolment"), ("enrolment", "store")} <= edges

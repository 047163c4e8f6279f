"""What a screen reader is told of a program: its accessible tree and where the focus goes.

Runs under the system's Python, which has gi. Reads a JSON object a line, answers in one each:
{"do": "tree", "pid": N} gives what is shown, {"do": "heard"} what was spoken since it asked last.
"""

from __future__ import annotations

import json
import sys
import time
from typing import Any

import gi

gi.require_version("Atspi", "2.0")
from gi.repository import Atspi, GLib  # noqa: E402  # the version comes first

_DEEPEST = 40
_QUERY_MS = 2000
_PAUSE = 0.02
heard: list[dict[str, Any]] = []
loop = GLib.MainLoop()


def asked(line: str) -> dict[str, Any]:
    """Answer one question."""
    given = json.loads(line)
    try:
        if given["do"] == "heard":
            found = [each for each in heard if each["pid"] == given["pid"]]
            heard[:] = [each for each in heard if each["pid"] != given["pid"]]
            return {"heard": found}
        front = given.get("front", False)
        return {"tree": tree(given["pid"], hidden=given.get("hidden", False), front=front)}
    except GLib.Error as error:  # it changed while it was read, or hangs
        return {"error": error.message}


def tree(pid: int, *, hidden: bool, front: bool) -> list[dict[str, Any]]:
    """Every accessible of a program that is shown, from its windows down; or of the active one."""
    found: list[dict[str, Any]] = []
    desktop = Atspi.get_desktop(0)
    for number in range(desktop.get_child_count()):
        program = desktop.get_child_at_index(number)
        if program is not None and program.get_process_id() == pid:
            program.set_cache_mask(Atspi.Cache.NONE)
            shown = children(program)
            active = [each for each in shown if front and is_active(each)]
            for window in active or shown:
                walk(window, 0, found, hidden=hidden)
    return found


def is_active(window: Any) -> bool:
    """Whether it is the one that has the keyboard."""
    return bool(window.get_state_set().contains(Atspi.StateType.ACTIVE))


def walk(node: Any, depth: int, found: list[dict[str, Any]], *, hidden: bool) -> None:
    """One accessible and what is in it."""
    states = node.get_state_set()
    shown = states.contains(Atspi.StateType.SHOWING)
    if not (shown or hidden):
        return
    found.append(facts(node, states, depth))
    if depth < _DEEPEST:
        for child in children(node):
            walk(child, depth + 1, found, hidden=hidden)


def facts(node: Any, states: Any, depth: int) -> dict[str, Any]:
    """What is known of an accessible."""
    role = node.get_role_name()
    at = node.get_extents(Atspi.CoordType.SCREEN)
    return {
        "depth": depth,
        "role": role,
        "name": node.get_name(),
        "description": node.get_description(),
        "states": sorted(each.value_nick for each in states.get_states()),
        "at": [at.x, at.y, at.width, at.height],
        "text": text(node, role),
        "value": value(node, role),
    }


def text(node: Any, role: str) -> str | None:
    """What is written in it."""
    if "text" not in role and role not in ("entry", "label", "spin button"):
        return None
    if node.get_text_iface() is None:
        return None
    content: str = Atspi.Text.get_text(node, 0, -1)
    return content


def value(node: Any, role: str) -> float | None:
    """How far it is."""
    if role not in ("progress bar", "level bar", "slider", "spin button"):
        return None
    if node.get_value_iface() is None:
        return None
    number: float = node.get_current_value()
    return number


def children(node: Any) -> list[Any]:
    """What is in it, as far as it is still there."""
    found = (node.get_child_at_index(each) for each in range(node.get_child_count()))
    return [each for each in found if each is not None]


def on_event(event: Any) -> None:
    """The focus went somewhere, or something is to be said."""
    try:
        source = event.source
        if event.type.startswith("object:state-changed:focused") and not event.detail1:
            return
        known = facts(source, source.get_state_set(), 0)
        heard.append(
            known | {"pid": source.get_process_id(), "event": event.type, "t": time.time()}
        )
    except GLib.Error:
        return  # it is gone already


def on_line(_channel: Any, condition: Any) -> bool:
    """A question has come, or who asks is gone."""
    line = sys.stdin.readline() if condition & GLib.IO_IN else ""
    if not line:
        loop.quit()
        return False
    say(asked(line))
    return True


def say(answer: dict[str, Any]) -> None:
    """Answer whoever asked."""
    sys.stdout.write(json.dumps(answer) + "\n")
    sys.stdout.flush()


def main() -> None:
    """Answer until nobody asks any more."""
    Atspi.init()
    Atspi.set_timeout(_QUERY_MS, _QUERY_MS)
    listener = Atspi.EventListener.new(on_event)
    for each in (
        "object:state-changed:focused",
        "object:active-descendant-changed",
        "object:announcement",
        "object:property-change:accessible-name",
    ):
        listener.register(each)
    say({"ready": True})
    GLib.io_add_watch(sys.stdin, GLib.PRIORITY_DEFAULT, GLib.IO_IN | GLib.IO_HUP, on_line)
    loop.run()


main()

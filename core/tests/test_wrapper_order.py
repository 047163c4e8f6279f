"""Wrappers stand in one order: the trail, the bank's own by name, the guard, the adapter."""

from __future__ import annotations

import json
import sys
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path

import pytest
from lockwright import Config, Runner, Secret
from lockwright.errors import PinRefused
from lockwright.registry import Registry
from lockwright_testkit.softhsm import USER_PIN, SoftHSM

NOTES = """
from pathlib import Path
from lockwright.adapter import hookimpl

def note(word):
    trail = Path("{trail}")
    lines = len(trail.read_text().splitlines()) if trail.exists() else 0
    with open("{notes}", "a") as file:
        file.write(f"{name} {{word}} {{lines}}\\n")

@hookimpl(wrapper=True, {first}=True)
def lockwright_change_pin(token):
    note("goes")
    try:
        return (yield)
    except Exception as error:
        note(type(error).__name__)
        raise
    finally:
        note("is back")
"""


@pytest.mark.parametrize(
    ("new_pin", "refusal"), [("Kettle-Moss-42", None), ("12345678", "PinRefused")]
)
def test_a_call_goes_through_the_wrappers_in_the_order_of_their_names(
    softhsm: SoftHSM,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    new_pin: str,
    refusal: str | None,
) -> None:
    """Whatever ``tryfirst`` asks for, and in whichever order they were found."""
    softhsm.add_token("Anna")
    monkeypatch.syspath_prepend(str(tmp_path))
    trail, notes = tmp_path / "audit.jsonl", tmp_path / "notes"
    found = [entry_points(group="lockwright")["softhsm"]]
    for name, first in (("b-monitor", "tryfirst"), ("a-ticket", "trylast")):
        module = f"plugged_order_{name[0]}"
        code = NOTES.format(trail=trail, notes=notes, name=name, first=first)
        (tmp_path / f"{module}.py").write_text(code)
        monkeypatch.delitem(sys.modules, module, raising=False)
        found.append(EntryPoint(name, module, "lockwright"))

    with Runner(Config(audit=trail), registry=Registry(found=found)) as runner:
        token = runner.find()
        if refusal:
            with pytest.raises(PinRefused):
                runner.change_pin(token, Secret(USER_PIN), Secret(new_pin))
        else:
            runner.change_pin(token, Secret(USER_PIN), Secret(new_pin))

    failed = [refusal] if refusal else []
    told = [line.rpartition(" ") for line in notes.read_text().splitlines()]
    assert [who for who, _space, _lines in told] == [
        *("a-ticket goes", "b-monitor goes"),
        *(f"b-monitor {word}" for word in (*failed, "is back")),
        *(f"a-ticket {word}" for word in (*failed, "is back")),
    ]
    assert {lines for _who, _space, lines in told} == {"1"}, "the intent is written, no outcome"
    intent, outcome = map(json.loads, trail.read_text().splitlines())
    assert (intent["event"], outcome["event"]) == ("intent", "outcome")

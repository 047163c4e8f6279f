"""Every odd thing that was seen on tokens: told, named, deleted; each alone and all together."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
from corpus import ENTRIES
from corpus_entry import Entry
from corpus_screen import NEVER, Screen
from corpus_token import HEALTHY, CorpusToken, Makers
from lockwright_testkit.program import Ended, Program


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.name)
def test_each_is_told_named_and_deleted_alone(
    entry: Entry,
    makers: Makers,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    token = entry.token(makers)
    entry.fill(token)
    pin = _pin_file(tmp_path, token)
    screen = Screen(monkeypatch, capsys, token.options)

    serial = screen.run("tokens", "--json").document["tokens"][0]["serial"]
    told = [screen.run("tokens"), screen.run("list", code=entry.fails.get("list", 0))]
    code = entry.fails.get("list --login", 0)
    told.append(screen.run("list", *pin, code=code))
    assert [text for text in entry.english if not told[-1].shows(text)] == [], told[-1].out
    russian = screen.run("list", "--lang", "ru", *pin, code=code)
    assert [text for text in entry.russian if not russian.shows(text)] == [], russian.out

    listed = screen.run("list", "--json", *pin, code=code).document
    assert not entry.healthy or HEALTHY in _labels(listed)
    assert entry.json is None or entry.json(listed), listed

    code = entry.fails.get("delete", 0)
    for name, kinds in entry.deletes.items():
        plan = screen.run("delete", name, "--dry-run", "--json", *pin, code=code)
        assert _kinds(plan.document) == sorted(kinds), name
    expired = screen.run("delete", "--expired", "--dry-run", "--json", *pin, code=code)
    told.append(expired)
    assert code or _kinds(expired.document) == sorted(entry.expired)

    code = entry.fails.get("wipe", 0)
    wiped = screen.run("wipe", "--yes", "--token", serial, "--json", *pin, code=code)
    told.append(wiped)
    if not code:
        assert wiped.document["left"] == []
        assert screen.run("list", "--json", *pin).document["containers"] == []
    assert [text for text in entry.messages if not any(each.shows(text) for each in told)] == []


def test_all_together_are_listed_and_deleted(makers: Makers, tmp_path: Path) -> None:
    """On one token, through the program and the child process of the module."""
    soft = [entry for entry in ENTRIES if entry.token is Makers.softhsm]
    token = makers.softhsm()
    # keytool gives up on a token where it cannot read one certificate.
    for entry in sorted(soft, key=lambda entry: not entry.made.startswith("keytool")):
        entry.fill(token)
    pin = _pin_file(tmp_path, token)
    program = Program(tmp_path)

    def run(*command: str) -> Ended:
        ended = program.run(*command)
        assert ended.code == 0, ended
        assert not [word for word in NEVER if word in ended.out + ended.err], ended
        return ended

    (found,) = run("tokens", "--json").document["tokens"]
    for command in (("tokens",), ("list",), ("list", *pin), ("list", "--lang", "ru", *pin)):
        assert HEALTHY in (ended := run(*command)).out or command == ("tokens",), ended
    listed = run("list", "--json", *pin).document
    assert HEALTHY in _labels(listed)
    run("delete", "--expired", "--dry-run", *pin)
    plan = run("delete", *sorted(_names(listed)), "--dry-run", "--json", *pin).document["plan"]
    assert len(plan["targets"]) == _count(listed) > len(soft)
    assert run("wipe", "--yes", "--token", found["serial"], "--json", *pin).document["left"] == []


def test_the_names_of_the_corpus_are_its_own() -> None:
    names = [entry.name for entry in ENTRIES]
    assert len(set(names)) == len(names)
    assert [name for name in names if not re.fullmatch(r"[a-z0-9-]+", name)] == []


def _pin_file(folder: Path, token: CorpusToken) -> tuple[str, str]:
    file = Program(folder).secret("user.pin", token.pin)
    return "--pin-file", str(file)


def _labels(listed: dict[str, Any]) -> set[str]:
    return {container["label"] for container in listed["containers"]}


def _names(listed: dict[str, Any]) -> Iterable[str]:
    """What names each thing for ``delete``."""
    yield from (each["name"] for each in (*listed["containers"], *listed["objects"]))


def _count(listed: dict[str, Any]) -> int:
    """How many objects a listing shows."""
    containers = listed["containers"]
    keys = sum(len(each["key"]["objects"]) for each in containers if each["key"])
    return keys + sum(len(c["certificates"]) for c in containers) + len(listed["objects"])


def _kinds(document: dict[str, Any]) -> list[str]:
    """Kinds of all objects in a plan."""
    plan = document["plan"]
    containers = plan["containers"]
    kinds = [each["kind"] for each in plan["objects"]]
    for container in containers:
        kinds += ["certificate"] * len(container["certificates"])
        kinds += [each["kind"] for each in (container["key"] or {"objects": ()})["objects"]]
    return sorted(kinds)

"""What is claimed of an adapter is shown, and what cannot be shown must not be claimed."""

from __future__ import annotations

import json
import re
import shutil
import tomllib
from datetime import date
from pathlib import Path

import choice
import conformance
import jsonschema
import pytest
from lockwright.registry import Plugin, PluginStatus
from lockwright.registry.evidence import evidence_of
from lockwright_testkit.cli.app import main
from lockwright_testkit.program import Program
from lockwright_testkit.tiers import broken_rules, evidence_in

ROOT = Path(__file__).parent.parent
PROJECTS = [file.parent for file in sorted(ROOT.glob("plugins/*/pyproject.toml"))]
SCHEMA = ROOT / "core/src/lockwright/cli/schemas/plugins.json"


@pytest.mark.parametrize("project", PROJECTS, ids=lambda project: str(project.name))
def test_no_adapter_of_ours_claims_what_it_cannot_show(project: Path) -> None:
    assert list(broken_rules(project)) == []

    file = evidence_in(project)
    assert file is not None
    content = tomllib.loads(file.read_text("utf-8"))
    assert content["claim"]["tier"] == "tested", "no real token was seen"
    assert {each["kind"] for each in content["tested"]} <= {"simulator", "software"}


@pytest.fixture
def project(tmp_path: Path) -> Path:
    kept = shutil.ignore_patterns("__pycache__")
    return Path(shutil.copytree(ROOT / "plugins" / "softhsm", tmp_path / "p", ignore=kept))


REAL = """
[[tested]]
token = "0B53001435596976"
kind = "real"
bindings = ["pykcs11"]
report = "certified.json"
since = 2026-11-30
hooks = { list = "works" }
"""


def test_a_tier_is_refused_for_each_rule_that_is_broken(project: Path) -> None:
    file = evidence_in(project)
    assert file is not None
    good = file.read_text("utf-8")

    def told(text: str) -> list[str]:
        file.write_text(text, encoding="utf-8")
        return list(broken_rules(project))

    confirmed = good.replace('"tested"', '"confirmed"')
    assert told(confirmed) == ["no real token was seen"]
    assert told(confirmed + REAL) == [
        "0B53001435596976: the report of it is not beside the adapter"
    ]
    file.with_name("certified.json").write_text("{}")
    (fault,) = told(confirmed + REAL)
    assert fault.startswith("0B53001435596976: its report cannot be relied on: it is no report")
    alone = good.partition("[[")[0] + REAL
    assert "the suite's result is not written down for any token" in told(alone)
    assert told(good.replace('"tested"', '"best"'))[0].startswith("there is no tier 'best'")
    assert told(good.partition("[[")[0]) == ["nothing was tested"]
    assert told(good.replace("the maintainers of lockwright", "")) == ["nobody answers for it"]
    assert told(good.replace('"software"', '"rumour"'))[0].startswith("SoftHSM: there is no kind")
    assert told("[claim")[0].startswith("evidence.toml cannot be read")
    file.write_text(good, encoding="utf-8")
    (project / "README.md").unlink()
    shutil.rmtree(project / "tests")
    assert list(broken_rules(project)) == [
        "it has no README",
        "its tests do not have the conformance suite",
    ]


def test_the_page_shows_what_a_person_saw_a_real_token_do_and_since_when(project: Path) -> None:
    file = evidence_in(project)
    assert file is not None
    signed = REAL.replace("since", 'version = "0.9.0"\nsigner = "CN=Anna"\nsince')
    claimed = file.read_text("utf-8").replace('"tested"', '"confirmed"')
    file.write_text(claimed + signed.replace("2026-11-30", "2026-01-02"), encoding="utf-8")
    found = choice.cells(conformance.written())

    text = choice.updated(file, found)

    assert text.endswith('since = 2026-01-02\n\n[tested.hooks]\nlist = "works"\n'), "as it was"
    content = tomllib.loads(text)
    assert "0B53001435596976" not in str([*choice.unnamed(found, [content])])
    shown = choice.page({"softhsm": content})
    assert "no real token has been seen" not in shown
    for row in (
        "|  | SoftHSM | plain | 0B53001435596976 |",
        "| what it is | the software itself | simulator | real token |",
        "| version of the adapter | - | - | 0.9.0 |",
        "| report signed by | - | - | CN=Anna |",
    ):
        assert row in shown
    assert re.search(r"^\| so since \|.*\| 2026-01-02 \|$", shown, re.MULTILINE)


def test_the_kit_says_which_rule_is_broken(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["tier", "--folder", str(project)]) == 0
    (project / "README.md").unlink()

    assert main(["tier", "--folder", str(project), "--json"]) == 1

    shown = capsys.readouterr().out.splitlines()
    assert "It may claim what it claims." in shown
    assert json.loads("".join(shown[1:]))["broken"] == ["it has no README"]


def test_the_installed_adapters_tell_what_they_were_tested_on(tmp_path: Path) -> None:
    document = Program(tmp_path).run("plugins", "--json").document

    jsonschema.validate(document, json.loads(SCHEMA.read_text("utf-8")))
    told = {each["name"]: each["evidence"] for each in document["plugins"]}
    assert told["jacarta"]["tier"] == "tested"
    tokens = {each["token"]: each for each in told["softhsm"]["tested"]}
    assert tokens["SoftHSM"]["kind"] == "software"
    assert tokens["plain"]["bindings"] == ["python-pkcs11", "pykcs11"]
    assert tokens["SoftHSM"]["hooks"]["erase"] == "not offered by the vendor"
    assert date.fromisoformat(tokens["SoftHSM"]["since"]) >= date(2026, 11, 30)


@pytest.mark.parametrize("text", [None, "[claim", "tested = 1", "[claim]\ntier = 1\n", "\xff"])
def test_an_adapter_without_evidence_that_can_be_read_has_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str | None
) -> None:
    folder = tmp_path / "lockwright_odd"
    folder.mkdir()
    (folder / "__init__.py").touch()
    if text is not None:
        (folder / "evidence.toml").write_bytes(text.encode("latin-1"))
    monkeypatch.syspath_prepend(str(tmp_path))

    odd = Plugin("odd", PluginStatus.LOADED, value="lockwright_odd.sub:adapter", adapter=True)
    assert evidence_of(odd) is None

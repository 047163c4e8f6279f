"""``lockwright-kit evidence add``: a person's report of a real token goes beside its adapter."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from lockwright import Config, Runner
from lockwright.calls.adapters import Calls
from lockwright.models import Token
from lockwright.registry import Plugin, PluginStatus
from lockwright.registry.evidence import evidence_of
from lockwright.secret import Secret
from lockwright_testkit.acceptance import operations, report
from lockwright_testkit.acceptance.record import Record
from lockwright_testkit.cli.app import main
from lockwright_testkit.pki import TestCa, key_pem, pem
from lockwright_testkit.sim import Simulator
from lockwright_testkit.sim.fixtures import SimulatorFactory
from lockwright_testkit.tiers import broken_rules, evidence_in

ROOT = Path(__file__).parents[3]
SCHEMA = ROOT / "core/src/lockwright/cli/schemas/plugins.json"
PIN, SO_PIN = "Kp7User-pin-1x", "Kp7so-pin-1234"
Change = Callable[[dict[str, Any]], bool | None]
"""Changes a line of a record; false leaves it out."""


@pytest.fixture(scope="module")
def accepted(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The record of a token that was accepted, a simulated one."""
    folder = tmp_path_factory.mktemp("accepted")
    device = Simulator.create(folder / "device", "jacarta-pki")
    for name, pin in (("user", PIN), ("so", SO_PIN)):
        device.set(f"{name}.pin", pin, slot=0)
        (folder / name).touch(mode=0o600)
        (folder / name).write_text(pin)
    serial = device.show()["slot0.serial"]
    pins = ("--pin-file", str(folder / "user"), "--so-pin-file", str(folder / "so"))
    token = ("--token", serial, "--confirm", serial, "--module", str(device.module))
    with pytest.MonkeyPatch.context() as patch:
        for name, value in device.environment.items():
            patch.setenv(name, value)
        patch.setattr("sys.stdin", None)
        assert main(["certify", *token, *pins, "--folder", str(folder / "r")]) == 0
    return folder / "r"


@pytest.fixture
def bank(tmp_path: Path) -> TestCa:
    """Who signs; its certificate is in bank.pem."""
    ca = TestCa.root("CN=Demo Bank")
    (tmp_path / "bank.pem").write_bytes(pem(ca.certificate))
    return ca


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The project of the adapter that did it; the current folder is beside it."""
    monkeypatch.chdir(tmp_path)
    kept = shutil.ignore_patterns("__pycache__")
    return Path(shutil.copytree(ROOT / "plugins/jacarta", tmp_path / "project", ignore=kept))


def real(line: dict[str, Any]) -> None:
    """What a real token would leave in the record: no simulator behind the module."""
    line.get("facts", {}).pop("simulated", None)


def failed(line: dict[str, Any]) -> None:
    real(line)
    if line.get("step") == "contents" and "outcome" in line:
        line |= {"outcome": "failed", "facts": {"reason": "the module crashed (-11)"}}


def unfinished(line: dict[str, Any]) -> bool:
    real(line)
    return line.get("step") not in {"tries", "unlock", "pins"}


def of_softhsm(line: dict[str, Any]) -> None:
    real(line)
    if "token" in line.get("facts", {}):
        line["facts"]["token"]["manufacturer"] = "SoftHSM project"


def hollow(line: dict[str, Any]) -> None:
    if "versions" in line.get("facts", {}):
        line["facts"]["versions"] = {}


def written(accepted: Path, place: Path, change: Change = real) -> Path:
    """A report whose record has other facts, and is whole."""
    place.mkdir(mode=0o700)
    record, numbers = Record(place), dict[str, str]()
    for text in (accepted / "record.jsonl").read_text().splitlines():
        line = json.loads(text)
        if change(line) is False:
            continue
        if line["event"] == "certify":
            record.begin(line["facts"])
        elif line["event"] == "intent":
            numbers[line["step"]] = record.step(line["step"], line["token"]["serial"])
        else:
            record.ended(line["step"], numbers[line["step"]], line["outcome"], line["facts"])
    file = place / "report.json"
    file.write_text(json.dumps(report.document(record.lines())))
    return file


def sign(file: Path, bank: TestCa) -> None:
    """As the how-to says."""
    signer = bank.speaker("CN=Anna Petrova")
    file.with_name("signer.pem").write_bytes(pem(signer.certificate) + key_pem(signer.key))
    command: list[str | Path] = ["openssl", "cms", "-sign", "-binary", "-outform", "DER"]
    more: list[str | Path] = [
        "-in",
        file,
        "-signer",
        file.with_name("signer.pem"),
        "-out",
        f"{file}.p7s",
    ]
    subprocess.run([*command, *more], check=True, capture_output=True)


def add(capsys: pytest.CaptureFixture[str], *more: str) -> dict[str, Any]:
    capsys.readouterr()
    main(["evidence", "add", "r", "--ca", "bank.pem", "--folder", "project", "--json", *more])
    told: dict[str, Any] = json.loads(capsys.readouterr().out)
    return told


def evidence(project: Path) -> Path:
    file = evidence_in(project)
    assert file is not None
    return file


def files(project: Path) -> dict[str, bytes]:
    return {str(each): each.read_bytes() for each in project.rglob("*") if each.is_file()}


def test_a_signed_report_makes_an_adapter_confirmed_and_is_told_to_whoever_chooses(
    accepted: Path,
    project: Path,
    bank: TestCa,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    sign(written(accepted, Path("r")), bank)
    before = evidence(project).read_text()

    told = add(capsys)

    assert (told["kind"], told["signer"]) == ("real", "CN=Anna Petrova")
    text = evidence(project).read_text()
    assert text.startswith(before)
    evidence(project).write_text(text.replace('tier = "tested"', 'tier = "confirmed"'))
    assert main(["tier", "--folder", "project", "--ca", "bank.pem"]) == 0
    assert add(capsys)["report"] == told["report"]
    assert evidence(project).read_text().count(told["report"]) == 1, "it is told of once"

    monkeypatch.syspath_prepend(str(project / "src"))
    plugin = Plugin(
        "jacarta", PluginStatus.LOADED, value="lockwright_jacarta:adapter", adapter=True
    )
    monkeypatch.setattr(
        "lockwright.registry.evidence.file_of", lambda _: evidence(project).with_name("x.py")
    )
    chosen = evidence_of(plugin)
    assert chosen is not None
    schema = json.loads(SCHEMA.read_text())["properties"]["plugins"]["items"]["properties"]
    jsonschema.validate(chosen, schema["evidence"])
    last = chosen["tested"][-1]
    assert (last["kind"], last["version"], last["signer"]) == ("real", "0.1.0", "CN=Anna Petrova")
    assert last["bindings"] == ["python-pkcs11"]
    words = {hook: last["hooks"][hook] for hook in ("sign", "store", "unblock", "wipe", "erase")}
    assert words == {
        **dict.fromkeys(("sign", "store", "unblock"), "works"),
        "wipe": "not tested: no part of an acceptance",
        "erase": "not allowed when it was initialised",
    }
    assert last["hooks"]["unblock_challenge"] == "the administrator is a PIN"


def test_a_hook_is_said_to_work_where_the_operation_that_shows_it_calls_it(
    sim: SimulatorFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    device = sim("jacarta-pro", user_pin=PIN, so_pin=SO_PIN)
    called: set[str] = set()
    call = Calls.__call__

    def noting(self: Calls, hook: Any, token: Token, *more: Any, **named: Any) -> Any:
        called.add(hook.__name__.removeprefix("lockwright_"))
        return call(self, hook, token, *more, **named)

    monkeypatch.setattr(Calls, "__call__", noting)
    with Runner(Config(audit=None), modules=(device.module,)) as runner, Secret(PIN) as pin:
        token = runner.find()
        done: dict[str, set[str]] = {}
        steps: tuple[Callable[[], dict[str, Any]], ...] = (
            lambda: operations.contents(runner, token.serial, pin),
            lambda: operations.response(runner, token.serial, pin),
            lambda: operations.pins(runner, token, pin, Secret(SO_PIN)),
        )
        for step in steps:
            called.clear()
            names = step()["operations"]
            done |= {name: set(called) for name in names}

    at_the_start = {"modules", "open", "match", "unblock_complete"}
    for name, hooks in operations.DID.items():
        assert set(hooks) - at_the_start <= done[name] | {"state"}, name


def changed(file: Path, before: str, after: str) -> None:
    text = file.read_text()
    assert before in text
    file.write_text(text.replace(before, after, 1))


REFUSED = {
    "changed before it was signed": "kit-report-changed",
    "changed after it was signed": "kit-signature",
    "unsigned": "kit-report-unsigned",
    "signed by a stranger": "kit-signature",
    "of another version": "kit-report-of-another",
    "of another adapter": "kit-report-of-another",
    "a step failed": "kit-report-unfinished",
    "steps are left": "kit-report-unfinished",
    "nothing in it": "kit-report-changed",
    "simulated": "kit-report-kind",
    "SoftHSM": "kit-report-kind",
    "no report": "kit-report-unread",
    "no project": "kit-no-evidence",
    "no evidence": "kit-no-evidence",
    "a merge that was left": "kit-no-evidence",
}
CHANGES: dict[str, Change] = {
    "a step failed": failed,
    "steps are left": unfinished,
    "nothing in it": hollow,
    "simulated": lambda _line: None,
    "SoftHSM": of_softhsm,
}


@pytest.mark.parametrize(("what", "code"), REFUSED.items(), ids=REFUSED)
def test_a_report_that_does_not_stand_for_the_adapter_is_refused_and_nothing_is_written(
    what: str,
    code: str,
    accepted: Path,
    project: Path,
    bank: TestCa,
    capsys: pytest.CaptureFixture[str],
) -> None:
    file = written(accepted, Path("r"), CHANGES.get(what, real))
    if what == "changed before it was signed":
        changed(file, '"id.unique": "no"', '"id.unique": "yes"')
    sign(file, TestCa.root("CN=Stranger") if "stranger" in what else bank)
    if what == "changed after it was signed":
        file.write_text(json.dumps(json.loads(file.read_text()), indent=1))
    elif what == "unsigned":
        Path("r/report.json.p7s").unlink()
    elif what == "of another version":
        changed(project / "pyproject.toml", 'version = "0.1.0"', 'version = "0.1.1"')
    elif what == "of another adapter":
        changed(project / "pyproject.toml", "lockwright-jacarta", "lockwright-larch")
    elif what == "no report":
        file.unlink()
    elif what == "no project":
        (project / "pyproject.toml").unlink()
    elif what == "no evidence":
        evidence(project).unlink()
    elif what == "a merge that was left":
        evidence(project).write_text("<<<<<<< yours\n" + evidence(project).read_text())
    before = files(project)

    told = add(capsys)["error"]

    assert told["code"] == code
    assert told["cost"] == "Nothing was changed."
    assert files(project) == before


def test_a_simulated_token_may_be_told_of_as_one(
    accepted: Path, project: Path, bank: TestCa, capsys: pytest.CaptureFixture[str]
) -> None:
    sign(written(accepted, Path("r"), lambda _line: None), bank)
    assert add(capsys, "--kind", "simulator")["kind"] == "simulator"
    assert list(broken_rules(project, Path("bank.pem"))) == []
    changed(evidence(project), 'tier = "tested"', 'tier = "confirmed"')
    assert list(broken_rules(project)) == ["no real token was seen"]


def test_what_lies_beside_an_adapter_must_bear_out_what_it_says(
    accepted: Path, project: Path, bank: TestCa, capsys: pytest.CaptureFixture[str]
) -> None:
    sign(written(accepted, Path("r")), bank)
    token = add(capsys)["token"]
    (beside,) = evidence(project).parent.glob("certified-*.json")
    ca = Path("bank.pem")
    good = files(project)

    def told(*, ca: Path | None = ca) -> list[str]:
        found = [each.removeprefix(f"{token}: ") for each in broken_rules(project, ca)]
        for name, content in good.items():
            Path(name).write_bytes(content)
        return found

    changed(evidence(project), 'wipe = "not tested: no part of an acceptance"', 'wipe = "works"')
    assert told() == ["its report says something else about hooks"]
    changed(evidence(project), f'token = "{token}"', f'token = "{token}1"')
    (fault,) = told()
    assert fault.endswith("1: its report says something else about token")
    changed(evidence(project), 'signer = "CN=Anna Petrova"', 'signer = "CN=Ivan Petrov"')
    assert told() == ["somebody else signed its report"]
    changed(beside, '"id.unique": "no"', '"id.unique": "yes"')
    assert told(ca=None)[0].startswith("its report cannot be relied on: its record says")
    beside.with_name(f"{beside.name}.p7s").unlink()
    assert told() == ["nobody signed its report"]
    sign(beside, TestCa.root("CN=Stranger"))
    assert told(ca=None) == []
    sign(beside, TestCa.root("CN=Stranger"))
    (fault,) = told()
    assert fault.endswith("is not a signature of " + beside.name + " that leads to bank.pem")
    changed(evidence(project), f'report = "{beside.name}"', 'report = "../x.json"')
    assert told() == ["the report of it is not beside the adapter"]
    # The project may have moved on: what was seen was seen of that version.
    changed(project / "pyproject.toml", 'version = "0.1.0"', 'version = "0.2.0"')
    assert told() == []


def test_what_a_person_wrote_into_the_file_stays_when_a_report_is_added_again(
    accepted: Path, project: Path, bank: TestCa, capsys: pytest.CaptureFixture[str]
) -> None:
    sign(written(accepted, Path("r")), bank)
    (project / "pyproject.toml").write_text(
        (project / "pyproject.toml").read_text().replace('"0.1.0"', '"0.1"')
    )
    token, place = add(capsys)["token"], evidence(project)
    claim, tokens = re.split(r"(?m)^(?=\[\[tested\]\]$)", place.read_text(), maxsplit=1)
    tokens = tokens.replace("[[tested]]", "[[ tested ]] # seen").replace('report = "', 'report="')
    place.write_text(f"{tokens}\n# It says:\n{claim}")
    before = tomllib.loads(place.read_text())

    add(capsys)

    text = place.read_text()
    assert tomllib.loads(text) == before
    assert "# It says:" in text
    assert "claim" in before
    assert [each["token"] for each in before["tested"]].count(token) == 1

    listed = ", ".join(f'{{token = "{each["token"]}"}}' for each in before["tested"])
    place.write_text(f"tested = [{listed}]\n{claim}")
    assert add(capsys)["error"]["code"] == "kit-no-evidence"
    assert place.read_text() == f"tested = [{listed}]\n{claim}"


def test_two_tokens_of_one_serial_number_have_a_report_each(
    accepted: Path, project: Path, bank: TestCa, capsys: pytest.CaptureFixture[str]
) -> None:
    def other(line: dict[str, Any]) -> None:
        real(line)
        if "token" in line.get("facts", {}):
            line["facts"]["token"]["model"] = "JaCarta GOST 2.0"

    named = set()
    for change in (real, other):
        sign(written(accepted, Path("r"), change), bank)
        named.add(add(capsys)["report"])
        shutil.rmtree("r")

    assert {each.name for each in evidence(project).parent.glob("certified-*.json")} == named
    assert len(named) == 2
    assert list(broken_rules(project, Path("bank.pem"))) == []


@pytest.mark.parametrize(
    "text",
    [
        'claim = "tested"',
        'tested = 5\n[claim]\ntier = "tested"',
        'tested = ["x"]\n[claim]\ntier = "tested"',
        '[claim]\ntier = "tested"\n[tested]\ntoken = "x"',
        '[claim]\ntier = ["tested"]',
        '[[tested]]\nbindings = "pykcs11"',
        "[[tested]]\nsince = 2026-01-02T10:00:00Z",
        "a = " + "[" * 5000,
    ],
    ids=lambda text: text[:20],
)
def test_a_file_that_was_written_by_hand_and_is_odd_is_told_as_that(
    text: str, project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    evidence(project).write_text(text)
    (project / "tests" / "test_folder.py").mkdir()
    (project / "tests" / "test_bytes.py").write_bytes(b"\xff")
    assert main(["tier", "--folder", "project", "--json"]) == 1
    assert json.loads(capsys.readouterr().out)["broken"][0].startswith(("evidence.toml", "there"))


def test_a_new_project_claims_what_it_can_show_and_takes_a_report(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("sys.stdin", None)
    given = ("--module", "/usr/lib/a.so", "--manufacturer", "Acme Ltd", "--model", "One")
    assert main(["new", "Acme", *given, "--author", 'Anna "A" Ж', "--folder", "p"]) == 0
    assert main(["tier", "--folder", "p"]) == 0
    text = evidence(Path("p")).read_text()
    assert tomllib.loads(text)["claim"] == {"tier": "written", "maintainer": 'Anna "A" Ж'}
    monkeypatch.syspath_prepend("p/src")
    plugin = Plugin("acme", PluginStatus.LOADED, value="lockwright_acme:adapter", adapter=True)
    assert evidence_of(plugin) == {"tier": "written", "maintainer": 'Anna "A" Ж', "tested": []}


def suite(capsys: pytest.CaptureFixture[str], *more: str) -> dict[str, Any]:
    capsys.readouterr()
    given = ("--binding", "pykcs11", "--folder", "p", "--json")
    main(["evidence", "suite", "suite.json", *given, *more])
    told: dict[str, Any] = json.loads(capsys.readouterr().out)
    return told


def test_what_the_suite_found_makes_a_new_project_tested(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("sys.stdin", None)
    given = ("--module", "/usr/lib/a.so", "--manufacturer", "Acme Ltd", "--model", "One")
    assert main(["new", "Acme", *given, "--author", "Anna", "--folder", "p"]) == 0
    changed(evidence(Path("p")), '"written"', '"tested"')
    assert list(broken_rules(Path("p"))) == ["nothing was tested"]
    words = {"TestSimulated": {"list": "works"}, "TestSoftHSM": {"list": "in part", "erase": "no"}}
    Path("suite.json").write_text(json.dumps(words))

    assert suite(capsys)["error"]["code"] == "kit-title"
    assert suite(capsys, "--token", "Else")["error"]["code"] == "kit-title"
    assert suite(capsys, "--token", "TestSimulated")["kind"] == "simulator"
    assert suite(capsys, "--token", "TestSoftHSM", "--kind", "software")["kind"] == "software"

    assert list(broken_rules(Path("p"))) == []
    text = evidence(Path("p")).read_text()
    tested = tomllib.loads(text)["tested"]
    assert [(each["token"], each["hooks"]) for each in tested] == list(words.items())

    old = re.sub(r"since = .*", "since = 2026-01-02", text)
    evidence(Path("p")).write_text(old)
    words["TestSoftHSM"]["list"] = "works"
    Path("suite.json").write_text(json.dumps(words))
    for title, kind in (("TestSimulated", "simulator"), ("TestSoftHSM", "software")):
        suite(capsys, "--token", title, "--kind", kind)
    tested = tomllib.loads(evidence(Path("p")).read_text())["tested"]
    assert [str(each["since"]) == "2026-01-02" for each in tested] == [True, False]

    before = evidence(Path("p")).read_text()
    words["TestSimulated"]["list"] = "FAILS"
    twice = '{"TestSoftHSM":{"list":"FAILS"},"TestSoftHSM":{"list":"works"}}'
    unread = ("[1]", "[" * 100_000, '{"TestSoftHSM":{"list":"\\ud800"}}', twice)
    for text, code in (
        (json.dumps(words), "kit-hook-fails"),
        *((each, "kit-report-unread") for each in unread),
    ):
        Path("suite.json").write_text(text)
        assert suite(capsys, "--token", "TestSoftHSM")["error"]["code"] == code
    assert evidence(Path("p")).read_text() == before

"""``lockwright-kit new``: from a name to a project that is green, whole or not at all."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from lockwright_testkit.cli.app import main
from lockwright_testkit.cli.project import making
from lockwright_testkit.pseudo_terminal import CTRL_C, Screen
from lockwright_testkit.sim.fixtures import SimulatorFactory
from lockwright_testkit.softhsm import SoftHSM

STRINGS = ("--module", "/usr/lib/acme/libacme11.so", "--manufacturer", "Acme Ltd", "--model", "One")

QUICK = "test_tokens.py or claimed or strings_alone or stranger or locked_pin"
"""The least of a project's tests that meets each of its tokens."""


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each test in a folder of its own, and nobody to ask."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("sys.stdin", None)


def new(*arguments: str) -> int:
    return main(["new", *arguments])


def document(capsys: pytest.CaptureFixture[str], *arguments: str) -> dict[str, object]:
    code = new("--json", *arguments)
    told: dict[str, object] = json.loads(capsys.readouterr().out)
    assert ("error" in told) == (code != 0)
    return told


def error(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    told = document(capsys, *arguments)["error"]
    assert isinstance(told, dict)
    return str(told["code"])


def test_a_new_project_is_green_on_the_simulator_and_on_softhsm(tmp_path: Path) -> None:
    """What costs least of its tests; ``make authors`` runs them all, from wheels."""
    assert new("Acme", *STRINGS) == 0
    project = tmp_path / "lockwright-acme"
    (project / "src" / "acme-1.dist-info").mkdir()  # as pip writes it
    (project / "src" / "acme-1.dist-info" / "entry_points.txt").write_text(
        "[lockwright]\nacme = lockwright_acme:adapter\n"
    )
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-k", QUICK],
        cwd=project,
        env=os.environ | {"PYTHONPATH": str(project / "src")},
        check=False,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout
    assert re.search(r"\nmatch +works +works\n", done.stdout)


@pytest.mark.parametrize("licence", ["MIT", "Apache-2.0", "GPL-2.0-or-later", "proprietary"])
@pytest.mark.parametrize("binding", ["python-pkcs11", "pykcs11"])
def test_a_project_says_its_licence_and_binding(
    licence: str, binding: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert new("Acme", *STRINGS, "--licence", licence, "--binding", binding) == 0
    gpl = "PyKCS11 is GPL" in capsys.readouterr().out
    project = tomllib.loads(Path("lockwright-acme/pyproject.toml").read_text())["project"]
    assert gpl == (binding == "pykcs11" and licence != "GPL-2.0-or-later")
    assert project["license"].removeprefix("LicenseRef-").lower() == licence.lower()
    assert project["dependencies"] == [f"lockwright[{binding}]>=0.1,<0.2"]
    assert Path("lockwright-acme/LICENSE").stat().st_size > 100


def test_the_code_of_a_project_has_nothing_for_a_linter_to_say() -> None:
    assert new("Zeta Cards", *STRINGS, "--model", "Two") == 0
    ruff = Path(sys.executable).with_name("ruff")
    own = ("--isolated", "--config", "line-length=100", "--no-cache")
    for command in (("format", "--check"), ("check", "--select=E,F,I,UP,B,SIM,RUF100")):
        done = subprocess.run(
            [ruff, *command, *own],
            cwd="lockwright-zeta-cards",
            check=False,
            capture_output=True,
            text=True,
        )
        assert done.returncode == 0, done.stdout


ODD = "Ac\"me' \\ {x} @{author} Ж"


def test_odd_strings_of_a_token_stay_what_they_are(capsys: pytest.CaptureFixture[str]) -> None:
    odd = ("--module", 'C:\\a "b"\\x.dll', "--manufacturer", ODD, "--model", "'''\\")
    document(capsys, "None", *odd, "--author", ODD)
    source = Path("lockwright-none/src/lockwright_none/__init__.py").read_text()
    scope: dict[str, object] = {"__name__": "lockwright_none"}
    exec(compile(source, "made", "exec", dont_inherit=True), scope)  # noqa: S102  # our own
    adapter = scope["adapter"]
    assert getattr(adapter, "tokens") == {ODD: ("'''\\",)}  # noqa: B009  # of a class made here
    project = tomllib.loads(Path("lockwright-none/pyproject.toml").read_text())["project"]
    assert project["authors"] == [{"name": ODD}]


@pytest.mark.parametrize(
    "vendor",
    [
        *("../../etc", "/abs", ".", "-", "a/b", "a\\b", "a\nb", "a;b", "$(id)", "'''", "a\0b"),
        *("Рутокен", "é", "x" * 41, "1up", "a  b", "a-", "a_b", "SoftHSM", "testkit"),
    ],
)
def test_a_hostile_or_odd_name_is_refused_and_nothing_is_made(
    vendor: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert error(capsys, *STRINGS, "--", vendor) == "kit-answer"
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("option", "value"),
    [
        *(("--module", "libacme11.so"), ("--module", "../x.so"), ("--manufacturer", "x" * 33)),
        *(("--manufacturer", " Acme"), ("--model", "x" * 17), ("--model", "a\tb")),
        *(("--author", "a\nb"), ("--model", "ж" * 9)),
    ],
)
def test_a_string_that_no_token_has_is_refused(
    option: str, value: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    given = dict(zip(STRINGS[::2], STRINGS[1::2], strict=True)) | {option: value}
    words = [word for pair in given.items() for word in pair]
    assert error(capsys, "Acme", *words) == "kit-answer"
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("what", ["folder", "file", "link"])
def test_what_is_there_is_never_overwritten(
    what: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    place = tmp_path / "lockwright-acme"
    if what == "folder":
        place.mkdir()
    elif what == "file":
        place.write_text("mine")
    else:
        place.symlink_to(tmp_path / "nowhere")
    before = place.lstat()
    assert error(capsys, "Acme", *STRINGS) == "kit-folder-taken"
    assert list(tmp_path.iterdir()) == [place]
    assert place.lstat() == before


def test_a_folder_that_cannot_be_written_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").write_text("")
    for where in ("nowhere/x", "file/x", f"{'x' * 300}"):
        assert error(capsys, "Acme", *STRINGS, "--folder", where) == "kit-folder"
    assert [each.name for each in tmp_path.iterdir()] == ["file"]


def test_ctrl_c_in_the_middle_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The signal comes once half of the files are written."""
    write = making.write

    def halfway(folder: Path, files: dict[str, str]) -> None:
        write(folder, dict(list(files.items())[:4]))
        assert any(folder.iterdir())
        os.kill(os.getpid(), signal.SIGINT)
        write(folder, files)

    monkeypatch.setattr(making, "write", halfway)
    assert new("Acme", *STRINGS) == 130
    assert list(tmp_path.iterdir()) == []


def test_what_is_missing_is_named_where_nobody_can_be_asked(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert new() == 40
    told = " ".join(capsys.readouterr().err.split())
    assert "VENDOR, --module, --manufacturer, --model" in told
    assert error(capsys, "Acme", "--from-token") == "kit-answers-missing"


def test_manufacturer_and_model_are_read_from_the_token_of_a_simulator(
    sim: SimulatorFactory, capsys: pytest.CaptureFixture[str]
) -> None:
    settings = {"manufacturer": "Acme Ltd", "model": "Acme One"}
    module = sim(settings=settings).module
    assert new("Acme", "--module", str(module), "--from-token") == 0
    assert 'tokens = {"Acme Ltd": ("Acme One",)}' in source_of("acme")
    assert "call themselves 'Acme One' of 'Acme Ltd'" in " ".join(capsys.readouterr().out.split())


def test_manufacturer_and_model_are_read_from_softhsm(softhsm: SoftHSM) -> None:
    softhsm.add_token("Anna")
    assert new("Soft", "--module", str(softhsm.module), "--from-token") == 0
    assert 'tokens = {"SoftHSM project": ("SoftHSM v2",)}' in source_of("soft")


def test_of_two_kinds_of_tokens_one_must_be_named(
    sim: SimulatorFactory, capsys: pytest.CaptureFixture[str]
) -> None:
    first = sim(settings={"model": "One"}, serial="0001")
    sim(settings={"model": "Two"}, serial="0002")
    read = ("Acme", "--module", str(first.module), "--from-token")
    assert new(*read) == 40
    assert "0001, 0002" in capsys.readouterr().err
    assert new(*read, "--token", "0002") == 0
    assert '("Two",)' in source_of("acme")


@pytest.mark.parametrize("what", ["no token", "no module", "no such file", "crash"])
def test_a_token_that_cannot_be_read_is_told(
    what: str,
    tmp_path: Path,
    sim: SimulatorFactory,
    softhsm: SoftHSM,
    capsys: pytest.CaptureFixture[str],
) -> None:
    module = softhsm.module
    if what == "no module":
        module = Path(__file__)
    elif what == "no such file":
        module = Path("/nowhere.so")
    elif what == "crash":
        device = sim()
        device.fault("C_GetTokenInfo@*=kill")
        module = device.module
    assert error(capsys, "Acme", "--module", str(module), "--from-token") == "kit-token"
    assert not (tmp_path / "lockwright-acme").exists()


def test_at_a_terminal_what_is_missing_is_asked_for_until_it_fits(
    tmp_path: Path, softhsm: SoftHSM
) -> None:
    softhsm.add_token("Anna")
    asked = [
        ("Vendor:", "../x"),
        ("Vendor:", "Soft"),
        ("PKCS#11 module:", "x.so"),
        ("PKCS#11 module:", str(softhsm.module)),
        ("plugged in? [y/N]", "y"),
        ("Licence (", "BSD"),
        ("Licence (", "apache-2.0"),
        ("Binding (", ""),
    ]
    command = (str(Path(sys.executable).with_name("lockwright-kit")), "new")
    with Screen.running(*command, environment=dict(os.environ), folder=tmp_path) as shown:
        for question, answer in asked:
            shown.reads(question)
            shown.types(answer)
        shown.reads("See it pass")
    assert '("SoftHSM v2",)' in source_of("soft")
    assert "Apache License" in Path("lockwright-soft/LICENSE").read_text()


def test_ctrl_c_at_a_question_ends_it_and_leaves_nothing(tmp_path: Path) -> None:
    command = (str(Path(sys.executable).with_name("lockwright-kit")), "new", "Acme")
    with Screen.running(*command, environment=dict(os.environ), folder=tmp_path) as shown:
        shown.reads("PKCS#11 module:")
        shown.presses(CTRL_C)
        assert shown.ends().code == 130
    assert list(tmp_path.iterdir()) == []


def source_of(name: str) -> str:
    return Path(f"lockwright-{name}/src/lockwright_{name}/__init__.py").read_text()

"""In Russian, nothing that is shown is left in English: help, refusals, reasons of others."""

from __future__ import annotations

import gettext
from collections.abc import Iterator
from pathlib import Path

import pytest
from lockwright.cli.app import PLACES, main
from lockwright.console.language import speak
from lockwright_testkit.program import Program
from lockwright_testkit.russian import english_in
from lockwright_testkit.softhsm import AddedToken

GROUPS = {
    "audit": ("verify", "show", "export"),
    "pin": ("change",),
    "policy": ("show", "check", "set"),
    "puk": ("change",),
    "so-pin": ("change",),
    "token": ("init",),
}
COMMANDS: list[tuple[str, ...]] = [
    (),
    *((name,) for name in PLACES),
    *((group, name) for group, names in GROUPS.items() for name in names),
]
OF_AUDIT = ("ok", "failed", "open", "desk", "answer", "UTC")
VALUES: dict[tuple[str, ...], tuple[str, ...]] = {
    ("audit", "show"): OF_AUDIT,
    ("audit", "export"): OF_AUDIT,
    ("unblock",): ("challenge",),
    ("enroll",): ("E", "SN", "GN", "T", "INN", "INNLE", "OGRN", "OGRNIP", "SNILS"),
    ("respond",): ("hex", "text", "password", "module"),
}
"""What help names because it is typed."""


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder of the test's own with files that are no good; afterwards English again."""
    for name in ("XDG_CONFIG_HOME", "XDG_STATE_HOME", "HOME"):
        monkeypatch.setenv(name, str(tmp_path / name))
    monkeypatch.setenv("LANGUAGE", "")
    monkeypatch.chdir(tmp_path)
    (tmp_path / "folder").mkdir()
    (tmp_path / "text.so").write_text("no library")
    (tmp_path / "untoml.toml").write_text("[plugins\n")
    (tmp_path / "missing.toml").write_text("[plugins]\nrequire = ['list']\n")
    (tmp_path / "ca.toml").write_text('[ca.bank]\nkind = "est"\nurl = "https://127.0.0.1:9"\n')
    domain = gettext.textdomain()
    yield tmp_path
    speak("en")
    gettext.textdomain(domain)


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_help_leaks_no_english(
    home: Path, capsys: pytest.CaptureFixture[str], command: tuple[str, ...]
) -> None:
    assert main([*command, "--help", "--lang", "ru"]) == 0

    assert english_in(capsys.readouterr().out, *VALUES.get(command, ())) == set()


@pytest.mark.parametrize(
    ("code", "line"),
    [
        (2, "policy set --min-length many"),
        (2, "policy set --min-length 1000"),
        (2, "enroll --ca bank --wait -1"),
        (2, "list --pin-fd many"),
        (2, "completion tcsh"),
        (2, "completion"),
        (2, "delete"),
        (2, "pin"),
        (2, "lists"),
        (2, "list --bogus"),
        (2, "list bogus"),
        (2, "renew"),
        (2, "unblock --way bogus"),
        (3, "list --config gone.toml"),
        (3, "list --config folder"),
        (3, "list --config untoml.toml"),
        (12, "list --config missing.toml"),
        (3, "policy check --new-pin-file gone"),
        (3, "policy check --new-pin-file folder"),
        (3, "policy check --new-pin-fd 1000"),
        (11, "tokens --module {home}/gone.so"),
        (11, "tokens --module {home}/text.so"),
        (14, "enroll --certificate gone"),
        (9, "enroll --certificate text.so"),
        (14, "enroll --csr-out folder/gone/request --subject CN=Anna"),
        (14, "enroll --csr-out text.so --subject CN=Anna"),
        (13, "audit verify --file gone"),
        (16, "enroll --ca bank --config ca.toml"),
    ],
)
def test_a_refusal_leaks_no_english(
    home: Path, capsys: pytest.CaptureFixture[str], code: int, line: str
) -> None:
    assert main([*line.format(home=home).split(), "--lang", "ru"]) == code

    told = capsys.readouterr().err
    assert english_in(told, *line.split(), *GROUPS.get(line, ())) == set()
    assert "\N{REPLACEMENT CHARACTER}" not in told


def test_the_words_of_others_are_a_quotation(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["list", "--config", "untoml.toml", "--lang", "ru"]) == 3

    told = " ".join(capsys.readouterr().err.split())
    assert "строка 1, столбец 9: это не TOML («Expected" in told


def test_a_refusal_of_a_token_leaks_no_english(program: Program, token: AddedToken) -> None:
    so, user = ("--so-pin-file", "so.pin"), ("--pin-file", "user.pin")
    for command in (
        ("policy", "set", "--min-length", "8", "--yes", "--token", token.serial, *so),
        ("wipe", "--erase", "--yes", "--token", token.serial, *so),
        ("enroll", "--csr-out", "x", "--subject", "C=Russia", *user),
        ("plugins", "--verbose"),
    ):
        ended = program.run(*command, "--lang", "ru")
        assert ended.code or ended.out, ended
        assert english_in(ended.err) == set(), command

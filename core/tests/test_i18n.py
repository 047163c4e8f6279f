"""English in the code, Russian beside it, and the catalogues are what the code says."""

from __future__ import annotations

import gettext
import importlib.util
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from threading import Thread
from types import ModuleType

import pytest
from lockwright import i18n
from lockwright.i18n import N_, _, ngettext

TOOL = Path(__file__).parents[2] / "tools" / "messages.py"
_PROGRAM = "import sys; from lockwright.cli.app import main; sys.exit(main(sys.argv[1:]))"
MO = i18n.LOCALES / "ru" / "LC_MESSAGES" / "lockwright.mo"


@pytest.fixture(autouse=True)
def _english_again() -> Iterator[None]:
    i18n.use("en")
    yield
    i18n.use("en")


# --- choosing a language ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("environment", "language"),
    [
        ({}, "en"),
        ({"LANG": "ru_RU.UTF-8"}, "ru"),
        ({"LANG": "ru"}, "ru"),
        ({"LANG": "C.UTF-8"}, "en"),
        ({"LANG": "de_DE.UTF-8"}, "en"),
        ({"LANG": "de_DE.UTF-8", "LC_MESSAGES": "ru_RU.UTF-8"}, "ru"),
        ({"LANG": "ru_RU.UTF-8", "LC_ALL": "C"}, "en"),
        ({"LANG": "ru_RU.UTF-8", "LC_ALL": ""}, "ru"),
    ],
)
def test_the_locale_chooses_the_language(environment: dict[str, str], language: str) -> None:
    assert i18n.from_environment(environment) == language


def test_a_language_is_spoken_in_one_context_alone() -> None:
    said: list[str] = []

    with i18n.speaking("ru"):
        elsewhere = Thread(target=lambda: said.append(i18n.language()))
        elsewhere.start()
        elsewhere.join()
        said.append(i18n.language())
        here = _("Something went wrong.")
    said.append(i18n.language())

    assert said == ["en", "ru", "en"]
    assert here != "Something went wrong." == _("Something went wrong.")


def test_a_language_that_is_asked_for_comes_before_the_locale(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("LC_ALL", "ru_RU.UTF-8")

    assert i18n.use(None) == "ru"
    assert i18n.use("en") == "en"
    assert i18n.language() == "en"


def test_text_is_translated_where_it_is_shown() -> None:
    marked = N_("user PIN")
    i18n.use("ru")

    assert marked == "user PIN"
    assert _(marked) == "PIN-код пользователя"
    assert [ngettext("{n} try is left.", "{n} tries are left.", n) for n in (1, 3, 5)] == [
        "Осталась {n} попытка.",
        "Осталось {n} попытки.",
        "Осталось {n} попыток.",
    ]


def test_an_empty_text_stays_empty() -> None:
    i18n.use("ru")

    assert _("") == ""


def test_what_has_no_translation_is_shown_in_english() -> None:
    i18n.use("ru")

    assert _("no message of ours") == "no message of ours"


# --- the words of the seeds ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("english", "russian"),
    [
        ("user PIN", "PIN-код пользователя"),
        ("SO PIN", "PIN-код администратора"),
        ("Request and Response", "Запрос и Ответ"),
        ("Container", "Контейнер"),
        ("Certificate", "Сертификат"),
        ("Token", "Токен"),
        ("private key", "закрытый ключ"),
    ],
)
def test_things_have_the_names_their_users_know(english: str, russian: str) -> None:
    i18n.use("ru")

    assert _(english) == russian


def test_every_translation_speaks_russian() -> None:
    """Only what is a name or a format in every language has no Russian letter."""
    with MO.open("rb") as file:
        catalog = gettext.GNUTranslations(file)._catalog  # type: ignore[attr-defined]  # no other way to see all

    same = {
        source
        for source, text in catalog.items()
        if source and not re.search("[а-яёА-ЯЁ]", re.sub(r"\{.*?\}", "", text))
    }

    assert {each for each in same if re.search("[A-Za-z]", re.sub(r"\{.*?\}", "", each))} == {
        "Python {version} on {system}.",
        "{question} [y/N]",
        "Choice({choices})",
    }


def test_help_speaks_russian_click_s_own_texts_included() -> None:
    done = subprocess.run(
        [sys.executable, "-c", _PROGRAM, "--lang", "ru", "list", "--help"],
        capture_output=True,
        text=True,
        check=False,
        env=os.environ | {"PYTHONUTF8": "1"},
    )

    assert done.returncode == 0, done.stderr
    for text in ("Использование:", "Показать эту справку и выйти.", "Показать, что есть на токене"):
        assert text in done.stdout
    for english in ("Usage", "Options", "Show this", "required"):
        assert english not in done.stdout


# --- the tool -----------------------------------------------------------------------------------


@pytest.fixture
def tool(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """The tool, at work on a small project of its own with the real catalogues beside it."""
    spec = importlib.util.spec_from_file_location("messages", TOOL)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    shutil.copytree(i18n.LOCALES, tmp_path / "lockwright" / "locales")
    monkeypatch.setattr(module, "SOURCE", tmp_path)
    monkeypatch.setattr(module, "PLUGINS", tmp_path.with_name(f"{tmp_path.name}-plugins"))
    monkeypatch.setattr(module, "DESK", tmp_path.with_name(f"{tmp_path.name}-desk"))
    monkeypatch.setattr(module, "LOCALES", tmp_path / "lockwright" / "locales")
    return module


def run(tool: ModuleType, monkeypatch: pytest.MonkeyPatch, *arguments: str) -> int:
    monkeypatch.setattr(sys, "argv", ["messages.py", *arguments])
    code: int = tool.main()
    return code


def write(tool: ModuleType, code: str) -> None:
    (tool.SOURCE / "lockwright" / "module.py").write_text(code)


def test_an_adapters_messages_are_collected_and_its_vendor_is_not_named(
    tool: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = tool.PLUGINS / "acme" / "src" / "lockwright_acme.py"
    source.parent.mkdir(parents=True)
    source.write_text('N_("a new message of an adapter")')

    assert run(tool, monkeypatch) == 1

    template = (tool.LOCALES / "lockwright.pot").read_text()
    assert "a new message of an adapter" in template
    assert "acme" not in template


def test_the_catalogues_are_what_the_code_says() -> None:
    done = subprocess.run(
        [sys.executable, str(TOOL), "--check"], capture_output=True, text=True, check=False
    )

    assert (done.returncode, done.stderr) == (0, "")


def test_a_message_that_is_known_keeps_its_translation(
    tool: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tool, 'print(_("user PIN"))\n')

    assert run(tool, monkeypatch) == 0
    assert run(tool, monkeypatch, "--check") == 0

    po = tool._po("ru").read_text()
    assert 'msgid "user PIN"\nmsgstr "PIN-код пользователя"' in po
    assert "Interrupted." not in po, "what is gone from the code is gone from the catalogue"


def test_a_new_message_is_asked_for(
    tool: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    write(tool, 'print(N_("a message\\nof today"))\n')

    assert run(tool, monkeypatch, "--check") == 1
    told = capsys.readouterr().err
    assert "lockwright/locales/lockwright.pot is out of date" in told
    assert "lockwright.po is out of date" in told
    assert "lockwright.mo is out of date" in told
    assert r"ru: no translation of 'a message\nof today'" in told
    assert run(tool, monkeypatch) == 1


def test_a_check_changes_nothing(tool: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tool, 'print(_("a message of today"))\n')
    before = {path: path.read_bytes() for path in tool.LOCALES.rglob("*.*")}

    run(tool, monkeypatch, "--check")

    assert {path: path.read_bytes() for path in tool.LOCALES.rglob("*.*")} == before


@pytest.mark.parametrize(
    ("message", "translation", "sound"),
    [
        ("{a} of {b}", "{b}: {a}", True),
        ("{a} of {b}", "{a}", False),
        ("{a} of {b}", "{a} {c}", False),
        ("{a!r}", "{a}", False),
        ("%(a)s", "%(b)s", False),
    ],
)
def test_a_translation_leaves_open_what_the_message_does(
    tool: ModuleType,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    message: str,
    translation: str,
    *,
    sound: bool,
) -> None:
    write(tool, f"print(_({message!r}))\n")
    run(tool, monkeypatch)
    po = tool._po("ru")
    text = po.read_text()
    po.write_text(
        text.replace(f'msgid "{message}"\nmsgstr ""', f'msgid "{message}"\nmsgstr "{translation}"')
    )
    capsys.readouterr()

    assert (run(tool, monkeypatch) == 0) is sound

    assert ("other placeholders" in capsys.readouterr().err) is not sound


def test_a_line_that_moves_changes_no_catalogue(
    tool: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tool, 'print(_("user PIN"))\n')
    run(tool, monkeypatch)

    write(tool, '\n\n\nprint(_("user PIN"))\n')

    assert run(tool, monkeypatch, "--check") == 0

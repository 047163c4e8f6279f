"""Write the manual pages of the programs, English and Russian, from their commands.

They go into ``man`` beside each ``src``, from where wheels bring them to ``share/man``. ``--check``
writes nothing and fails where a page is no longer what the commands say.
"""

from __future__ import annotations

import argparse
import inspect
import io
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

import click
from lockwright import __version__, i18n
from lockwright.cli.app import root
from lockwright.console.framework import Group
from lockwright.console.global_options import GlobalOption
from lockwright.console.language import speak
from lockwright_desk.cli.app import root as desk_root
from lockwright_testkit.cli.app import root as kit_root

ROOT = Path(__file__).parent.parent
PROGRAMS: dict[str, tuple[Path, click.Group, Sequence[str]]] = {
    "lockwright": (
        ROOT / "core/man",
        root,
        ("/etc/lockwright/config.toml", "~/.config/lockwright/config.toml"),
    ),
    "lockwright-desk": (ROOT / "desk/man", desk_root, ("desk.toml",)),
    "lockwright-kit": (ROOT / "tests/kit/man", kit_root, ()),
}
ONLY_ENGLISH = frozenset({"lockwright-kit"})
"""Programs whose help is not translated: another language's page has what they are for."""
KIT = {
    "": "создать адаптер lockwright, проверить его и набор пакетов",
    "new": "Создать проект адаптера.",
    "certify": "Принять настоящий токен и составить отчёт.",
    "compare": "Показать, чем симулятор отличается от токена.",
    "evidence": "Что известно об адаптере: результаты тестов и отчёты о токенах.",
    "tier": "Проверить, вправе ли адаптер заявлять свой уровень.",
    "verify": "Проверить набор пакетов до установки.",
    "help": "Показать, как пользоваться командой.",
}
"""The commands of the kit, each in a line; the first is the program."""
DATE = "2026-11-30"
"""The day of this version; it goes with its number."""
TITLES = {
    "en": {},
    "ru": {
        "NAME": "ИМЯ",
        "SYNOPSIS": "СИНТАКСИС",
        "DESCRIPTION": "ОПИСАНИЕ",
        "OPTIONS OF EVERY COMMAND": "ПАРАМЕТРЫ ВСЕХ КОМАНД",
        "COMMANDS": "КОМАНДЫ",
        "FILES": "ФАЙЛЫ",
        "EXIT STATUS": "КОД ЗАВЕРШЕНИЯ",
        "The configuration; the first that exists is read.": "Настройки; читается первый"
        " существующий файл.",
        "0 when it was done; otherwise the number that {program} help errors tells.": "0, если всё"
        " сделано; остальные коды показывает {program} help errors.",
        "0 when it was done; otherwise the error says what to do.": "0, если всё сделано; иначе в"
        " сообщении сказано, что делать.",
        "LANGUAGE": "ЯЗЫК",
        "It speaks English, whatever the locale.": "Программа говорит только по-английски, при"
        " любых настройках языка. Параметры команд описаны в английской странице: man -L C"
        " {program}, и в {program} КОМАНДА --help.",
    },
}


def main() -> int:
    """Write or check the pages."""
    return brought_up_to_date(__doc__, _pages())


def brought_up_to_date(does: str | None, pages: Iterable[tuple[Path, str]]) -> int:
    """Write pages, or with ``--check`` on the command line only compare them.

    Args:
        does: what the program is for.
        pages: where each page stands, and its text.

    Returns:
        The exit code: 1 if it was to check, and a page is another.
    """
    parser = argparse.ArgumentParser(description=does)
    parser.add_argument("--check", action="store_true", help="write nothing, only compare")
    check = parser.parse_args().check
    stale = False
    for place, text in pages:
        if place.exists() and place.read_text(encoding="utf-8") == text:
            continue
        stale = True
        if check:
            print(f"{place.relative_to(ROOT)} is out of date: make reference")
        else:
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_text(text, encoding="utf-8")
    return int(check and stale)


def _pages() -> Iterator[tuple[Path, str]]:
    for language in TITLES:
        in_language(language)
        for name, (folder, group, files) in PROGRAMS.items():
            place = folder / ("" if language == "en" else language) / "man1" / f"{name}.1"
            short = language != "en" and name in ONLY_ENGLISH
            lines = (
                short_page(language, name, group) if short else page(language, name, group, files)
            )
            yield place, "\n".join(lines) + "\n"


def page(language: str, name: str, group: click.Group, files: Sequence[str]) -> Iterator[str]:
    """The lines of a page (man(7))."""
    said = TITLES[language]

    def title(text: str) -> str:
        return f".SH {quoted(said.get(text, text))}"

    first, *rest = blocks(str(group.help))
    context = click.Context(group, info_name=name)
    yield from head(said, group, context, first.rstrip("."))
    if rest:
        yield title("DESCRIPTION")
        yield from paragraphs(rest)
    yield title("OPTIONS OF EVERY COMMAND")
    yield from options([p for p in group.params if isinstance(p, GlobalOption)], context)
    yield title("COMMANDS")
    yield from commands(group, context)
    yield title("EXIT STATUS")
    text = (
        "0 when it was done; otherwise the number that {program} help errors tells."
        if name == "lockwright"
        else "0 when it was done; otherwise the error says what to do."
    )
    yield escaped(said.get(text, text).format(program=name))
    if name in ONLY_ENGLISH:
        yield title("LANGUAGE")
        yield escaped("It speaks English, whatever the locale.")
    if files:
        yield title("FILES")
    for file in files:
        yield f".TP\n.I {escaped(file)}"
        text = "The configuration; the first that exists is read."
        yield escaped(said.get(text, text))


def head(
    said: Mapping[str, str], group: click.Group, context: click.Context, what: str
) -> Iterator[str]:
    """What every page begins with.

    Args:
        said: the titles of a language.
        group: the program.
        context: its own.
        what: what it is for, without a full stop.
    """
    name = str(context.info_name)
    yield '.\\" Written by tools/manual.py; change the commands it describes, then run it again.'
    yield f".TH {quoted(name.upper())} 1 {DATE} {quoted(f'{name} {__version__}')}"
    yield ".ad l"  # commands and addresses are no text to be stretched
    yield f".SH {quoted(said.get('NAME', 'NAME'))}"
    yield f"{escaped(name)} \\- {escaped(what)}"
    yield f".SH {quoted(said.get('SYNOPSIS', 'SYNOPSIS'))}"
    yield f".B {escaped(name)}"
    yield escaped(" ".join(group.collect_usage_pieces(context)))


def short_page(language: str, name: str, group: click.Group) -> Iterator[str]:
    """A page in a language that the program does not speak: what each command is for.

    Raises:
        LookupError: a command has no line.
    """
    said, context = TITLES[language], click.Context(group, info_name=name)
    yield from head(said, group, context, KIT[""])
    yield f".SH {quoted(said['LANGUAGE'])}"
    text = "It speaks English, whatever the locale."
    yield escaped(said[text].format(program=name))
    yield f".SH {quoted(said['COMMANDS'])}"
    for command in group.list_commands(context):
        yield f".TP\n.B {escaped(f'{name} {command}')}"
        yield escaped(KIT[command])


def commands(group: click.Group, above: click.Context) -> Iterator[str]:
    """Every command below a group, each a section."""
    for name in group.list_commands(above):
        found = group.get_command(above, name)
        if found is None:
            raise LookupError(name)
        context = click.Context(found, info_name=name, parent=above)
        if not isinstance(found, Group) or found.invoke_without_command:
            yield f".SS {quoted(context.command_path)}"
            yield f".B {escaped(context.command_path)}"
            yield escaped(" ".join(found.collect_usage_pieces(context)))
            yield ".PP"
            yield from paragraphs(blocks(str(found.help)))
            yield from options(
                [p for p in found.params if not isinstance(p, GlobalOption)], context
            )
        if isinstance(found, click.Group):
            yield from commands(found, context)


def options(parameters: Sequence[click.Parameter], context: click.Context) -> Iterator[str]:
    """Options and arguments, each with what it is for."""
    for parameter in parameters:
        if (record := parameter.get_help_record(context)) is not None:
            yield ".TP"
            yield f".B {escaped(record[0])}".replace("|", "|\\:")  # a line may end there
            yield escaped(record[1]) if record[1] else "\\&"


def paragraphs(texts: Sequence[str]) -> Iterator[str]:
    """Paragraphs, one after the other."""
    for number, text in enumerate(texts):
        if number:
            yield ".PP"
        yield escaped(text)


def blocks(text: str) -> list[str]:
    """The paragraphs of a help text, a line each."""
    return [" ".join(block.split()) for block in inspect.cleandoc(text).split("\n\n")]


def escaped(text: str) -> str:
    """Text as roff takes it: a hyphen that can be copied, no line that looks like a request."""
    made = text.replace("\\", "\\e").replace("-", "\\-").replace("~", "\\(ti").replace("^", "\\(ha")
    return f"\\&{made}" if made[:1] in {".", "'"} else made


def quoted(text: str) -> str:
    """Text as one argument of a request."""
    return '"' + escaped(text).replace('"', "\\(dq") + '"'


def in_language(language: str) -> None:
    """Speak a language from now on.

    Raises:
        RuntimeError: it is not spoken here.
    """
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(encoding="utf-8")  # where it has no such letters, none are spoken
    speak(language)
    if i18n.language() != language:
        raise RuntimeError(f"{language} is not spoken here")


if __name__ == "__main__":
    sys.exit(main())

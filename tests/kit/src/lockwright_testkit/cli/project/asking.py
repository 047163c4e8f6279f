"""The answers of a new project: from the command line, from a token, from a person."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from lockwright.bindings import BINDINGS
from lockwright.console.clean import clean
from lockwright.console.terminal import Terminal

from lockwright_testkit.cli.errors import AnswersMissing, AnswerUnusable, TokenUnread
from lockwright_testkit.cli.project import answers, token_strings
from lockwright_testkit.cli.project.answers import Answers


@dataclass(frozen=True)
class Given:
    """What the command line says; what is empty is asked for."""

    vendor: str
    modules: tuple[str, ...]
    manufacturer: str
    models: tuple[str, ...]
    licence: str | None
    binding: str | None
    author: str
    template: str
    from_token: bool
    serial: str | None


def complete(given: Given, terminal: Terminal | None) -> Answers:
    """The answers, complete and checked.

    Args:
        given: the command line.
        terminal: where the person is; None if nobody can be asked.

    Raises:
        AnswersMissing: something is missing, and nobody can be asked.
        AnswerUnusable: an answer of the command line cannot be used.
        TokenUnread: no token, or not that one, can be read.
        Interrupted: the person ended it.
    """
    _refuse_early(given)
    if terminal is None:
        _need_all(given)
    vendor = given.vendor or _asked(terminal, "Vendor:", answers.check_vendor)
    modules = given.modules or (
        _asked(terminal, "Path of its PKCS#11 module:", lambda text: answers.check_modules([text])),
    )
    maker, models = given.manufacturer, given.models
    if given.from_token or (
        terminal and not (maker or models) and _wants_it_read(terminal, modules)
    ):
        read = _token(modules, given.serial)
        maker, models = maker or read.manufacturer, models or (read.model,)
    maker = maker or _asked(terminal, "Manufacturer, as the token says it:", _maker)
    models = models or (_asked(terminal, "Model, as the token says it:", _model),)
    licence, binding = given.licence, given.binding
    if terminal:
        licence = licence or _chosen(terminal, "Licence", list(answers.LICENCES))
        binding = binding or _chosen(terminal, "Binding", list(BINDINGS))
    return Answers(
        vendor=vendor,
        modules=modules,
        manufacturer=maker,
        models=models,
        licence=licence or next(iter(answers.LICENCES)),
        binding=binding or next(iter(BINDINGS)),
        author=given.author or f"The authors of the adapter for {vendor}",
        year=datetime.now(UTC).year,
        template=given.template,
    )


def _refuse_early(given: Given) -> None:
    """What the command line says is refused before anybody is asked for the rest."""
    if given.vendor:
        answers.check_vendor(given.vendor)
    if given.modules:
        answers.check_modules(given.modules)


def _need_all(given: Given) -> None:
    """Everything that is asked for was given, where nobody can be asked."""
    needed: dict[str, object] = {"VENDOR": given.vendor, "--module": given.modules}
    if not given.from_token:
        needed |= {"--manufacturer": given.manufacturer, "--model": given.models}
    if missing := tuple(name for name, value in needed.items() if not value):
        raise AnswersMissing(options=missing)


def _asked(terminal: Terminal | None, question: str, check: Callable[[str], None]) -> str:
    """Ask until the answer can be used."""
    if terminal is None:
        raise AnswersMissing(options=(question,))
    while True:
        text = terminal.line(question)
        try:
            check(text)
        except AnswerUnusable as error:
            terminal.say(f"{clean(str(error.facts['reason'])).capitalize()}; Ctrl-C ends.")
        else:
            return text


def _chosen(terminal: Terminal, question: str, known: Sequence[str]) -> str:
    """Ask for one of several; an empty answer takes the first."""
    while True:
        text = terminal.line(f"{question} ({', '.join(known)}) [{known[0]}]:") or known[0]
        for each in known:
            if each.lower() == text.lower():
                return each
        terminal.say("That is none of these; Ctrl-C ends.")


def _wants_it_read(terminal: Terminal, modules: Sequence[str]) -> bool:
    there = any(Path(each).is_file() for each in modules)
    return there and terminal.agrees("Read manufacturer and model from the token plugged in?")


def _token(modules: Sequence[str], serial: str | None) -> token_strings.Strings:
    """The only token of the first module that is on this system, or the one of that serial."""
    there = [path for path in map(Path, modules) if path.is_file()]
    if not there:
        raise TokenUnread(module=", ".join(modules), reason="there is no such file")
    found = token_strings.read(there[0])
    fit = [each for each in found if serial in (None, each.serial)]
    kinds = {(each.manufacturer, each.model) for each in fit}
    if len(kinds) != 1:
        serials = ", ".join(each.serial for each in found)
        reason = f"name the serial number in --token, one of {serials}"
        raise TokenUnread(module=str(there[0]), reason=reason)
    return fit[0]


def _maker(text: str) -> None:
    answers.check_text("manufacturer", text, answers.LONGEST_MANUFACTURER)


def _model(text: str) -> None:
    answers.check_models([text])

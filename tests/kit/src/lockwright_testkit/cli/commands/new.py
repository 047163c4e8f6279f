"""``lockwright-kit new``: the project of an adapter, made and kept up to date."""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import click
from lockwright.bindings import BINDINGS
from lockwright.console.clean import clean
from lockwright.console.framework import argument, option

from lockwright_testkit.cli.program import Run, command
from lockwright_testkit.cli.project import asking, making, record, updating
from lockwright_testkit.cli.project.answers import LICENCES, Answers
from lockwright_testkit.cli.project.asking import Given
from lockwright_testkit.cli.project.record import Record
from lockwright_testkit.cli.project.template import rendered
from lockwright_testkit.cli.project.updating import Update

HELP = """Make the project of an adapter: package, tests, CI, README, changelog, licence.

Its tests pass as they are, on SoftHSM and on the simulator; what VENDOR does differently is yours
to write. At a terminal what is missing is asked for.

With --update the project in the current folder, or in --folder, is brought to what this kit would
write now. What you changed stays; where both changed the same lines, both stand there."""
GPL = "GPL-2.0-or-later"
CLASH = 1
"""Exit code where the author has to decide between two versions."""


@command("new", text=HELP)
@argument("vendor", required=False, default="", text="The vendor's name.")
@option("--folder", type=click.Path(path_type=Path), metavar="PATH", text="Where the project is.")
@option(
    "--module",
    "modules",
    multiple=True,
    metavar="PATH",
    text="Where the vendor's PKCS#11 module is installed; may be repeated.",
)
@option("--manufacturer", default="", metavar="TEXT", text="As the vendor's tokens say it.")
@option(
    "--model",
    "models",
    multiple=True,
    metavar="TEXT",
    text="As the vendor's tokens say it; may be repeated.",
)
@option(
    "--from-token",
    is_flag=True,
    text="Read manufacturer and model from the token that the module shows.",
)
@option("--token", "serial", metavar="SERIAL", text="Which one, if it shows several.")
@option("--licence", type=click.Choice(list(LICENCES)), text="MIT if not given.")
@option("--binding", type=click.Choice(list(BINDINGS)), text="python-pkcs11 if not given.")
@option("--author", default="", metavar="TEXT", text="Who holds the rights.")
@option(
    "--template",
    type=click.Path(path_type=Path, file_okay=False),
    metavar="PATH",
    text="A folder in place of the kit's own template.",
)
@option("--update", is_flag=True, text="Bring a project up to date instead.")
def new(
    run: Run, *, folder: Path | None, template: Path | None, update: bool, **given: Any
) -> int | None:
    """Make one, or bring one up to date."""
    own = str(template.absolute()) if template else ""
    if not update:
        _make(run, Given(template=own, **given), folder)
        return None
    if any(given.values()):
        raise click.UsageError(
            "--update takes --folder and --template alone.", click.get_current_context()
        )
    return _update(run, (folder or Path()).absolute(), own)


def _make(run: Run, given: Given, folder: Path | None) -> None:
    somebody = None if run.options.json or not run.terminal.there else run.terminal
    answers = asking.complete(given, somebody)
    where = (folder or Path(f"lockwright-{answers.name}")).absolute()
    files = rendered(answers)
    kept = Record(answers, files)
    making.make(where, {**files, record.NAME: kept.text()})
    run.output.answer(
        lambda: {"folder": str(where), "adapter": answers.name, "files": sorted(files)},
        lambda console: console.print(_next(answers, where)),
    )


def _next(answers: Answers, where: Path) -> str:
    models = ", ".join(map(repr, answers.models))
    told = (
        f"The adapter {answers.name} is in {clean(str(where))}. It takes tokens that call"
        f" themselves {models} of {answers.manufacturer!r}; where that is not what the vendor's"
        " have in common, override lockwright_match. See it pass:\n\n"
    )
    commands = f"  cd {shlex.quote(str(where))}\n  pip install --editable '.[test]'\n  pytest\n"
    if answers.binding == "pykcs11" and answers.licence != GPL:
        commands += f"\nPyKCS11 is {GPL}, and so is then what is distributed with it.\n"
    return told + commands


def _update(run: Run, folder: Path, template: str) -> int | None:
    before = record.read(folder)
    answers = replace(before.answers, template=template or before.answers.template)
    after = Record(answers, rendered(answers))
    done = updating.update(folder, before, after)
    run.output.answer(
        lambda: {
            "folder": str(folder),
            "changed": sorted(done.texts),
            "removed": done.gone,
            "conflicts": done.conflicts,
            "left": done.left,
        },
        lambda console: console.print("\n".join(_told(done)) or "It is up to date."),
    )
    return CLASH if done.conflicts else None


def _told(done: Update) -> Iterator[str]:
    """What became of each file, and what the author has to do."""
    yield from (f"{name}: brought up to date" for name in done.texts if name not in done.conflicts)
    yield from (f"{name}: removed, the template has it no more" for name in done.gone)
    yield from (f"{name}: left as you have it" for name in done.left)
    yield from (f"{name}: both versions stand there, choose" for name in done.conflicts)
    if done.texts or done.gone:
        yield "See what changed with: git diff"

"""Write the reference of the command line from the commands themselves.

``--check`` writes nothing and fails where the page is no longer what the commands say.
"""

from __future__ import annotations

import argparse
import inspect
import sys
from collections.abc import Iterator
from pathlib import Path

import click
from lockwright.cli.app import root
from lockwright.cli.program import PROGRAM
from lockwright.console.framework import Group
from lockwright.console.global_options import GlobalOption
from lockwright.console.language import speak
from lockwright.errors import LockwrightError, every_error

PAGE = Path(__file__).parent.parent / "docs" / "reference" / "cli.md"
WITHOUT_JSON = {("help",), ("audit", "export")}
"""What is for people alone, or writes lines of its own."""
SCHEMAS = "../../core/src/lockwright/cli/schemas"
NOTE = "<!-- Written by tools/cli_reference.py; change the command it describes, run it again. -->"
SECRETS = """\
## PINs

No option takes a PIN as its value: the command line of a program can be read by other programs.
A PIN comes from one of three places:

- **a question at the terminal**, without echo; a new PIN is asked for twice, after its rules were
  shown. Before it is asked for, the token that it goes to is named;
- **a file**, `--pin-file`, `--so-pin-file`, `--new-pin-file`, and on the bank's side `--key-file`
  and `--hsm-pin-file`: one line in a regular file that
  belongs to the user and that nobody else has any right to (mode 0600). One end of line is not
  part of the PIN;
- **an open file descriptor**, `--pin-fd` and so on: one line is read from it.
  Several PINs can come through one descriptor, a line each, in the order in which the command's
  help names them.

What is given by files and descriptors is read first, and a new PIN is checked against its rules,
before anything is asked. A PIN that is locked, or that has only one try left (see
`--use-last-try`), is not asked for at all."""
JSON = f"""\
## JSON

With `--json` a command writes one JSON document to stdout. At a terminal a PIN may still be asked
for; whether to delete is never asked, so `delete` and `wipe` need `--yes`. The document's shape is
a schema (JSON Schema 2020-12) named after the command, in [`cli/schemas`]({SCHEMAS}). An error is a
document of the shape [`error.json`]({SCHEMAS}/error.json), with the exit code of its class. Codes,
field names and dates are the same in every language; sentences are in the language in use."""


def main() -> int:
    """Write or check the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing, only compare")
    check = parser.parse_args().check
    text = page()
    if PAGE.exists() and PAGE.read_text(encoding="utf-8") == text:
        return 0
    if check:
        print(f"docs/reference/{PAGE.name} is out of date: make reference")
        return 1
    PAGE.parent.mkdir(parents=True, exist_ok=True)
    PAGE.write_text(text, encoding="utf-8")
    return 0


def page() -> str:
    """The whole page, in English."""
    speak("en")
    parts = [NOTE, "# Command line", *overview(), SECRETS, JSON, *exit_codes()]
    for name in root.places:
        parts += command((name,), root)
    return "\n\n".join(parts) + "\n"


def overview() -> Iterator[str]:
    """What the program is, its commands, and the options of them all."""
    yield str(root.help)
    context = click.Context(root, info_name=PROGRAM.name)
    rows = []
    for name, place in root.places.items():
        found = root.get_command(context, name)
        inside = dict(found.places) if isinstance(found, Group) else {"": place}
        if isinstance(found, Group) and found.invoke_without_command:
            inside = {"": place, **inside}
        for last, leaf in inside.items():
            path = f"{name} {last}".strip()
            anchor = f"{PROGRAM.name}-{path}".replace(" ", "-")
            rows.append(f"| [`{path}`](#{anchor}) | {leaf.summary} |")
    yield "\n".join(["| command | what it does |", "|---|---|", *rows])
    yield "## Options of every command"
    yield "They may stand before or after the command."
    yield options([p for p in root.params if isinstance(p, GlobalOption)], context)


def exit_codes() -> Iterator[str]:
    """One row for each class of error."""
    yield "## Exit codes"
    rows = [
        "| 0 | | It was done; for `tokens`, at least one module could be looked at. |",
        "| 1 | `error` | Something unexpected, or the person did not agree to a deletion. |",
        "| 2 | `usage` | The command line cannot be understood, or nobody can be asked. |",
    ]
    classes: dict[int, type[LockwrightError]] = {}
    for kind in every_error().values():
        if kind is not LockwrightError:
            classes.setdefault(kind.exit_code, kind)
    for number, kind in sorted(classes.items()):
        rows.append(f"| {number} | `{kind.code}` | {inspect.getdoc(kind)} |")
    yield "\n".join(["| code | class | when |", "|---|---|---|", *rows])
    yield "Every single error is in [errors.md](errors.md)."


def command(path: tuple[str, ...], group: click.Group) -> Iterator[str]:
    """A command, or a group and its commands."""
    context = click.Context(group, info_name=PROGRAM.name)
    found = group.get_command(context, path[-1])
    if isinstance(found, click.Group):
        if found.invoke_without_command:
            yield from _section(path, found)
        for name in found.list_commands(context):
            yield from command((*path, name), found)
    elif found is None:
        raise LookupError(path)
    else:
        yield from _section(path, found)


def _section(path: tuple[str, ...], found: click.Command) -> Iterator[str]:
    """What a command does, its options, and where its JSON is described."""
    yield from section(" ".join((PROGRAM.name, *path)), found)
    if path not in WITHOUT_JSON:
        yield f"JSON: [`{'-'.join(path)}.json`]({SCHEMAS}/{'-'.join(path)}.json)"


def section(name: str, found: click.Command) -> Iterator[str]:
    """How a command of any program is used, what it does, and its options."""
    own = click.Context(found, info_name=name)
    yield f"## {name}"
    yield f"```text\n{' '.join((name, *found.collect_usage_pieces(own)))}\n```"
    yield paragraphs(str(found.help))
    if mine := [p for p in found.params if not isinstance(p, GlobalOption)]:
        yield options(mine, own)


def errors(base: type[LockwrightError]) -> str:
    """A table of the errors of a program, without the one that all of them are."""
    rows = ["| code | what happened |", "|---|---|"]
    for code, kind in sorted(every_error(base).items()):
        if kind is not base:
            rows.append(f"| `{code}` | {inspect.getdoc(kind)} |")
    return "\n".join(rows)


def options(parameters: list[click.Parameter], context: click.Context) -> str:
    """A table of options and arguments."""
    rows = ["| option | |", "|---|---|"]
    for parameter in parameters:
        if (record := parameter.get_help_record(context)) is not None:
            spelling, text = (cell.replace("|", "\\|") for cell in record)
            rows.append(f"| `{spelling}` | {text} |")
    return "\n".join(rows)


def paragraphs(text: str) -> str:
    """Help text with a line for each paragraph."""
    blocks = inspect.cleandoc(text).split("\n\n")
    return "\n\n".join(" ".join(block.split()) for block in blocks)


if __name__ == "__main__":
    sys.exit(main())

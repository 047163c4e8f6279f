"""Write the reference of the kit's commands from the commands themselves.

``--check`` writes nothing and fails where the page is no longer what the commands say.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path

import click
from cli_reference import errors, options, section
from lockwright.console.framework import Group
from lockwright.console.global_options import GlobalOption
from lockwright.console.language import speak
from lockwright_testkit.cli.app import PLACES, root
from lockwright_testkit.cli.errors import KitError
from lockwright_testkit.cli.program import PROGRAM
from lockwright_testkit.cli.project.answers import Answers
from lockwright_testkit.cli.project.template import values

PAGE = Path(__file__).parent.parent / "docs" / "reference" / "kit-cli.md"
NOTE = "<!-- Written by tools/kit_reference.py; change the command it describes, run it again. -->"
SIMULATOR = """\
`lockwright-kit` comes with `lockwright-testkit`, as `lockwright-sim` does, which is described with
[the simulator](simulator.md#the-command). It speaks English. With `--json` a command writes one
JSON document to stdout; an error is the same document as [the client's](cli.md#json)."""

ANSWERS = Answers("Acme", ("/a.so",), "Acme Ltd", ("One",), "MIT", "python-pkcs11", "Anna", 2026)
TEMPLATE = """\
`--template` names a folder whose files end with `.in`, which their names then lose. In names and
texts these are replaced; what ends with `_text` is quoted as Python and TOML quote it. The text of
the licence is the kit's."""
MORE = {
    "new": (
        "### A template of your own",
        TEMPLATE,
        ", ".join(f"`@{{{name}}}`" for name in sorted(values(ANSWERS))),
    ),
}
"""What is told of a command beside its help."""


def main() -> int:
    """Write or check the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing, only compare")
    check = parser.parse_args().check
    speak("en")
    text = "\n\n".join(page()) + "\n"
    if PAGE.exists() and PAGE.read_text(encoding="utf-8") == text:
        return 0
    if check:
        print(f"docs/reference/{PAGE.name} is out of date: make reference")
        return 1
    PAGE.write_text(text, encoding="utf-8")
    return 0


def page() -> Iterator[str]:
    """The page, part by part."""
    yield NOTE
    yield "# Commands of the kit"
    yield str(root.help)
    yield SIMULATOR
    context = click.Context(root, info_name=PROGRAM.name)
    yield "## Options of every command"
    yield options([p for p in root.params if isinstance(p, GlobalOption)], context)
    for name in PLACES:
        found = command(root, name)
        if isinstance(found, Group):
            for below in found.places:
                yield from section(f"{PROGRAM.name} {name} {below}", command(found, below))
        else:
            yield from section(f"{PROGRAM.name} {name}", found)
        yield from MORE.get(name, ())
    yield "## Errors"
    yield "They end a command with the exit code 40; other codes are [the client's](errors.md)."
    yield errors(KitError)


def command(group: click.Group, name: str) -> click.Command:
    """A command of a group."""
    found = group.get_command(click.Context(group, info_name=PROGRAM.name), name)
    if found is None:
        raise LookupError(name)
    return found


if __name__ == "__main__":
    sys.exit(main())

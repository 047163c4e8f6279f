"""Write the reference of the desk's commands, and of what it tells clients, from the code.

``--check`` writes nothing and fails where the page is no longer what the code says.
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
from lockwright.errors import every_error
from lockwright_desk.cli.app import root
from lockwright_desk.cli.program import PROGRAM
from lockwright_desk.errors import DeskError
from lockwright_desk.http.refusals import Refusal

PAGE = Path(__file__).parent.parent / "docs" / "reference" / "desk-cli.md"
NOTE = "<!-- Written by tools/desk_reference.py; change the code it describes, run it again. -->"
JSON = """\
With `--json` a command writes one JSON document to stdout, with the fields of its table in full and
times as RFC 3339 has them: `otp new` and `otp revoke` one password, `otp list`
`{"passwords": [...]}`, `requests list` `{"requests": [...]}`, `certificates list`
`{"certificates": [...]}`, `init` `{"made": [...]}`, `otp new-key` `{"key": ..., "revoked": ...}`,
`operators list` `{"operators": [...]}`, `operators credentials` `{"credentials": [...]}`,
`operators sessions` `{"sessions": [...]}`, other commands of `operators` one operator, `add` and
`code` with `code`, `expires_at` and `page`,
`audit verify` `{"trails": [...], "certificates": ..., "interrupted": [...], "unknown": [...]}`,
`audit show` `{"file": ..., "operations": [...], "more": ...}`, `audit anchor` what was signed and
its `file`, `siem send` `{"sent": ...}`, `siem status` `{"reachable": ..., "sending": ...,
"unsent": ..., "oldest_unsent": ..., "place": ..., "trouble": ..., ...}`,
`keys import` `{"version": ..., "taken": ..., "stored": ..., "refused": [...]}`, `keys assign`
`{"version": ..., "assigned": ..., "refused": {...}, "serials": [...]}`, `keys list` and
`keys rollover` `{"versions": [...]}`, the latter with `hanging`, at most 200 tokens of each, and
`next`, which is set where there are more.
Lists of the register have the key of the next page: `clients list` `{"clients": [...], "next":
...}`, `tokens list` `{"tokens": [...], "next": ...}`. `clients show` is one client with `held`,
`tokens show` one token with `changes` and `holders`; what changes a client or a token shows it as
it is then. `cases list` and `alerts list` have `next`, too, `cases show` is one case with its
`history`, `alerts seen` `{"seen": ...}`, `notices send` `{"sent": ..., "later": ..., "given-up":
...}`. `audit export` writes the lines of the trail, with `--json` or without.
`export` writes what `import` reads, `{"clients": [...]}` or `{"tokens": [...]}`.
`import` and `tokens add` say what became of a file, with the exit code 30 where something is wrong:
`{"rows": ..., "added": ..., "changed": ..., "same": ..., "wrong": ..., "written": ...,
"problems": [{"row": ..., "column": ..., "code": ..., "text": ...}]}`, each code one of
[these](register-files.md#codes).
An error is the same document as [the client's](cli.md#json)."""
TOLD = """\
Every refusal is one sentence in `text/plain`, in the language that the server was started in. The
code stands in the log and in the audit trail."""


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
    yield "# Commands of the desk"
    yield str(root.help)
    context = click.Context(root, info_name=PROGRAM.name)
    yield "## Options of every command"
    yield options([p for p in root.params if isinstance(p, GlobalOption)], context)
    yield JSON
    for name in root.places:
        yield from commands((name,), root)
    yield "## Errors"
    yield "They end a command with the exit code 30; other codes are [the client's](errors.md)."
    yield errors(DeskError)
    yield "## What clients are told"
    yield TOLD
    yield "\n".join(["| status | code | sentence |", "|---|---|---|", *refusals()])


def commands(path: tuple[str, ...], group: click.Group) -> Iterator[str]:
    """A command, or the commands of a group."""
    context = click.Context(group, info_name=PROGRAM.name)
    found = group.get_command(context, path[-1])
    if isinstance(found, Group):
        for name in found.places:
            yield from commands((*path, name), found)
    elif found is not None:
        yield from section(" ".join((PROGRAM.name, *path)), found)


def refusals() -> Iterator[str]:
    """A row for each refusal that is told, by status."""
    told = [kind for kind in every_error(Refusal).values() if "message" in vars(kind)]
    for kind in sorted(told, key=lambda kind: (_status(kind), kind.code)):
        yield f"| {_status(kind)} | `{kind.code}` | {kind.message} |"


def _status(kind: type) -> int:
    return int(kind.status) if issubclass(kind, Refusal) else 0


if __name__ == "__main__":
    sys.exit(main())

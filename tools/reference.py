"""Write the reference of hooks, errors, configuration and Python from the code that they describe.

``--check`` writes nothing and fails where a page is no longer what the code says.
"""

from __future__ import annotations

import argparse
import inspect
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from pathlib import Path
from types import ModuleType

from docstrings import inline, paragraphs, sections, signature
from lockwright.contract import ca_hooks, hooks
from lockwright.contract.declaration import Declared
from lockwright.errors import LockwrightError, every_error
from reference_configuration import configuration
from reference_declared import sentences
from reference_python import PAGES, described

FOLDER = Path(__file__).parent.parent / "docs" / "reference"
NOTE = "<!-- Written by tools/reference.py; change the code it describes, then run it again. -->"

_GROUP = re.compile(r"^# --- (?P<title>.+?) -+$|^def (?P<hook>lockwright_\w+)", re.MULTILINE)


def main() -> int:
    """Write or check every page; the number of pages that are out of date."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing, only compare")
    check = parser.parse_args().check
    stale = 0
    for name, page in pages().items():
        file, text = FOLDER / name, page()
        if file.exists() and file.read_text(encoding="utf-8") == text:
            continue
        if check:
            stale += 1
            print(f"docs/reference/{name} is out of date: make reference", file=sys.stderr)
        else:
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, encoding="utf-8")
    return stale


def pages() -> Mapping[str, Callable[[], str]]:
    """Every page, and what makes its text."""
    return {
        "hooks.md": lambda: _page(contracts()),
        "errors.md": lambda: _page(errors()),
        "configuration.md": lambda: _page(configuration()),
        **{name: partial(_python, name) for name in PAGES},
    }


def _python(name: str) -> str:
    return _page(described(PAGES[name]))


def contracts() -> Iterator[str]:
    """Both contracts: every hook with its signature, in the order of their files."""
    yield "# Hooks"
    yield from _contract(hooks, *hooks.PARTS)
    yield "## CA clients"
    yield from _contract(ca_hooks, ca_hooks)


def _contract(specs: ModuleType, *parts: ModuleType) -> Iterator[str]:
    yield paragraphs(inspect.cleandoc(specs.__doc__ or ""))
    for part in parts:
        yield from _groups(part, specs.HOOKS)


def _groups(part: ModuleType, hooks: Mapping[str, Declared]) -> Iterator[str]:
    for found in _GROUP.finditer(inspect.getsource(part)):
        if found["title"]:
            yield f"## {found['title'][0].upper()}{found['title'][1:]}"
        else:
            yield from _hook(hooks[found["hook"]])


def _hook(declared: Declared) -> Iterator[str]:
    yield f"### `{declared.name}`"
    yield f"```python\n{signature(declared.function)}\n```"
    yield from sections(
        inspect.getdoc(declared.function) or "", inline(" ".join(sentences(declared)))
    )


def errors() -> Iterator[str]:
    """Every error: its code, its exit code and its three sentences."""
    tree = every_error()
    families = [kind for kind in tree.values() if LockwrightError in kind.__bases__]
    families.sort(key=lambda kind: kind.exit_code)
    yield "# Errors and exit codes"
    yield (
        "Every error says what happened, what it cost and what to do next. Programs go by its\n"
        "`code` (also in `--json`), shells by the exit code of its class. In Python each is a\n"
        "class of `lockwright.errors`; `{...}` stands for a fact of the error (`error.facts`)."
    )
    yield "\n".join(
        (
            *("| exit code | class | meaning |", "|---|---|---|", "| 0 | | It worked. |"),
            "| 1 | `LockwrightError` | An error of lockwright itself, to be reported. |",
            "| 2 | | The command line was not understood; nothing was begun. |",
            *(f"| {kind.exit_code} | `{kind.__name__}` | {_first(kind)} |" for kind in families),
        )
    )
    for family in families:
        yield f"## `{family.__name__}`: exit code {family.exit_code}"
        yield paragraphs(inspect.getdoc(family) or "")
        members = [kind for kind in every_error(family).values() if "message" in vars(kind)]
        for kind in members:
            yield from _error(kind)


def _error(kind: type[LockwrightError]) -> Iterator[str]:
    yield f"### `{kind.code}`"
    yield f"`{kind.__name__}`. " + paragraphs(inspect.getdoc(kind) or "")
    parts = (
        ("Says", kind.message),
        ("Cost", kind.usual_cost or "It depends on what is gone; the error says it."),
        ("Next", kind.advice),
    )
    yield "\n".join(f"- {title}: {text}" for title, text in parts if text)


def _first(kind: type) -> str:
    return inline((inspect.getdoc(kind) or "").partition("\n")[0])


def _page(parts: Iterable[str]) -> str:
    title, *rest = parts
    return "\n\n".join((title, NOTE, *rest)) + "\n"


if __name__ == "__main__":
    sys.exit(main())

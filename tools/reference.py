"""Write the reference of hooks, errors and configuration from the code that they describe.

``--check`` writes nothing and fails where a page is no longer what the code says.
"""

from __future__ import annotations

import argparse
import inspect
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from types import ModuleType

from lockwright.contract import ca_hooks, care_hooks, hooks
from lockwright.contract.declaration import Declared
from lockwright.errors import LockwrightError, every_error
from reference_configuration import configuration
from reference_declared import sentences

FOLDER = Path(__file__).parent.parent / "docs" / "reference"
NOTE = "<!-- Written by tools/reference.py; change the code it describes, then run it again. -->"

_GROUP = re.compile(r"^# --- (?P<title>.+?) -+$|^def (?P<hook>lockwright_\w+)", re.MULTILINE)
_SECTION = re.compile(r"^(Args|Returns|Raises):$", re.MULTILINE)
_ENTRY = re.compile(r"^(?P<names>[A-Za-z_][\w, ]*): (?P<text>.+)", re.DOTALL)
_ROLE = re.compile(r":(?:class|mod|meth|func):`(?:[\w.]*\.)?(\w+)`")


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
    }


def contracts() -> Iterator[str]:
    """Both contracts: every hook with its signature, in the order of their files."""
    yield "# Hooks"
    yield from _contract(hooks)
    yield from _groups(care_hooks)
    yield "## CA clients"
    yield from _contract(ca_hooks)


def _contract(specs: ModuleType) -> Iterator[str]:
    yield _paragraphs(inspect.cleandoc(specs.__doc__ or ""))
    yield from _groups(specs)


def _groups(specs: ModuleType) -> Iterator[str]:
    for found in _GROUP.finditer(inspect.getsource(specs)):
        if found["title"]:
            yield f"## {found['title'][0].upper()}{found['title'][1:]}"
        else:
            yield from _hook(specs.HOOKS[found["hook"]])


def _hook(declared: Declared) -> Iterator[str]:
    yield f"### `{declared.name}`"
    yield f"```python\n{signature(declared.function)}\n```"
    before, *parts = _SECTION.split(inspect.getdoc(declared.function) or "")
    yield _paragraphs(before)
    if facts := " ".join(sentences(declared)):
        yield facts
    for title, body in zip(parts[::2], parts[1::2], strict=True):
        yield f"**{title}**"
        text = inspect.cleandoc(body).strip()
        yield _paragraphs(text) if title == "Returns" else "\n".join(_entries(text))


def signature(function: Callable[..., object]) -> str:
    """A hook's signature as a plugin writes it, one argument a line if it is long."""
    described, name = inspect.signature(function), function.__name__
    line = f"def {name}{described}: ..."
    line = re.sub(r"'([^']+)'", r"\1", line)
    if len(line) <= 88:  # noqa: PLR2004  # what a page shows without scrolling
        return line
    arguments = [re.sub(r"'([^']+)'", r"\1", str(each)) for each in described.parameters.values()]
    returns = re.sub(r"'([^']+)'", r"\1", line[line.rindex(")") :])
    return "\n".join((f"def {name}(", *(f"    {argument}," for argument in arguments), returns))


def _entries(body: str) -> Iterator[str]:
    """The lines of a section as a list; a line that goes on is joined to its first."""
    for entry in re.split(r"\n(?=\S)", body):
        text = " ".join(entry.split())
        if found := _ENTRY.match(text):
            names = ", ".join(f"`{name.strip()}`" for name in found["names"].split(","))
            yield f"- {names}: {_inline(found['text'])}"
        else:
            yield f"- {_inline(text)}"


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
        yield _paragraphs(inspect.getdoc(family) or "")
        members = [kind for kind in every_error(family).values() if "message" in vars(kind)]
        for kind in members:
            yield from _error(kind)


def _error(kind: type[LockwrightError]) -> Iterator[str]:
    yield f"### `{kind.code}`"
    yield f"`{kind.__name__}`. " + _paragraphs(inspect.getdoc(kind) or "")
    parts = (
        ("Says", kind.message),
        ("Cost", kind.usual_cost or "It depends on what is gone; the error says it."),
        ("Next", kind.advice),
    )
    yield "\n".join(f"- {title}: {text}" for title, text in parts if text)


def _first(kind: type) -> str:
    return _inline((inspect.getdoc(kind) or "").partition("\n")[0])


def _paragraphs(text: str) -> str:
    return _inline(text.strip())


def _inline(text: str) -> str:
    """The docstrings' reStructuredText as Markdown, as far as they use it."""
    return _ROLE.sub(r"`\1`", text).replace("``", "`")


def _page(parts: Iterable[str]) -> str:
    title, *rest = parts
    return "\n\n".join((title, NOTE, *rest)) + "\n"


if __name__ == "__main__":
    sys.exit(main())

"""Docstrings and signatures as Markdown."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Iterator
from enum import Enum
from typing import TypeGuard

_SECTION = re.compile(r"^(Args|Returns|Raises):$", re.MULTILINE)
_ENTRY = re.compile(r"^(?P<names>[A-Za-z_][\w, ]*): (?P<text>.+)", re.DOTALL)
_ROLE = re.compile(r":(?:class|mod|meth|func):`(?:[\w.]*\.)?(\w+)`")
_BLOCK = re.compile(r"(?P<gap> ?)::\n\n(?P<code>(?:(?: {4}.*)?\n)* {4}.*)(?:\n|\Z)")


def is_function(thing: object) -> TypeGuard[Callable[..., object]]:
    """Whether it is a function or a method, and no class."""
    return inspect.isroutine(thing)


def sections(text: str, facts: str = "") -> Iterator[str]:
    """A docstring's paragraphs: its prose, then arguments, what is returned, what is raised.

    Args:
        text: the docstring, without its indentation.
        facts: a paragraph that stands behind the prose.
    """
    before, *parts = _SECTION.split(text)
    yield paragraphs(before)
    if facts:
        yield facts
    for title, body in zip(parts[::2], parts[1::2], strict=True):
        yield f"**{title}**"
        told = inspect.cleandoc(body).strip()
        yield paragraphs(told) if title == "Returns" else "\n".join(_entries(told))


def signature(function: Callable[..., object], *, bound: bool = False) -> str:
    """A function's signature as a plugin writes it, one argument a line if it is long.

    Args:
        function: the function.
        bound: whether it is a method, whose first argument nobody gives.
    """
    described, name = inspect.signature(function), function.__name__
    if bound:
        described = described.replace(parameters=[*described.parameters.values()][1:])
    arguments = list(_arguments(described))
    returns = f"{_annotated(described.return_annotation, ' -> ')}: ..."
    line = f"def {name}({', '.join(arguments)}){returns}"
    if len(line) <= 88:  # noqa: PLR2004  # what a page shows without scrolling
        return line
    return "\n".join((f"def {name}(", *(f"    {each}," for each in arguments), f"){returns}"))


def shown(default: object) -> str:
    """A default as it is written; only that there is one where it is more than a word."""
    named = f"{type(default).__name__}.{default.name}" if isinstance(default, Enum) else ""
    written = named or repr(default)
    written = written if '"' in written else written.replace("'", '"')
    return written if len(written) <= 30 and written[0] not in "<m" else "..."  # noqa: PLR2004


def _arguments(described: inspect.Signature) -> Iterator[str]:
    starred = False
    for each in described.parameters.values():
        if each.kind is each.KEYWORD_ONLY and not starred:
            yield "*"
        starred = starred or each.kind in (each.KEYWORD_ONLY, each.VAR_POSITIONAL)
        stars = {"VAR_POSITIONAL": "*", "VAR_KEYWORD": "**"}.get(each.kind.name, "")
        argument = f"{stars}{each.name}{_annotated(each.annotation, ': ')}"
        yield argument if each.default is each.empty else f"{argument} = {shown(each.default)}"


def _annotated(annotation: object, sign: str) -> str:
    if annotation is inspect.Parameter.empty:
        return ""
    return sign + (annotation if isinstance(annotation, str) else str(annotation))


def _entries(body: str) -> Iterator[str]:
    """The lines of a section as a list; a line that goes on is joined to its first."""
    for entry in re.split(r"\n(?=\S)", body):
        text = " ".join(entry.split())
        if found := _ENTRY.match(text):
            names = ", ".join(f"`{name.strip()}`" for name in found["names"].split(","))
            yield f"- {names}: {inline(found['text'])}"
        else:
            yield f"- {inline(text)}"


def paragraphs(text: str) -> str:
    """Prose, with what is a block of code fenced."""
    return inline(_BLOCK.sub(_fenced, text.strip())).strip()


def inline(text: str) -> str:
    """The docstrings' reStructuredText as Markdown, as far as they use it."""
    return re.sub(r"(?<!`)``(?!`)", "`", _ROLE.sub(r"`\1`", text))


def _fenced(found: re.Match[str]) -> str:
    code = inspect.cleandoc("\n" + found["code"])
    try:
        compile(code, "a docstring", "exec")
    except SyntaxError:
        language = "text"
    else:
        language = "python"
    return f"{'' if found['gap'] else ':'}\n\n```{language}\n{code}\n```\n"

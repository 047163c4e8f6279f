"""The reference of what may be imported, from its docstrings: a page for each kind of reader."""

from __future__ import annotations

import ast
import dataclasses
import inspect
import re
import sys
import textwrap
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from importlib import import_module
from itertools import pairwise
from types import FunctionType, MappingProxyType

from docstrings import inline, is_function, paragraphs, sections, shown, signature
from lockwright.errors import LockwrightError
from lockwright.late import late
from promised_names import names


@dataclass(frozen=True)
class Page:
    """One page."""

    title: str
    """Its heading."""
    intro: str
    """What it is for, a paragraph of Markdown."""
    modules: Sequence[str]
    """The modules that it describes, in order."""


PAGES: Mapping[str, Page] = MappingProxyType(
    {
        "python.md": Page(
            "Python",
            "What a program imports. How it is used is told in"
            " [Use lockwright from Python](../how-to/use-from-python.md); the data is\n"
            "described in [Models](models.md), what is raised in [Errors](errors.md).",
            (
                *("lockwright", "lockwright.policy", "lockwright.keys.source"),
                *("lockwright.spoken", "lockwright.operations.detect"),
                *("lockwright.operations.remote", "lockwright.operations.enrolment.context"),
                *(
                    "lockwright.operations.enrolment.orders",
                    "lockwright.operations.enrolment.with_ca",
                ),
                *(
                    "lockwright.operations.enrolment.renewals",
                    "lockwright.operations.enrolment.authorities",
                ),
                "lockwright.operations.enrolment.storages",
                *("lockwright.operations.arrivals", "lockwright.host.frozen"),
            ),
        ),
        "models.md": Page(
            "Models",
            "The data that goes in and comes out, for programs and plugins: `lockwright.models`.",
            ("lockwright.models",),
        ),
        "adapter.md": Page(
            "The class of an adapter",
            "What an adapter derives from; [Write an adapter](../how-to/write-an-adapter.md) leads"
            " through it. The hooks that\nit answers are in [Hooks](hooks.md).",
            ("lockwright.adapter", "lockwright.i18n"),
        ),
        "standard.md": Page(
            "The standard operations",
            "How each hook is answered on plain PKCS#11. A method of an adapter calls one where its"
            " vendor does only a part\nof it in a way of its own.",
            ("lockwright.pkcs11.standard",),
        ),
        "session.md": Page(
            "The session port",
            "How an adapter reaches its module: `Module` and `Session`, return values as"
            " `CkrError`, and a vendor's own\nfunctions.",
            (
                *("lockwright.pkcs11.session", "lockwright.pkcs11.errors"),
                *("lockwright.pkcs11.vendor", "lockwright.pkcs11.work"),
                *("lockwright.keys.response", "lockwright.pkcs11.constants"),
            ),
        ),
        "bindings.md": Page(
            "Bindings",
            "Which library carries the calls, and where the module is. An adapter that derives from"
            " `StandardAdapter` names\nits `bindings` and `modules` and calls none of these.",
            ("lockwright.bindings",),
        ),
        "testing.md": Page(
            "The tests of an adapter",
            "What they import of the kit. How the suite is run is told in [The conformance suite]"
            "(conformance.md), what the\nsimulator can do in [The token simulator](simulator.md).",
            (
                *("lockwright_testkit.conformance", "lockwright_testkit.sim"),
                *("lockwright_testkit.sim.fixtures", "lockwright_testkit.softhsm"),
            ),
        ),
    }
)

_OTHERS = ("lockwright_", "test_")
"""Methods that are described elsewhere: hooks, and what the suite asks of them."""
_METHODS = (FunctionType, staticmethod, classmethod)


def described(page: Page) -> Iterator[str]:
    """A page, a paragraph at a time.

    Args:
        page: which.
    """
    yield f"# {page.title}"
    yield page.intro
    seen: set[int] = set()
    several = len(page.modules) > 1
    for module in page.modules:
        found = [(name, thing) for name, thing in names(module) if name[:2] != "__"]
        new = [(name, thing) for name, thing in found if id(thing) not in seen]
        if several:
            yield f"## `{module}`"
        yield paragraphs(inspect.cleandoc(import_module(module).__doc__ or ""))
        seen |= {id(thing) for _name, thing in new}
        for name, thing in _in_their_order(new):
            yield from _raised(_described(module, name, thing), several=several)


def _raised(parts: Iterator[str], *, several: bool) -> Iterator[str]:
    """Headings a level higher on a page of one module, which has none for modules."""
    for paragraph in parts:
        yield paragraph if several else re.sub(r"^#(?=##)", "", paragraph)


def _in_their_order(found: Sequence[tuple[str, object]]) -> list[tuple[str, object]]:
    """As they stand in their files, the files by name; what has no place of its own first."""
    return sorted(found, key=lambda pair: _place(pair[1]))


def _place(thing: object) -> tuple[str, int]:
    if not inspect.isclass(thing) and not inspect.isroutine(thing):
        return "", 0
    plain = inspect.unwrap(thing) if inspect.isroutine(thing) else thing
    try:
        return plain.__module__, inspect.getsourcelines(plain)[1]
    except (OSError, TypeError):
        return "", 1


def _described(module: str, name: str, thing: object) -> Iterator[str]:
    if isinstance(thing, type):
        yield f"### `{name}`"
        if issubclass(thing, LockwrightError):
            yield f"{_first(thing)} It is described in [Errors](errors.md)."
        elif module.endswith(".constants"):
            yield f"{_first(thing)} The names and numbers of the standard's header."
        else:
            yield from _class(thing)
    elif is_function(thing):
        yield f"### `{name}`"
        yield from _function(thing)
    else:
        told = _told_below(sys.modules[_home(module, name)]).get(name, "")
        yield f"### `{name}`"
        yield inline(told) if told else _value(thing)


def _value(thing: object) -> str:
    kept = isinstance(thing, str | int | bytes)
    return f"`{thing!r}`." if kept else f"`{str(thing).replace('lockwright.', '')}`."


def _home(module: str, name: str) -> str:
    """The module that a constant is written in: a front door only hands it on."""
    tree = ast.parse(inspect.getsource(sys.modules[module]))
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and name in {each.name for each in node.names}:
            return str(node.module)
    return module


def _class(kind: type) -> Iterator[str]:
    yield from sections(inspect.getdoc(kind) or "")
    if lines := list(_values(kind)):
        yield "\n".join(lines)
    for base in reversed(_ours(kind)):
        for name, value in vars(base).items():
            told_there = name[0] == "_" or name.startswith(_OTHERS) or name in _annotated(base)
            if isinstance(value, _METHODS) and not told_there:
                yield f"#### `{kind.__name__}.{name}`"
                yield from _function(getattr(kind, name), bound=isinstance(value, FunctionType))


def _ours(kind: type) -> list[type]:
    ours = [base for base in kind.__mro__ if base.__module__.startswith("lockwright")]
    return [base for base in ours if base is kind or base.__name__[0] != "_"]


def _values(kind: type) -> Iterator[str]:
    """A line for each field, each member and each property of a class."""
    if issubclass(kind, Enum):
        told = _told_below(kind)
        for member in kind:
            value = member.value if isinstance(member.value, str | int) else member.name
            yield _line(f"{member.name} = {value!r}", told.get(member.name, ""))
        return
    for base in reversed(_ours(kind)):
        told = _told_below(base)
        for name, annotation in _annotated(base).items():
            if name[0] != "_":
                yield _line(f"{name}: {annotation}{_default(base, name)}", told.get(name, ""))
        for name, value in vars(base).items():
            if name[0] != "_" and isinstance(value, property | late):
                made = value.fget if isinstance(value, property) else value._make
                returns = inspect.signature(made).return_annotation if made else ""
                yield _line(f"{name}: {returns}", inspect.getdoc(made) or "")


def _annotated(kind: type) -> Mapping[str, object]:
    """The fields of a class, also one that has a function for its default."""
    annotated: Mapping[str, object] = vars(kind).get("__annotations__", {})
    return annotated


def _default(kind: type, name: str) -> str:
    if not dataclasses.is_dataclass(kind):
        return ""
    field = next(each for each in dataclasses.fields(kind) if each.name == name)
    if field.default is dataclasses.MISSING:
        return "" if field.default_factory is dataclasses.MISSING else " = ..."
    return f" = {shown(field.default)}"


def _line(code: str, told: str) -> str:
    text = " ".join(inline(told).split())
    return f"- `{code}`" + (f": {text}" if text else "")


def _told_below(thing: object) -> dict[str, str]:
    """The docstrings that stand below names, of a class or a module."""
    try:
        source = textwrap.dedent(inspect.getsource(thing))  # type: ignore[arg-type]  # either
    except (OSError, TypeError):
        return {}
    body = ast.parse(source).body
    if isinstance(thing, type) and isinstance(body[0], ast.ClassDef):
        body = body[0].body
    found = {}
    for node, after in pairwise(body):
        target = node.targets[0] if isinstance(node, ast.Assign) else getattr(node, "target", None)
        if (
            isinstance(target, ast.Name)
            and isinstance(after, ast.Expr)
            and isinstance(after.value, ast.Constant)
            and isinstance(after.value.value, str)
        ):
            found[target.id] = inspect.cleandoc(after.value.value)
    return found


def _function(function: Callable[..., object], *, bound: bool = False) -> Iterator[str]:
    yield f"```python\n{signature(function, bound=bound)}\n```"
    plain = inspect.unwrap(function)
    manager = plain is not function and inspect.isgeneratorfunction(plain)
    yield from sections(
        inspect.getdoc(function) or "", "A context manager: use it in `with`." if manager else ""
    )


def _first(kind: type) -> str:
    return inline((inspect.getdoc(kind) or "").partition("\n")[0])

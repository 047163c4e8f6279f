"""The shape of what is promised: of a function its arguments, of a class its parts."""

from __future__ import annotations

import dataclasses
import inspect
from collections.abc import Callable, Iterator
from enum import Enum

import click
from docstrings import is_function
from lockwright.errors import LockwrightError

Shape = str | int | list[str]
"""A list of arguments; what a member of an enumeration is worth; otherwise what kind it is."""

_KINDS = {
    inspect.Parameter.POSITIONAL_ONLY: "{}",
    inspect.Parameter.POSITIONAL_OR_KEYWORD: "{}",
    inspect.Parameter.KEYWORD_ONLY: "*{}",
    inspect.Parameter.VAR_POSITIONAL: "{}...=",
    inspect.Parameter.VAR_KEYWORD: "*{}...=",
}


def shapes(path: str, thing: object) -> Iterator[tuple[str, Shape]]:
    """A name and everything that is promised of it.

    Args:
        path: its full name.
        thing: what it stands for.
    """
    if not isinstance(thing, type):
        yield path, _arguments(thing) if is_function(thing) else "value"
    elif issubclass(thing, Enum):
        yield path, "enumeration"
        for name, member in thing.__members__.items():
            value = member.value
            yield f"{path}.{name}", value if isinstance(value, str | int) else "value"
    elif issubclass(thing, LockwrightError):
        yield path, f"error {thing.code}, exit code {thing.exit_code}"
        yield f"{path}()", [f"*{fact}" for fact in thing.facts_named]
    else:
        yield path, "class"
        yield from _made(path, thing)
        yield from _parts(path, thing)


def _made(path: str, kind: type) -> Iterator[tuple[str, Shape]]:
    """What a class is made of, where it says so."""
    if dataclasses.is_dataclass(kind):
        yield (
            f"{path}()",
            [
                ("*" if field.kw_only else "") + field.name + ("=" if _has_default(field) else "")
                for field in dataclasses.fields(kind)
                if field.init
            ],
        )
    elif inspect.isfunction(made := vars(kind).get("__init__")) and not _is_protocol(kind):
        yield f"{path}()", _arguments(made)[1:]


def _parts(path: str, kind: type) -> Iterator[tuple[str, Shape]]:
    """The public parts of a class, those that it has from a class of ours included."""
    ours = [base for base in kind.__mro__ if base.__module__.startswith("lockwright")]
    found: dict[str, Shape] = {}
    for base in reversed(ours):
        found |= dict.fromkeys(vars(base).get("__annotations__", {}), "value")
        found |= {name: _part(value) for name, value in vars(base).items()}
    for name, shape in sorted(found.items()):
        if not name.startswith(("_", "lockwright_")):  # hooks are promised where they are declared
            yield f"{path}.{name}", shape


def _part(value: object) -> Shape:
    if isinstance(value, staticmethod):
        return _arguments(value.__func__)
    if isinstance(value, classmethod):
        return _arguments(value.__func__)[1:]
    return _arguments(value)[1:] if inspect.isfunction(value) else "value"


def _arguments(function: Callable[..., object]) -> list[str]:
    return [_argument(each) for each in inspect.signature(function).parameters.values()]


def _argument(parameter: inspect.Parameter) -> str:
    optional = "" if parameter.default is parameter.empty else "="
    return _KINDS[parameter.kind].format(parameter.name) + optional


def _has_default(field: dataclasses.Field[object]) -> bool:
    return not field.default is field.default_factory is dataclasses.MISSING


def _is_protocol(kind: type) -> bool:
    return bool(getattr(kind, "_is_protocol", False))


def commands(command: click.Command, path: str) -> Iterator[tuple[str, Shape]]:
    """A command, its options and its own commands; hidden ones are nobody's.

    Args:
        command: the command.
        path: how it is called.
    """
    yield path, "command"
    for parameter in command.params:
        if isinstance(parameter, click.Option) and not parameter.hidden:
            for option in (*parameter.opts, *parameter.secondary_opts):
                yield f"{path} {option}", "switch" if parameter.is_flag else "option"
    if isinstance(command, click.Group):
        context = click.Context(command, info_name=path)
        for name in command.list_commands(context):
            if (inner := command.get_command(context, name)) and not inner.hidden:
                yield from commands(inner, f"{path} {name}")

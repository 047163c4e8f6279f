"""Logs on stderr through structlog; a library that nobody configured stays silent."""

from __future__ import annotations

import sys
from collections.abc import Mapping, MutableMapping
from contextlib import suppress
from typing import Any

from lockwright.records import dataclass
from lockwright.secret import Secret

HIDDEN = "***"
"""What stands in place of a secret."""

_DEBUG, _INFO, _WARNING, _ERROR = 10, 20, 30, 40
"""The levels of ``logging``, which is slow to import."""
_SECRET_WORDS = frozenset({"pin", "puk", "password", "passwd", "secret", "response", "otp"})


@dataclass(frozen=True, slots=True)
class _Setup:
    lowest: int
    json: bool


_setup: _Setup | None = None


class Log:
    """A logger by name that loads structlog with the first line it really writes.

    Args:
        name: whose log it is, such as ``lockwright.host``.
    """

    def __init__(self, name: str) -> None:
        self._name = name

    def debug(self, event: str, **facts: object) -> None:
        """What only a person looking for a fault wants to know."""
        self._write(_DEBUG, event, facts)

    def info(self, event: str, **facts: object) -> None:
        """What happened."""
        self._write(_INFO, event, facts)

    def warning(self, event: str, **facts: object) -> None:
        """What should not have happened, and did no harm."""
        self._write(_WARNING, event, facts)

    def error(self, event: str, **facts: object) -> None:
        """What failed."""
        self._write(_ERROR, event, facts)

    def _write(self, level: int, event: str, facts: Mapping[str, object]) -> None:
        if _setup is not None and level >= _setup.lowest:
            _write(_setup, level, event, {"logger": self._name, **facts})


def get(name: str) -> Log:
    """The logger of that name, for use anywhere in lockwright."""
    return Log(name)


def configure(*, verbose: bool = False, json: bool = False) -> None:
    """Show logs on stderr. The command line does it; in a library it is the program's choice.

    Nothing of structlog's own, process-wide configuration is touched: it belongs to the program.

    Args:
        verbose: everything, not only warnings and errors.
        json: one JSON object a line, for a collector.
    """
    global _setup  # noqa: PLW0603  # one process has one stderr
    _setup = _Setup(_DEBUG if verbose else _WARNING, json)


def silence() -> None:
    """Show nothing, as before ``configure``."""
    global _setup  # noqa: PLW0603  # one process has one stderr
    _setup = None


def hide(_logger: object, _method: str, event: MutableMapping[str, Any]) -> Mapping[str, Any]:
    """A structlog processor: no secret is rendered, whatever way it got into an event."""
    return {key: _hidden(key, value) for key, value in event.items()}


def _hidden(key: str, value: object) -> object:
    match value:
        case Secret():
            return HIDDEN
        case str() | bytes() | bytearray() if _SECRET_WORDS & set(key.lower().split("_")):
            return HIDDEN
        case Mapping():
            return {inner: _hidden(str(inner), item) for inner, item in value.items()}
        case list() | tuple() | set() | frozenset():
            return [_hidden(key, item) for item in value]
        case _:
            return value


def _write(setup: _Setup, level: int, event: str, facts: Mapping[str, object]) -> None:
    import structlog  # noqa: PLC0415  # slow to import, and most runs write nothing

    # Tracebacks are plain: the renderer's own choice would show the values of variables.
    ending: list[Any] = (
        [structlog.processors.format_exc_info, structlog.processors.JSONRenderer()]
        if setup.json
        else [
            structlog.dev.ConsoleRenderer(
                colors=False, exception_formatter=structlog.dev.plain_traceback
            )
        ]
    )
    # A line is one write, also with PYTHONUNBUFFERED: several processes may share the log.
    logger = structlog.wrap_logger(
        structlog.WriteLogger(sys.stderr),
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            hide,
            *ending,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(setup.lowest),
        context_class=dict,
    )
    # A full disk, or a pipe that nobody reads any more, is no reason to leave the work undone.
    with suppress(OSError, ValueError):
        logger.log(level, event, **facts)

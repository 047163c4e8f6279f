"""What the libraries under the server say, in the same log and the same form as what it says."""

from __future__ import annotations

import logging

from lockwright import log as logs

_SPEAKERS = ("uvicorn.error", "asyncio", "py.warnings")
_TOLD_BY_THE_DOOR = "Invalid HTTP request received."

log = logs.get("lockwright.desk.library")


def take() -> None:
    """Take over what uvicorn, asyncio and Python's warnings would write on stderr as it comes."""
    logging.captureWarnings(capture=True)
    for name in _SPEAKERS:
        speaker = logging.getLogger(name)
        speaker.handlers, speaker.propagate = [_Handler(logging.WARNING)], False


class _Handler(logging.Handler):
    """Writes each record as a line of our log; a traceback belongs to it."""

    def emit(self, record: logging.LogRecord) -> None:
        """Write one."""
        if record.getMessage() == _TOLD_BY_THE_DOOR:
            return
        facts: dict[str, object] = {"library": record.name}
        if record.exc_info:
            facts["exc_info"] = record.exc_info
        write = log.error if record.levelno >= logging.ERROR else log.warning
        write(record.getMessage().strip(), **facts)

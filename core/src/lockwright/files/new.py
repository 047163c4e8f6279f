"""A file that appears whole or not at all, and never in place of another."""

from __future__ import annotations

import os
import sys
import tempfile
from contextlib import suppress
from pathlib import Path

from lockwright.errors import FileNotWritten
from lockwright.files.durable import publish
from lockwright.i18n import _

STDOUT = "-"


class NewFile:
    """A place for a result that is proved before the work and filled after it.

    Args:
        name: the file; ``-`` for stdout.

    Raises:
        FileNotWritten: it exists already, or its folder takes no file.
    """

    def __init__(self, name: str) -> None:
        self.name = name
        self._draft: Path | None = None
        if name == STDOUT:
            return
        if os.path.lexists(name):
            raise FileNotWritten(file=name, reason=_("it exists already"))
        try:
            descriptor, draft = tempfile.mkstemp(prefix=".lockwright-", dir=Path(name).parent)
        except OSError as error:
            raise FileNotWritten(file=name, reason=error.strerror or str(error)) from None
        os.close(descriptor)
        self._draft = Path(draft)

    def write(self, text: str) -> None:
        """Fill it.

        Raises:
            FileNotWritten: there is no room, or a file of that name appeared in the meantime.
        """
        if self._draft is None:
            sys.stdout.write(text)
            return
        try:
            with self._draft.open("w", encoding="ascii") as file:
                file.write(text)
                file.flush()
                os.fsync(file.fileno())
            self._draft.chmod(0o644)
            publish(self._draft, Path(self.name))
        except OSError as error:
            raise FileNotWritten(file=self.name, reason=error.strerror or str(error)) from None

    def close(self) -> None:
        """Leave nothing behind but the file itself."""
        if self._draft is not None:
            with suppress(FileNotFoundError):
                self._draft.unlink()

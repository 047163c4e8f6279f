"""What the system says when it takes no file, as an error for people."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from lockwright.errors import FileNotWritten, reason_of
from lockwright.i18n import _


@contextmanager
def refusal_told(file: Path) -> Iterator[None]:
    """Tell what goes wrong in the block of a file that is written or removed there.

    Raises:
        FileNotWritten: the system refused it.
    """
    try:
        yield
    except FileExistsError:
        raise FileNotWritten(file=str(file), reason=_("it exists already")) from None
    except OSError as error:
        raise FileNotWritten(file=str(file), reason=reason_of(error)) from error

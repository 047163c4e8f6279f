"""Whether a new file can be made, asked before the work whose result it is to hold."""

from __future__ import annotations

import errno
import tempfile
from contextlib import suppress
from pathlib import Path

from lockwright.errors import FileNotWritten, reason_of
from lockwright.files import rights
from lockwright.i18n import _


def check(file: Path) -> None:
    """See that there is nothing of that name and that its folder takes a file; none is left there.

    Nor may just anybody be able to put another in its place.

    Raises:
        FileNotWritten: either is not the case.
    """
    try:
        with suppress(FileNotFoundError):
            file.lstat()
            raise FileExistsError(errno.EEXIST, "")
        rights.check_place(file)
        with tempfile.TemporaryFile(dir=file.parent):
            return
    except (FileNotFoundError, NotADirectoryError):
        reason = _("its folder is not there")
    except PermissionError:
        reason = _("its folder takes no files")
    except (OSError, ValueError) as error:
        reason = reason_of(error)
    raise FileNotWritten(file=str(file), reason=reason)

"""Every error lockwright raises, as one tree.

Each has a stable ``code`` for programs, an ``exit_code`` per class for shells, and three sentences
for people: what happened (``message``), what it cost (``cost``) and what to do next (``advice``).
An error carries facts, never a finished sentence, so that it can be told in any language; the
host's wire carries it as code and facts.

``lockwright.errors.base`` draws the tree. Each family is a file, and what its ``__all__`` names is
handed out here.
"""

from __future__ import annotations

from lockwright.errors import (
    base,
    ca,
    ca_way,
    content,
    device,
    enrolment,
    help_desk,
    inputs,
    line,
    pins,
    reasons,
    remote,
    selection,
    trail,
)
from lockwright.errors.base import *
from lockwright.errors.ca import *
from lockwright.errors.ca_way import *
from lockwright.errors.content import *
from lockwright.errors.device import *
from lockwright.errors.enrolment import *
from lockwright.errors.help_desk import *
from lockwright.errors.inputs import *
from lockwright.errors.line import *
from lockwright.errors.pins import *
from lockwright.errors.reasons import *
from lockwright.errors.remote import *
from lockwright.errors.selection import *
from lockwright.errors.trail import *

__all__: list[str] = []
__all__ += base.__all__
__all__ += ca.__all__
__all__ += ca_way.__all__
__all__ += content.__all__
__all__ += device.__all__
__all__ += enrolment.__all__
__all__ += help_desk.__all__
__all__ += inputs.__all__
__all__ += line.__all__
__all__ += pins.__all__
__all__ += reasons.__all__
__all__ += remote.__all__
__all__ += selection.__all__
__all__ += trail.__all__

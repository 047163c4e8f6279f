"""Has every table known: they are, once their modules are imported."""

from __future__ import annotations

from lockwright_desk.store.tables import cases, enrolment, line, register, signin, tries
from lockwright_desk.store.tables.base import Row

MODULES = (cases, enrolment, line, register, signin, tries)
METADATA = Row.metadata

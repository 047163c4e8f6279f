"""The kill test of an enrolment: end it anywhere, then go on or undo, and look what is left."""

from __future__ import annotations

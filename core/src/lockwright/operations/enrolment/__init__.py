"""Enrolment: by hand, or with a CA from the order to the proved certificate."""

from __future__ import annotations

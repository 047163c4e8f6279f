"""An audit file of a test's own."""

from __future__ import annotations

from pathlib import Path

import pytest
from lockwright.audit import AuditTrail


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "state" / "audit.jsonl"


@pytest.fixture
def trail(file: Path) -> AuditTrail:
    return AuditTrail(file)


@pytest.fixture
def five(trail: AuditTrail, file: Path) -> Path:
    """A file with five lines."""
    for number in range(5):
        trail.append({"event": "test", "number": number})
    return file

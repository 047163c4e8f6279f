"""What the tests of real modules share."""

from __future__ import annotations

import pytest
from real_module import Fault


@pytest.fixture
def fault(monkeypatch: pytest.MonkeyPatch) -> Fault:
    """Faults of a module."""
    return Fault(monkeypatch)

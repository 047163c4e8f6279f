"""Property tests are judged by what they find, not by how busy the machine is."""

from __future__ import annotations

import time

from hypothesis import given, settings
from hypothesis import strategies as st


@settings(max_examples=2)
@given(st.integers())
def test_a_property_test_passes_when_the_disk_is_slow(number: int) -> None:
    time.sleep(0.3)

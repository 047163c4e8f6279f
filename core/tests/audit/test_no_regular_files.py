"""What stands where the trail or its head belongs and is no file keeps nobody waiting.

Whoever shares the trail's folder can put it there.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from lockwright.audit import AuditTrail, verify
from lockwright.errors import AuditBroken, AuditUnreadable, AuditUnwritable

IN_PLACE: dict[str, Callable[[Path], object]] = {
    "a pipe": os.mkfifo,
    "a device without an end": lambda place: place.symlink_to("/dev/zero"),
    "a folder": os.mkdir,
}
pytestmark = pytest.mark.timeout(20)


@pytest.fixture(params=IN_PLACE.values(), ids=list(IN_PLACE))
def put(request: pytest.FixtureRequest) -> Callable[[Path], None]:
    def in_place_of(place: Path) -> None:
        place.unlink()
        request.param(place)

    return in_place_of


def test_a_head_that_is_no_file_is_told_and_not_waited_for(
    five: Path, trail: AuditTrail, put: Callable[[Path], None]
) -> None:
    before = five.read_bytes()
    put(five.with_name("audit.jsonl.head"))
    with pytest.raises(AuditUnwritable, match=r"its head .* cannot be read"):
        trail.append({"event": "test"})
    with pytest.raises(AuditUnreadable, match=r"audit\.jsonl\.head"):
        verify(five)
    assert five.read_bytes() == before


def test_a_trail_that_is_no_file_is_told_and_not_waited_for(
    five: Path, trail: AuditTrail, put: Callable[[Path], None]
) -> None:
    put(five)
    with pytest.raises(AuditUnwritable):
        trail.append({"event": "test"})
    with pytest.raises(AuditUnreadable):
        verify(five)


def test_a_head_of_any_length_is_read_no_further_than_a_head_can_be(five: Path) -> None:
    with five.with_name("audit.jsonl.head").open("r+b") as head:
        head.truncate(1 << 40)
    with pytest.raises(AuditBroken, match="gone or damaged"):
        verify(five)

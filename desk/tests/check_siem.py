"""10,000 records through Debian's rsyslog and syslog-ng, away at first and killed in the middle.

No part of the usual run: ``make siem`` fetches both.
"""

from __future__ import annotations

import shutil
import signal
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from real_collectors import RealCollector, keys_for
from siem_home import Sending

RECORDS = 10_000


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder that another account comes to, unlike that of pytest."""
    made = Path(tempfile.mkdtemp(prefix="siem-"))
    made.chmod(0o755)
    yield made
    shutil.rmtree(made)


@pytest.fixture(params=["rsyslog", "rsyslog-gtls", "rsyslog-relp", "syslog-ng"])
def collector(request: pytest.FixtureRequest, folder: Path) -> Iterator[RealCollector]:
    made = RealCollector(keys_for(folder), request.param)
    yield made
    if made.process is not None and made.process.poll() is None:
        made.end(signal.SIGKILL)


@pytest.fixture(params=["json", "cef"])
def sending(request: pytest.FixtureRequest, tmp_path: Path, collector: RealCollector) -> Sending:
    table = collector.keys.table(
        collector.port,
        relp=collector.relp,
        body=request.param,
        settled_seconds=2,
        receipt_seconds=1,
    )
    return Sending(tmp_path, table)


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM])
def test_all_arrive_each_with_its_number(
    sending: Sending, collector: RealCollector, how: signal.Signals
) -> None:
    sending.add(RECORDS // 2, client='Анна "А" | =\\')
    sender = sending.home.start("siem", "send", "--follow")
    time.sleep(1)
    begun = time.monotonic()
    for part in (5, 2):
        collector.start()
        collector.wait(RECORDS // part)
        collector.end(how)
    collector.start()
    while sending.home.run("siem", "status", "--json").document["unsent"]:
        time.sleep(0.2)
    seconds = time.monotonic() - begun
    sender.send_signal(signal.SIGTERM)
    assert sender.wait(60) == 0
    collector.end(signal.SIGTERM)

    found = collector.numbers()
    print(  # noqa: T201  # the figures are what it is run for
        f"\n{collector.kind} {how.name}: {len(found)} of {RECORDS} there,"
        f" {found.total() - len(found)} twice, {seconds:.1f} s"
    )
    assert found.keys() == set(range(1, RECORDS + 1))


def test_a_record_that_is_too_long_comes_in_parts_that_are_whole(
    sending: Sending, collector: RealCollector
) -> None:
    sending.add(1, note="Ж" * 10_000)
    collector.start()
    assert sending.home.run("siem", "send").code == 0
    collector.end(signal.SIGTERM)

    lines = collector.out.read_text(encoding="utf-8").splitlines()
    assert len(lines) > 10
    assert all(' part=\\"' in line for line in lines[:-1])
    assert collector.out.read_text(encoding="utf-8").count("Ж") == 10_000

"""What a bank's own client says of renewals, or leaves unsaid."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from lasting import holding, issued
from lockwright.calls.authorities import CaCalls
from lockwright.config import CaSettings, Config
from lockwright.contract.markers import hookimpl
from lockwright.models import CaRequirements, RenewalInfo
from lockwright.operations.enrolment.authorities import Authorities
from lockwright.operations.enrolment.due import Prospect, Why
from lockwright.operations.enrolment.renewals import Renewals
from lockwright_testkit.pki import TestCa, pem

DAY = timedelta(days=1)
NOON = datetime(2030, 1, 1, 12, tzinfo=UTC)


class Portal:
    """A bank's own client, as far as it goes here."""

    def __init__(self, info: RenewalInfo | None = None) -> None:
        self._info = info

    @hookimpl
    def lockwright_ca_renewal_info(self) -> RenewalInfo | None:
        return self._info


class Silent:
    """A client from before there was such a hook."""

    @hookimpl
    def lockwright_ca_requirements(self) -> CaRequirements:
        return CaRequirements()


def of_client(client: object, ca: TestCa, folder: Path) -> Prospect:
    """What a client of one's own tells of a certificate that ends in ten days."""
    (folder / "ca.pem").write_bytes(pem(ca.certificate))
    bank = CaSettings(kind="portal", trust=(folder / "ca.pem",))
    config = Config(authorities={"bank": bank}, audit=None, journal=folder / "journal")
    calls = CaCalls(lambda _kind: client, [])
    renewals = Renewals(config, calls, Authorities(config, calls))
    (found,) = renewals.asked(holding(issued(ca)))
    return found


def test_a_client_of_ones_own_may_tell_it_or_have_no_such_hook(ca: TestCa, tmp_path: Path) -> None:
    now = datetime.now(UTC)
    late = RenewalInfo(now - DAY / 2, now - DAY / 4, now + 900 * DAY)
    told, silent = of_client(Portal(late), ca, tmp_path), of_client(Silent(), ca, tmp_path)

    assert (told.why, silent.why, silent.problem) == (Why.CA, Why.DAYS, None)
    assert told.heard is not None
    assert told.heard.again - told.heard.asked <= DAY


@pytest.mark.parametrize(
    "odd",
    [
        RenewalInfo(datetime(2030, 1, 1), datetime(2031, 1, 1), datetime(2030, 1, 1)),  # noqa: DTZ001  # that is what is odd
        RenewalInfo(NOON, NOON, NOON),
        "tomorrow",
    ],
    ids=["zoneless", "empty", "text"],
)
def test_what_a_client_answers_that_cannot_be_meant_leaves_the_banks_days(
    ca: TestCa, tmp_path: Path, odd: Any
) -> None:
    found = of_client(Portal(odd), ca, tmp_path)

    assert (found.why, found.heard) == (Why.DAYS, None)
    assert found.problem is not None

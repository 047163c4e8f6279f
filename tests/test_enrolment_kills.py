"""An enrolment that is killed anywhere ends, gone on with or undone, as if nothing had happened.

This is a sample; ``make sweep ARGS="-k kills"`` kills everywhere and on every personality.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from lockwright_testkit.bank import SOFTHSM
from lockwright_testkit.kills.cases import Case, Moment, Sent, Way, Wire
from lockwright_testkit.kills.drivers import Crew
from lockwright_testkit.kills.soft_bench import FILE, SYSTEM, SoftBench
from lockwright_testkit.kills.token_bench import Bench

SAMPLE = 4
"""How many of the hundreds of places are taken, from the journal's first to the module's last."""
EVERY_OTHER = 32
"""Outside a token every so many of the places is taken."""


@pytest.fixture(scope="module")
def crew() -> Iterator[Crew]:
    with Crew(1) as made:
        yield made


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory, crew: Crew) -> Iterator[Bench]:
    with Bench(tmp_path_factory.mktemp("kills"), "plain", crew, settings=SOFTHSM) as made:
        yield made


@pytest.mark.parametrize("way", list(Way))
def test_killed_here_and_there_nothing_is_lost_and_nothing_left(bench: Bench, way: Way) -> None:
    cases = bench.cases(way)
    assert bench.run(cases[:: len(cases) // SAMPLE]) == []


@pytest.mark.parametrize(
    ("wire", "way", "sent"),
    [
        (Wire.CMP, Way.EXCHANGING, Sent.ORDER),
        (Wire.CMP, Way.REPLACING, Sent.CONFIRMATION),
        (Wire.IR, Way.BESIDE, Sent.CONFIRMATION),
        (Wire.POLLED, Way.EXCHANGING, Sent.AGAIN),
        (Wire.LATE, Way.BESIDE, Sent.AGAIN),
    ],
)
def test_killed_while_the_ca_is_asked_or_told(
    tmp_path: Path, crew: Crew, wire: Wire, way: Way, sent: Sent
) -> None:
    with Bench(tmp_path, "plain", crew, wire=wire, settings=SOFTHSM) as bench:
        both = [Case(way, sent=sent, moment=each) for each in (Moment.BEFORE, Moment.AFTER)]
        assert bench.run(both) == []


@pytest.mark.parametrize("moment", list(Moment))
def test_killed_when_the_ca_has_answered_and_the_journal_does_not_know_it(
    bench: Bench, moment: Moment
) -> None:
    """The same request is sent again, and the CA gives the same certificate."""
    writing = next(case for case in bench.cases(Way.REPLACING) if case.step == "writing")
    killed = Case(Way.REPLACING, record=writing.record, step=writing.step, moment=moment)
    assert bench.run([killed]) == []


@pytest.mark.parametrize("way", [Way.BESIDE, Way.RENEWING])
@pytest.mark.parametrize("moment", [Moment.BEFORE, Moment.AFTER])
def test_killed_while_the_ca_issues_or_does_not(bench: Bench, way: Way, moment: Moment) -> None:
    assert bench.run([Case(way, sent=Sent.ORDER, moment=moment)]) == []


@pytest.mark.parametrize("function", ["C_GenerateKeyPair", "C_CreateObject", "C_DestroyObject"])
def test_killed_when_the_token_was_just_changed(bench: Bench, function: str) -> None:
    assert bench.run([Case(Way.REPLACING, fault=f"{function}@1=after:kill")]) == []


@pytest.mark.parametrize(
    "personality", ["etoken", "etoken-idprime", "jacarta-pki", "jacarta-pro", "jacarta-gost2"]
)
def test_killed_in_a_renewal_and_before_the_proof_on_a_vendors_token(
    tmp_path: Path, crew: Crew, personality: str
) -> None:
    """Over CMP, where the old key signs for the new one."""
    cases = [
        Case(Way.REPLACING, fault="C_CreateObject@1=after:kill"),
        Case(Way.EXCHANGING, sent=Sent.CONFIRMATION),
    ]
    with Bench(tmp_path, personality, crew, wire=Wire.CMP) as bench:
        assert bench.run(cases) == []


@pytest.mark.parametrize("kind", [FILE, SYSTEM])
def test_killed_here_and_there_outside_a_token_it_is_the_same(
    tmp_path: Path, crew: Crew, kind: str
) -> None:
    with SoftBench(tmp_path, kind, crew) as bench:
        sample = list(bench.cases())[::EVERY_OTHER]
        assert len(sample) > 3
        assert bench.run(sample) == []

"""A token for each entry of the corpus, and a screen to look at it."""

from __future__ import annotations

from pathlib import Path

import pytest
from corpus_token import CorpusToken, Makers, soft_copy, soft_template
from lockwright_testkit.sim.fixtures import SimulatorFactory
from lockwright_testkit.softhsm import SoftHSM


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> SoftHSM:
    return soft_template(tmp_path_factory.mktemp("corpus"))


@pytest.fixture
def makers(
    template: SoftHSM, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, sim: SimulatorFactory
) -> Makers:
    def soft() -> CorpusToken:
        made, token = soft_copy(template, tmp_path)
        for name, value in made.environment.items():
            monkeypatch.setenv(name, value)
        return token

    return Makers(soft, sim)

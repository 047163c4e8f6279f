"""Desks with all of their pages."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from forger import more
from page_desk import PageDesk
from sign_in_desk import Clock


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PageDesk]:
    """A desk with its pages; a module shares it, so each test takes tokens of its own.

    People may sign in at the bank's own sign-in, which never answers.
    """
    folder = tmp_path_factory.mktemp("pages")
    url, bank = f"sqlite:///{folder / 'desk.db'}", more("http://127.0.0.1:1")
    made = PageDesk(folder, url, Clock(), more=bank)
    with closing(made.database):
        yield made


@pytest.fixture
def page_desk(tmp_path: Path) -> Iterator[PageDesk]:
    """One of the test's own."""
    made = PageDesk(tmp_path, f"sqlite:///{tmp_path / 'desk.db'}", Clock())
    with closing(made.database):
        yield made

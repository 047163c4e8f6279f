"""A whole help desk and a Chromium before it; the tests here are those of ``make browser``.

What drives a browser is imported by them alone: the default run collects this folder, too.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from chromium import Window
    from whole_desk import WholeDesk


@pytest.fixture(scope="session")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Iterator[WholeDesk]:
    """The desk, which serves; tests share it."""
    from whole_desk import whole_desk  # noqa: PLC0415

    made = whole_desk(tmp_path_factory.mktemp("whole"))
    with made.serving() as made.server:
        yield made


@pytest.fixture(params=["en", "ru"])
def language(request: pytest.FixtureRequest) -> str:
    """The language of the browser."""
    return str(request.param)


@pytest.fixture
def window(whole: WholeDesk, tmp_path: Path, language: str) -> Iterator[Window]:
    """A Chromium with a security key; its console has to stay empty."""
    from chromium import Window, chromium  # noqa: PLC0415

    with chromium(tmp_path, whole.home.ca, language) as driver:
        window = Window(driver, whole.origin)
        window.add_passkey()
        yield window
        assert window.console == []

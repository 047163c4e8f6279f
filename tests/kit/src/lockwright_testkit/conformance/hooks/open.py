from __future__ import annotations

from pathlib import Path

import pytest
from lockwright.errors import ModuleNotLoadable

from lockwright_testkit.conformance.bench import opened
from lockwright_testkit.conformance.hook_caller import Caller
from lockwright_testkit.conformance.subject import Subject


class OpenTests:
    """``lockwright_open``."""

    def test_a_module_opens_and_shows_its_token(self, subject: Subject) -> None:
        with opened(subject) as bench:
            assert bench.module.path == subject.module
            assert bench.module.info().path == subject.module

    def test_a_module_opens_again_once_it_is_closed(self, subject: Subject) -> None:
        for _ in range(2):
            with opened(subject) as bench:
                assert bench.module.slots()

    def test_what_is_no_module_is_not_loadable(self, subject: Subject, tmp_path: Path) -> None:
        """An error of the tree, not whatever the binding raises."""
        text = tmp_path / "module.so"
        text.write_text("no shared library")
        for path in (text, tmp_path / "missing.so"):
            with pytest.raises(ModuleNotLoadable):
                Caller(subject.adapter).one("open", object, path=path, settings=subject.settings)

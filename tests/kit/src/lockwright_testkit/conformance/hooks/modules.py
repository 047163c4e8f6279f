from __future__ import annotations

from pathlib import Path

from lockwright_testkit.conformance.hook_caller import Caller
from lockwright_testkit.conformance.subject import Subject


class ModulesTests:
    """``lockwright_modules``."""

    def test_known_modules_are_absolute_paths(self, subject: Subject) -> None:
        """Nothing is loaded from the current folder or a search path."""
        known = Caller(subject.adapter).several("modules", Path, settings={})
        foreign = [path for path in known if not (path.is_absolute() or _of_windows(path))]
        assert foreign == []


def _of_windows(path: Path) -> bool:
    return str(path)[1:3] == ":\\"

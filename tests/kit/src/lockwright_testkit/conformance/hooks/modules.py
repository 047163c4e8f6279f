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

    def test_modules_of_the_configuration_come_as_they_stand(self, subject: Subject) -> None:
        """What a person named is preferred in the order in which it was written."""
        named = ["/opt/second/b.so", "/opt/first/a.so"]
        settings = {**subject.settings, "modules": named}
        known = Caller(subject.adapter).several("modules", Path, settings=settings)
        assert list(known) == [Path(each) for each in named]


def _of_windows(path: Path) -> bool:
    return str(path)[1:3] == ":\\"

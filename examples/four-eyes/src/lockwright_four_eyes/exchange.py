"""The folder in which requests and consents are exchanged, each a file.

Nothing in it is trusted but for its signature. A consent is used up by a file of its name that can
be made only once.
"""

from __future__ import annotations

import json
import os
import re
import secrets
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

from lockwright.files import durable

from lockwright_four_eyes.consent import Consent
from lockwright_four_eyes.subject import Subject

_ID = re.compile(r"[0-9a-f]{16}")
_MOST = 64 * 1024
_SHARED = 0o640


class Exchange:
    """The folder.

    Args:
        folder: an existing folder, in which both persons may make files.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def ask(self, subject: Subject) -> None:
        """Write down what is asked for."""
        self._write(f"{subject['id']}.asked", subject)

    def answer(self, consent: Consent) -> None:
        """Write a consent down."""
        self._write(f"{consent.subject['id']}.consent", asdict(consent))

    def waiting(self) -> Iterator[Subject]:
        """What was asked for and has no consent, the oldest first."""
        found = list(self._all("asked"))
        for subject in sorted(found, key=lambda each: str(each.get("asked_at"))):
            if not (self._folder / f"{subject['id']}.consent").exists():
                yield subject

    def consents(self) -> Iterator[Consent]:
        """Every consent that was not used."""
        for content in self._all("consent"):
            fields = (content.get(name) for name in ("approver", "approved_at", "signature"))
            consent = Consent(content["subject"], *map(str, fields))
            if not self._used(consent).exists():
                yield consent

    def use_up(self, consent: Consent) -> bool:
        """Make sure that a consent is not used again; False if somebody else just did."""
        try:
            fd = os.open(self._used(consent), os.O_CREAT | os.O_EXCL | os.O_WRONLY, _SHARED)
        except FileExistsError:
            return False
        os.fsync(fd)
        os.close(fd)
        durable.sync(self._folder)
        return True

    def _used(self, consent: Consent) -> Path:
        return self._folder / f"{consent.subject['id']}.used"

    def _all(self, kind: str) -> Iterator[dict[str, Any]]:
        """Every file of a kind that can be read; who may write here may write anything."""
        # glob finds nothing in a folder that is gone, which is not an empty one.
        for file in [each for each in self._folder.iterdir() if each.suffix == f".{kind}"]:
            try:
                with file.open("rb") as opened:
                    content = json.loads(opened.read(_MOST))
            except (OSError, ValueError, RecursionError):
                continue
            if _is_of(content if kind == "asked" else _within(content), file.stem):
                yield content

    def _write(self, name: str, content: object) -> None:
        file = self._folder / name
        draft = file.with_suffix(f".{secrets.token_hex(4)}")
        fd = os.open(draft, os.O_CREAT | os.O_EXCL | os.O_WRONLY, _SHARED)
        os.fchmod(fd, _SHARED)  # whatever the umask: the other person is to read it
        with os.fdopen(fd, "w", encoding="utf-8") as opened:
            json.dump(content, opened, ensure_ascii=False, indent=1)
        draft.replace(file)


def _within(content: object) -> object:
    return content.get("subject") if isinstance(content, dict) else None


def _is_of(subject: object, name: str) -> bool:
    """Whether it is what was asked for under a name, with all that is shown of it."""
    if not isinstance(subject, dict) or not _ID.fullmatch(name) or subject.get("id") != name:
        return False
    by, token, goes = (subject.get(part) for part in ("asked_by", "token", "goes"))
    return (
        _has_texts(subject, "operation", "asked_at")
        and _has_texts(by, "user", "host")
        and _has_texts(token, "serial", "model")
        and isinstance(subject.get("facts"), dict)
        and isinstance(subject.get("plan"), str | None)
        and isinstance(goes, list)
        and all(_has_texts(each, "ref") for each in goes)
    )


def _has_texts(content: object, *names: str) -> bool:
    return isinstance(content, dict) and all(isinstance(content.get(name), str) for name in names)

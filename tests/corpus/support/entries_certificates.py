"""Entries of the corpus: certificates that a strict reader refuses, or that people misread."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from corpus_entry import CERTIFICATE, Entry
from corpus_token import CorpusToken

FILES = Path(__file__).parents[1] / "certificates"


def stored(der: bytes, label: str) -> Callable[[CorpusToken], None]:
    return lambda token: token.certificate(der, label=label)


def file(name: str, *shown: str) -> Entry:
    """A certificate that was kept in a file."""
    return Entry(
        name=name,
        made="by hand",
        fill=stored((FILES / f"{name}.der").read_bytes(), name),
        english=shown,
        russian=shown,
        deletes={name: CERTIFICATE},
    )


ENTRIES: Sequence[Entry] = (file("inn-snils", "2040-01-01"),)

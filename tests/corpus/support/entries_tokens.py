"""Entries of the corpus: odd tokens."""

from __future__ import annotations

from collections.abc import Sequence

from corpus_entry import Entry

ENTRIES: Sequence[Entry] = ()

"""All entries of the corpus."""

from __future__ import annotations

from collections.abc import Sequence

import entries_certificates
import entries_keys
import entries_objects
import entries_tokens
import entries_tools
from corpus_entry import Entry

ENTRIES: Sequence[Entry] = (
    *entries_certificates.ENTRIES,
    *entries_keys.ENTRIES,
    *entries_objects.ENTRIES,
    *entries_tokens.ENTRIES,
    *entries_tools.ENTRIES,
)

"""The audit trail: who did what to which token, in a file that shows when it was tampered with.

One JSON object a line in the canonical form of RFC 8785. Each line holds the SHA-256 of the line
before it, so a line that is changed, dropped, inserted or moved breaks the chain. A file beside
it (``audit.jsonl.head``) holds number and hash of the last line, so lines cut off at the end are
missed too. The chain has no key: anyone who may write both files can write a whole new history, and
against that only a copy elsewhere helps.
"""

from __future__ import annotations

from lockwright.audit.group_commit import GroupCommit
from lockwright.audit.plugin import AuditPlugin
from lockwright.audit.trail import AuditTrail
from lockwright.audit.verification import AuditSummary, Unfinished, verify, verify_since

__all__ = [
    "AuditPlugin",
    "AuditSummary",
    "AuditTrail",
    "GroupCommit",
    "Unfinished",
    "verify",
    "verify_since",
]

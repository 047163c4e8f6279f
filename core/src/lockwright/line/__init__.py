"""The line to the bank's help desk: a Request goes there, the sealed Response comes back."""

from __future__ import annotations

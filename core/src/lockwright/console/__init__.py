"""What every command of ours needs, whichever program it belongs to."""

from __future__ import annotations

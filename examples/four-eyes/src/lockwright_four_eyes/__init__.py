"""Four eyes: what destroys or unblocks is done only with a second person's signature.

Which hooks these are says the contract of lockwright (``Declared.destroys`` and ``unblocks``), so
one that comes later is guarded as well.
"""

from __future__ import annotations

from lockwright_four_eyes.guard import FourEyes
from lockwright_four_eyes.settings import settings_file

plugin = FourEyes(settings_file())
"""What the entry point names."""

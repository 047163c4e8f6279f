"""A ticket check: what destroys or unblocks is done only under the number of a ticket.

Which hooks these are says the contract of lockwright (``Declared.destroys`` and ``unblocks``).
"""

from __future__ import annotations

from lockwright_ticket.check import TicketCheck
from lockwright_ticket.settings import settings_file

plugin = TicketCheck(settings_file())
"""What the entry point names."""

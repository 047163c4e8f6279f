"""A copy for the SIEM: what became of each operation, as syslog or JSON, to a collector of logs.

The audit trail stays what counts; this is a copy of what it says, which no operation waits for
longer than is set.
"""

from __future__ import annotations

from lockwright_siem_copy.copy import SiemCopy
from lockwright_siem_copy.settings import settings_file

plugin = SiemCopy(settings_file())
"""What the entry point names."""

"""Every page that wants somebody who is signed in."""

from __future__ import annotations

from lockwright_desk.web.pages import (
    alerts,
    audit,
    case,
    finding,
    keys,
    operators,
    queue,
    statistics,
)

PAGES = (
    *queue.PAGES,
    *finding.PAGES,
    *case.PAGES,
    *alerts.PAGES,
    *statistics.PAGES,
    *audit.PAGES,
    *keys.PAGES,
    *operators.PAGES,
)

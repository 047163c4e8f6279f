"""Whether a page is for everybody: axe finds nothing, in both colours; 200 % cuts nothing.

The pictures of each page are left in ``build/pages`` to be looked at.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from chromium import SIZE, Window

BUILD = Path(__file__).parents[4] / "build"
AXE = BUILD / "browser" / "node_modules" / "axe-core" / "axe.min.js"
PICTURES = BUILD / "pages"
_RUN = """
axe.run().then((found) => arguments[0](found.violations), (error) => arguments[0](String(error)));
"""
_CUT = """
const cut = [];
for (const element of document.querySelectorAll("main *, header *")) {
  const style = getComputedStyle(element);
  const seen = element.getClientRects().length && !element.closest(".unseen, svg");
  const room = element.clientWidth;
  if (seen && room > 1 && style.overflowX !== "visible" && element.scrollWidth > room + 1) {
    cut.push(element.outerHTML.slice(0, 120));
  }
}
if (document.documentElement.scrollWidth > document.documentElement.clientWidth) {
  cut.push("the page is wider than its window");
}
return cut;
"""


def check(window: Window, name: str) -> None:
    """Look at a page in both colours and at 200 %."""
    window.driver.execute_script(AXE.read_text(encoding="utf-8"))
    for dark in (False, True):
        window.colours(dark=dark)
        found = window.driver.execute_async_script(_RUN)
        assert list(_told(found)) == [], f"{name}, {'dark' if dark else 'light'}"
    PICTURES.mkdir(parents=True, exist_ok=True)
    window.look(PICTURES / f"{name}-dark.png", dark=True)
    window.look(PICTURES / f"{name}.png")
    half = {"width": SIZE[0] // 2, "height": 800, "deviceScaleFactor": 2, "mobile": False}
    window.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", half)
    assert window.driver.execute_script(_CUT) == [], f"{name} at 200 %"
    window.driver.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})
    window.look(PICTURES / f"{name}-200.png", width=SIZE[0] // 2, scale=2)


def _told(violations: Any) -> Iterator[str]:
    if isinstance(violations, str):
        yield violations
        return
    for each in violations:
        for node in each["nodes"]:
            yield f"{each['id']}: {node['html'][:160]} {node['failureSummary'][:200]}"

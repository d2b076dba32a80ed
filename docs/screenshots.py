"""Takes the pictures of docs/reports.md anew, from real reports on the sample logs: `python docs/screenshots.py`.

It needs Chromium with its chromedriver, and selenium (`pip install -e '.[dev]'`).
"""

from __future__ import annotations

import io
import os
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

import logsleuth  # noqa: E402
from logsleuth.report import terminal  # noqa: E402
from logsleuth.report.render import render  # noqa: E402
from tests.report.browser import chromium, medium, visit  # noqa: E402

if TYPE_CHECKING:
    from selenium.webdriver import Chrome

IMAGES = ROOT / "docs" / "images"
SAMPLE = "sample_logs/stale-egg-24.log"
SEVERAL = ("sample_logs/crash-prefork.log", SAMPLE)


def main() -> None:
    """Write all pictures."""
    os.chdir(ROOT)  # reports name paths as they were given
    report = logsleuth.analyze([SAMPLE], tz="UTC", command=f"logsleuth analyze --tz UTC {SAMPLE} -o report.html")
    with chromium() as browser, tempfile.TemporaryDirectory() as folder:
        page = Path(folder) / "report.html"
        page.write_text(render(report, "html"))
        take(browser, page, "html-first-screen", 1180, 620)
        take(
            browser,
            page,
            "html-timeline-dark",
            1180,
            800,
            "scrollTo(0, document.querySelector('.chart').offsetTop)",
            "dark",
        )
        several = Path(folder) / "several.html"
        several.write_text(render(logsleuth.analyze(SEVERAL, tz="UTC"), "html"))
        take(browser, several, "html-whole-log", 1180, 640)
        take(browser, page, "html-evidence", 1180, 560, "document.querySelector('.causes a.ref').click()")
        take(browser, terminal_page(report, Path(folder)), "terminal", 880, 549)


def terminal_page(report: logsleuth.Report, folder: Path) -> Path:
    """The first screen of the terminal, as a page."""
    console = Console(file=io.StringIO(), record=True, width=90, force_terminal=True, highlight=False, markup=False)
    for part in terminal.parts(report, full=False):
        console.print(part)
    page = folder / "terminal.html"
    page.write_text(
        console.export_html(inline_styles=True).replace("line-height:normal", "line-height:1.25;font-size:14px")
    )
    return page


def take(
    browser: Chrome, page: Path, name: str, width: int, height: int, script: str = "", scheme: str = "light"
) -> None:
    """One picture of the top of a page, or of what a script brings into view."""
    browser.execute_cdp_cmd("Emulation.setScrollbarsHidden", {"hidden": True})
    visit(browser, page)
    medium(browser, prefers_color_scheme=scheme)
    size = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": False}
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
    browser.execute_script(script or "scrollTo(0, 0)")
    browser.execute_async_script("setTimeout(arguments[0], 300)")
    browser.save_screenshot(str(IMAGES / f"{name}.png"))


if __name__ == "__main__":
    main()

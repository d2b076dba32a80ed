"""A real Chromium without a window, for the tests of the HTML page."""

from __future__ import annotations

import json
import shutil
import tempfile
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from selenium.webdriver import Chrome

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FLAGS = (
    "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync",
    "--disable-background-networking", "--disable-component-update", "--disable-dev-shm-usage", "--window-size=1280,1000",
    "--force-prefers-reduced-motion",
)  # fmt: skip


@contextmanager
def chromium() -> Iterator[Chrome]:
    """A browser with a profile of its own; the test is skipped where there is none."""
    binary, served = next(filter(None, map(shutil.which, NAMES)), None), shutil.which("chromedriver")
    if not binary or not served:
        pytest.skip("no Chromium with its chromedriver here (Debian: apt install chromium chromium-driver)")
    pytest.importorskip("selenium", reason="selenium is not installed (pip install -e '.[dev]')")
    from selenium.webdriver import Chrome
    from selenium.webdriver.chrome.options import Options
    from selenium.webdriver.chrome.service import Service

    options = Options()
    options.binary_location = binary
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        for flag in (*FLAGS, f"--user-data-dir={profile}"):
            options.add_argument(flag)
        browser = Chrome(options=options, service=Service(served))
        try:
            yield browser
        finally:
            browser.quit()


def visit(browser: Chrome, page: Path) -> None:
    """Open a page anew, in the default size, medium and colours, and forget what was logged before."""
    browser.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "", "features": []})
    browser.get("about:blank")
    complaints(browser)
    requests(browser)
    browser.get(page.as_uri())


def complaints(browser: Chrome) -> list[str]:
    """What the console says since this was last asked."""
    return [str(entry["message"]) for entry in browser.get_log("browser")]  # type: ignore[no-untyped-call]


def requests(browser: Chrome) -> list[str]:
    """The addresses of all that was asked for since this was last asked."""
    told: list[dict[str, Any]] = [
        json.loads(entry["message"])["message"]
        for entry in browser.get_log("performance")  # type: ignore[no-untyped-call]
    ]
    return [entry["params"]["request"]["url"] for entry in told if entry["method"] == "Network.requestWillBeSent"]


def width(browser: Chrome, pixels: int) -> None:
    """Make the window as wide as this."""
    size = {"width": pixels, "height": 900, "deviceScaleFactor": 1, "mobile": False}
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)


def soon(browser: Chrome, script: str, seconds: float = 30) -> None:
    """Wait until a script says yes; fail if it does not."""
    end = time.monotonic() + seconds
    while not browser.execute_script(script):
        assert time.monotonic() < end, script
        time.sleep(0.05)


def medium(browser: Chrome, name: str = "", **features: str) -> None:
    """Show the page on this medium, such as print, or to a reader of these preferences."""
    told = [{"name": feature.replace("_", "-"), "value": value} for feature, value in features.items()]
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": name, "features": told})

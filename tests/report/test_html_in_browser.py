"""The HTML page in a real Chromium: it shows, it acts, it fetches nothing, and no script of a log's runs."""

from __future__ import annotations

import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

import logsleuth
from logsleuth.report.render import render
from tests.fleet.fleets import in_folders
from tests.report.attacks import TEXTS, write
from tests.report.browser import chromium, complaints, medium, requests, soon, visit, width

if TYPE_CHECKING:
    from collections.abc import Iterator

    from selenium.webdriver import Chrome
    from selenium.webdriver.remote.webelement import WebElement

ROOT = Path(__file__).resolve().parent.parent.parent
HOSTILE_A_PAGE = 80


@pytest.fixture(scope="module")
def browser() -> Iterator[Chrome]:
    with chromium() as started:
        yield started


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("page") / "report.html"
    path.write_text(render(logsleuth.analyze([ROOT / "sample_logs" / "stale-egg-24.log"], tz="UTC"), "html"))
    return path


def find(browser: Chrome, selector: str) -> list[WebElement]:
    return browser.find_elements("css selector", selector)


def shown(browser: Chrome, selector: str) -> int:
    return int(
        run(
            browser,
            "return [...document.querySelectorAll(arguments[0])].filter((e) => e.checkVisibility()).length",
            selector,
        )
    )


def run(browser: Chrome, script: str, *arguments: Any) -> Any:  # noqa: ANN401 - whatever the script gives
    return browser.execute_script(script, *arguments)


def test_it_shows_without_a_complaint_and_asks_for_nothing_else(browser: Chrome, page: Path) -> None:
    visit(browser, page)
    assert run(browser, "return document.documentElement.dataset.ready") == "yes"
    assert shown(browser, ".plots canvas") == 3
    assert requests(browser) == [page.as_uri()]
    assert complaints(browser) == []


def test_the_first_screen_answers(browser: Chrome, page: Path) -> None:
    visit(browser, page)
    asked = [element.text for element in find(browser, ".answers dt")]
    assert asked == ["What failed", "When", "Since when", "Why", "Is it over?", "What now"]
    last = find(browser, ".overview")[0]
    assert last.location["y"] + last.size["height"] < 900
    assert all(element.text for element in find(browser, ".answers dd"))


def test_a_reference_opens_its_line_in_its_neighbourhood_and_esc_leads_back(browser: Chrome, page: Path) -> None:
    from selenium.webdriver.common.keys import Keys

    visit(browser, page)
    link = find(browser, ".moments a.ref")[0]
    line = run(browser, "return document.querySelector(arguments[0].hash).querySelector('code').textContent", link)
    link.click()
    assert find(browser, ".drawer .now code")[0].text.split() == line.split()
    assert len(find(browser, ".drawer li")) == 17
    assert shown(browser, ".drawer li") == 17
    browser.switch_to.active_element.send_keys(Keys.ARROW_RIGHT)
    assert find(browser, "#drawer-title")[0].text == "Evidence e2"
    browser.switch_to.active_element.send_keys(Keys.ESCAPE)
    assert shown(browser, ".drawer") == 0
    assert browser.switch_to.active_element == link


def test_every_reference_leads_to_a_line(browser: Chrome, page: Path) -> None:
    visit(browser, page)
    missing = "return [...document.querySelectorAll('a[href]')].filter(a => !document.querySelector(a.hash)).length"
    assert run(browser, missing) == 0
    assert run(browser, "return document.querySelectorAll('a.ref').length") > 20


@pytest.mark.parametrize("name", ["pid", "pattern", "severity"])
def test_filters_leave_what_they_name(name: str, browser: Chrome, page: Path) -> None:
    from selenium.webdriver.support.select import Select

    visit(browser, page)
    everything = shown(browser, ".cited")
    choice = Select(find(browser, f"[data-filter={name}]")[0])
    wanted = choice.options[1].get_attribute("value")
    choice.select_by_value(str(wanted))
    left = f"return [...document.querySelectorAll('[data-{name}]')].filter((e) => e.checkVisibility()).map((e) => e.dataset.{name})"
    assert set(run(browser, left)) == {wanted}
    assert 0 < shown(browser, ".cited") < everything
    find(browser, "[data-clear]")[0].click()
    assert shown(browser, ".cited") == everything


def test_the_timeline_zooms_by_button_by_key_and_by_mouse(browser: Chrome, page: Path) -> None:
    from selenium.webdriver import ActionChains

    visit(browser, page)
    status = find(browser, ".found")[0]
    find(browser, "[data-zoom=in]")[0].click()
    first = status.get_attribute("textContent")
    find(browser, ".plots")[0].send_keys("+")
    second = status.get_attribute("textContent")
    find(browser, "[data-zoom=all]")[0].click()
    whole = status.get_attribute("textContent")
    over = find(browser, ".rates .u-over")[0]
    ActionChains(browser).move_to_element_with_offset(over, -80, 30).click_and_hold().move_by_offset(
        160, 0
    ).release().perform()
    dragged = status.get_attribute("textContent")
    assert len({first, second, whole, dragged}) == 4
    assert all(str(text).startswith("Shown: ") for text in (first, second, whole, dragged))
    assert complaints(browser) == []


@pytest.fixture(scope="module")
def several(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A page with more than one incident."""
    path = tmp_path_factory.mktemp("several") / "report.html"
    logs = [ROOT / "sample_logs" / name for name in ("crash-prefork.log", "stale-egg-24.log")]
    report = logsleuth.analyze(logs, tz="UTC")
    assert len(report.incidents) > 1
    path.write_text(render(report, "html"))
    return path


def test_several_incidents_begin_with_a_list_and_the_whole_log_that_zooms(browser: Chrome, several: Path) -> None:
    visit(browser, several)
    listed = find(browser, ".incidents a")
    assert len(listed) == len(find(browser, "article.incident")) > 1
    before = run(browser, "return document.querySelector('#whole .found').textContent")
    find(browser, "#whole [data-zoom=in]")[0].click()
    assert run(browser, "return document.querySelector('#whole .found').textContent") != before
    listed[-1].click()
    soon(browser, "return document.querySelectorAll('article.incident:last-of-type .plots canvas').length > 0")
    assert complaints(browser) == []


@pytest.mark.parametrize("pixels", [360, 800, 1600])
def test_no_table_or_label_is_cut(pixels: int, browser: Chrome, several: Path) -> None:
    visit(browser, several)
    width(browser, pixels)
    soon(browser, f"return document.documentElement.scrollWidth <= {pixels}")
    wider = """return [...document.querySelectorAll('.incidents .scroll, .scroll.wide')]
        .filter((e) => e.scrollWidth > e.clientWidth + 1).map((e) => e.className)"""
    assert run(browser, wider) == []
    kinds = run(
        browser, "return [...document.querySelectorAll('article.incident .patterns li')].map((e) => e.textContent)"
    )
    assert kinds
    assert not any("…" in kind for kind in kinds)


def test_a_moments_mark_leads_to_its_row(browser: Chrome, page: Path) -> None:
    visit(browser, page)
    run(browser, "document.querySelectorAll('.marker')[2].click()")
    assert browser.switch_to.active_element.get_attribute("data-event") == "2"


def test_it_can_be_read_without_scripts(browser: Chrome, page: Path) -> None:
    browser.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": True})
    try:
        visit(browser, page)
        assert shown(browser, ".moments tbody tr") > 5
        assert shown(browser, ".chart") == 0
        assert shown(browser, ".context") == 0
        find(browser, ".around input")[0].click()
        assert shown(browser, ".context") > 20
    finally:
        browser.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": False})


@pytest.mark.parametrize("pixels", [320, 390, 800, 1900])
def test_no_width_needs_scrolling_sideways(pixels: int, browser: Chrome, page: Path) -> None:
    visit(browser, page)
    width(browser, pixels)
    # the pictures are drawn anew some frames later
    soon(browser, f"return document.documentElement.scrollWidth <= {pixels}")


CONTRAST = """
const paint = document.createElement('canvas').getContext('2d', {willReadFrequently: true});
const rgb = (colour) => { paint.clearRect(0, 0, 1, 1); paint.fillStyle = colour; paint.fillRect(0, 0, 1, 1);
  return [...paint.getImageData(0, 0, 1, 1).data]; };
const light = (colour) => { const [r, g, b] = rgb(colour).map((v) => (v /= 255) <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
  return 0.2126 * r + 0.7152 * g + 0.0722 * b; };
const ground = (e) => { for (; e; e = e.parentElement) { const c = getComputedStyle(e).backgroundColor; if (rgb(c)[3] === 255) return c; } return 'white'; };
const poor = [];
for (const e of document.querySelectorAll('body *')) {
  if (![...e.childNodes].some((n) => n.nodeType === 3 && n.textContent.trim()) || !e.checkVisibility() || e.closest('.unseen,.skip,dialog')) continue;
  const [a, b] = [light(getComputedStyle(e).color), light(ground(e))].sort((x, y) => y - x);
  if ((a + 0.05) / (b + 0.05) < 4.5) poor.push(e.className + ': ' + e.textContent.slice(0, 40));
}
return poor;
"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_all_text_stands_out_from_its_ground(scheme: str, browser: Chrome, page: Path) -> None:
    visit(browser, page)
    medium(browser, prefers_color_scheme=scheme)
    assert run(browser, CONTRAST) == []
    grounds = {"light": "rgb(255, 255, 255)", "dark": "rgb(20, 23, 27)"}
    assert run(browser, "return getComputedStyle(document.body).backgroundColor") == grounds[scheme]


def test_on_paper_it_is_light_and_without_controls(browser: Chrome, page: Path) -> None:
    visit(browser, page)
    medium(browser, "print", prefers_color_scheme="dark")
    assert run(browser, "return getComputedStyle(document.body).color") == "rgb(26, 29, 33)"
    assert shown(browser, ".tools, .theme, .around, .drawer, .readout") == 0
    assert len(browser.execute_cdp_cmd("Page.printToPDF", {})["data"]) > 10_000


@pytest.mark.parametrize("which", ["page", "several"])
def test_headings_landmarks_and_tables_are_named(which: str, browser: Chrome, request: pytest.FixtureRequest) -> None:
    visit(browser, request.getfixturevalue(which))
    levels = [int(e.tag_name[1]) for e in find(browser, "header h1, main h2, main h3, main h4")]
    assert levels[0] == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))
    assert {e.tag_name for e in find(browser, "header, main, footer, nav")} >= {"header", "main", "footer"}
    assert run(browser, "return [...document.querySelectorAll('th')].every((th) => th.scope)") is True
    unnamed = "return [...document.querySelectorAll('button, select, a')].filter((e) => !(e.textContent.trim() || e.ariaLabel)).length"
    assert run(browser, unnamed) == 0
    assert run(browser, "return document.documentElement.lang") == "en"


class Listener(BaseHTTPRequestHandler):
    """Counts who calls."""

    calls: list[str]

    def do_GET(self) -> None:
        self.calls.append(self.path)
        self.send_response(204)
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        """Nothing."""


def test_the_policy_lets_nothing_act_or_leave(browser: Chrome, page: Path) -> None:
    Listener.calls = []
    server = HTTPServer(("127.0.0.1", 0), Listener)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        visit(browser, page)
        address = f"http://127.0.0.1:{server.server_port}"
        run(
            browser,
            """const [address] = arguments;
            const add = (tag, more) => document.body.append(Object.assign(document.createElement(tag), more));
            add('script', {textContent: 'window.pwned = 1'});
            add('script', {src: address + '/script'});
            add('img', {src: address + '/img'});
            add('style', {textContent: 'body { outline: 9px solid rgb(1, 2, 3) }'});
            add('div', {innerHTML: '<img src=x onerror="window.pwned = 2"><b onclick="window.pwned = 3">x</b>'});
            document.querySelector('b[onclick]').click();
            fetch(address + '/fetch').catch(() => {});
            navigator.sendBeacon(address + '/beacon', 'x');""",
            address,
        )
        assert run(browser, "return new Promise((done) => setTimeout(() => done(window.pwned ?? 0), 300))") == 0
        assert run(browser, "return getComputedStyle(document.body).outlineColor") != "rgb(1, 2, 3)"
        assert Listener.calls == []
        assert any("Content Security Policy" in text for text in complaints(browser))
    finally:
        server.shutdown()
        server.server_close()


@pytest.mark.parametrize("batch", range(0, len(TEXTS), HOSTILE_A_PAGE))
def test_nothing_of_a_hostile_log_acts(batch: int, browser: Chrome, tmp_path: Path) -> None:
    texts = TEXTS[batch : batch + HOSTILE_A_PAGE]
    write(tmp_path, texts)
    report = logsleuth.analyze([tmp_path / "error.log"], tz="UTC", patterns=[tmp_path], command="logsleuth <b>x</b>")
    (tmp_path / "report.html").write_text(render(report, "html", redact="none"))
    visit(browser, tmp_path / "report.html")
    assert run(browser, "return document.documentElement.dataset.ready") == "yes"
    assert complaints(browser) == []
    assert requests(browser) == [(tmp_path / "report.html").as_uri()]
    strange = "img,iframe,object,embed,form,base,link,audio,video,math,template,a:not([href^='#']),meta[http-equiv=refresh],svg a"
    assert find(browser, strange) == []
    assert run(browser, "return document.scripts.length") == 3
    assert (
        run(
            browser,
            "return [...document.querySelectorAll('*')].flatMap((e) => e.getAttributeNames()).filter((n) => n.startsWith('on')).length",
        )
        == 0
    )
    told = "return document.querySelectorAll('.cited').length"
    assert run(browser, told) == sum(len(incident.evidence) for incident in report.incidents)


@pytest.fixture(scope="module")
def fleet_page(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("fleet")
    in_folders(root)
    path = root / "report.html"
    path.write_text(render(logsleuth.analyze([root], tz="UTC"), "html", redact="none"))
    return path


def test_a_host_s_own_report_is_one_key_away(browser: Chrome, fleet_page: Path) -> None:
    visit(browser, fleet_page)
    assert shown(browser, ".host > div") == 0
    (link,) = find(browser, ".hosts [data-host=web03] a.to-host")
    link.send_keys("\n")
    assert shown(browser, ".host[data-host=web03] > div") == 1
    assert shown(browser, ".host > div") == 1
    assert "bbcore-py3.11.egg" in find(browser, ".host[data-host=web03] > div")[0].text
    assert complaints(browser) == []


def test_hosts_are_filtered_by_name_and_by_whether_they_were_hit(browser: Chrome, fleet_page: Path) -> None:
    visit(browser, fleet_page)
    name, only_hit = find(browser, ".host-filter input")
    name.send_keys("WEB02")
    assert shown(browser, "details.host") == 1
    assert find(browser, ".host-filter [role=status]")[0].text == "1 found"
    name.clear()
    only_hit.send_keys(" ")
    assert shown(browser, "details.host") == 2
    assert shown(browser, ".hosts tbody tr") == 2

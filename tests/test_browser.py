"""The pages in a real browser: they fit a phone, work by keyboard, and a search leads to a claim."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from html import escape
from pathlib import Path
from typing import Any

import pytest

from kb import places
from kb.build import build
from kb.site.serving import serve_arguments
from kb.sources import text_directive

CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PAGES = [
    "/",
    "/-/search?q=blood+loss",
    "/-/search?q=spondylectmy+(loss&in=articles&sort=date",
    "/-/search?like=pmid-11224867",
    "/-/rules",
    "/-/rule/tes_by_type?surgical_type=7",
    "/-/rule/sins",
    "/-/article/pmid-11224867",
    "/-/articles",
    "/-/about",
    "/-/changes",
    "/-/queries",
    "/-/questions",
    "/-/question/survival_after_tes",
    "/-/question/less_blood_loss",
    "/-/recommend",
    "/-/recommend?surgical_type=7&level=L5",
    "/kb",
    "/kb/evidence_for_rule?rule=tes_by_type",
]


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    database = tmp_path_factory.mktemp("kb") / "kb.db"
    # An older build first, so that there is something that changed.
    build([str(places.sample() / "pubmed.xml")], database)
    build([str(places.sample())], database)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = subprocess.Popen(
        [
            sys.executable,
            "-m",
            "datasette",
            *serve_arguments(database, places.metadata(), "127.0.0.1", port),
        ],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    home = f"http://127.0.0.1:{port}"
    for _ in range(100):
        try:
            urllib.request.urlopen(home, timeout=2).close()
            break
        except OSError:
            time.sleep(0.2)
    yield home
    server.terminate()
    server.wait(10)


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    if not Path(CHROMIUM).exists():
        pytest.skip(f"no browser at {CHROMIUM} (set CHROMIUM)")
    playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    with playwright.sync_playwright() as running:
        chromium = running.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield chromium
        chromium.close()


@pytest.mark.parametrize("path", PAGES)
def test_page_fits_a_phone(browser: Any, address: str, path: str) -> None:
    page = browser.new_page(viewport={"width": 390, "height": 844})
    answer = page.goto(address + path)
    assert answer.status == 200
    assert page.evaluate("document.documentElement.scrollWidth") <= 390, path
    assert (
        page.evaluate("getComputedStyle(document.querySelector('body')).color") == "rgb(27, 36, 48)"
    ), "the stylesheet is applied"
    page.close()


@pytest.mark.parametrize("width", [1200, 390])
def test_pages_keep_the_rules_of_accessibility(browser: Any, address: str, width: int) -> None:
    """Axe's rules (WCAG 2): labels, contrast, names, landmarks, keyboard access."""
    axe = pytest.importorskip(
        "axe_playwright_python.sync_playwright", reason="axe is not installed"
    )
    context = browser.new_context(viewport={"width": width, "height": 844}, bypass_csp=True)
    page = context.new_page()
    found = {}
    for path in [*PAGES, "/kb/claims", "/kb/gaps?rule=", "/kb/measurements"]:
        page.goto(address + path)
        page.wait_for_load_state("load")
        wrong = axe.Axe().run(page).response["violations"]
        if wrong:
            found[path] = [(each["id"], each["nodes"][0]["html"][:80]) for each in wrong]
    context.close()
    assert not found


def test_a_search_leads_to_a_claim_and_its_source(browser: Any, address: str) -> None:
    page = browser.new_page()
    page.goto(address)
    page.fill("#home-q", "is TES recommended for type 7")
    page.keyboard.press("Enter")
    page.wait_for_selector("ol.hits li")
    page.click("ol.hits li .quote")
    page.wait_for_selector("blockquote")
    assert page.inner_text("h2") == "How it is meant"
    page.click("blockquote + p a")
    page.wait_for_selector("mark")
    assert "#s" in page.url
    page.close()


def test_a_rule_is_evaluated_by_its_form(browser: Any, address: str) -> None:
    page = browser.new_page()
    page.goto(address + "/-/rule/prognostic_score")
    for name, value in (
        ("growth", "rapid"),
        ("visceral_metastases", "untreatable"),
        ("bone_metastases", "multiple"),
    ):
        page.select_option(f"select[name={name}]", value)
    page.click("form.inputs button")
    assert "= 10" in page.inner_text("#answer")
    page.close()


def test_a_page_works_without_javascript(browser: Any, address: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(address)
    page.fill("#home-q", "local recurrence")
    page.click("form.big button")
    page.click("details.facets summary")
    page.click("details.facets a >> nth=0")
    page.locator("ol.hits li").first.wait_for()
    assert page.locator("ol.hits li").count() > 0
    context.close()


def test_the_first_tab_leads_to_the_content(browser: Any, address: str) -> None:
    page = browser.new_page()
    page.goto(address + "/-/rules")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    assert page.evaluate("document.activeElement.getBoundingClientRect().left") >= 0
    page.close()


@pytest.mark.parametrize(
    "path",
    [
        "/-/article/pmid-11224867",
        "/-/rule/tes_by_type",
        "/-/recommend?growth=slow&visceral_metastases=none&bone_metastases=isolated",
    ],
)
def test_every_style_is_copied(browser: Any, address: str, path: str) -> None:
    context = browser.new_context(permissions=["clipboard-read", "clipboard-write"])
    page = context.new_page()
    page.goto(address + path)
    blocks = page.locator(".cites details")
    assert blocks.count() == 8
    for at in range(8):
        block = blocks.nth(at)
        if block.get_attribute("open") is None:
            block.locator("summary").click()
        block.locator("button.copy").click()
        block.locator("button.copy", has_text="Copied").wait_for()
        copied = page.evaluate("navigator.clipboard.readText()")
        assert copied.strip() == block.locator("pre.citation").text_content().strip()
    context.close()


def test_a_citation_is_copied_where_there_is_no_clipboard(browser: Any, address: str) -> None:
    context = browser.new_context(permissions=["clipboard-read", "clipboard-write"])
    page = context.new_page()
    page.add_init_script(
        "Object.defineProperty(Navigator.prototype, 'clipboard', {value: undefined})"
    )
    page.goto(address + "/-/article/pmid-11224867")
    page.click(".cites details[open] button.copy")
    page.locator(".cites button.copy", has_text="Copied").wait_for()
    context.close()


def test_nothing_is_refused_or_fails_in_the_console(browser: Any, address: str) -> None:
    page = browser.new_page()
    faults: list[str] = []
    page.on(
        "console", lambda message: faults.append(message.text) if message.type == "error" else None
    )
    page.on("pageerror", lambda error: faults.append(str(error)))
    for path in PAGES:
        page.goto(address + path)
    assert not faults
    page.close()


@pytest.mark.parametrize(
    ("words", "found"),
    [
        (
            "Two-stage removal, in 12% of patients (n = 7), was done; 5,000 ml & more were lost",
            True,
        ),
        ("5,000 ml & more were lost", True),
        ("never said", False),
    ],
)
def test_a_text_fragment_leads_to_the_words(browser: Any, words: str, found: bool) -> None:
    said = "Two-stage removal, in 12% of patients (n = 7), was done; 5,000 ml & more were lost"
    body = "<p>x</p>" * 200 + f"<p>Before. {escape(said)} after.</p>" + "<p>x</p>" * 200
    page = browser.new_page()
    page.route("**/*", lambda route: route.fulfill(content_type="text/html", body=body))
    page.goto(f"http://page.test/#:~:text={text_directive(words)}")
    if found:
        page.wait_for_function("scrollY > 1000")
    else:
        page.wait_for_timeout(500)
        assert page.evaluate("scrollY") == 0
    page.close()

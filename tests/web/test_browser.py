"""The whole job in a real browser; nothing leaves the machine, nothing complains, and axe finds no serious barrier."""

from __future__ import annotations

import re
import threading
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from crossbook.book import open_book
from crossbook.book.adding import add
from crossbook.book.opening import inputs
from tests.patience import LONG
from tests.sharing import copied
from tests.web.browser import AXE, Watch, opened, reader
from tests.web.conftest import Served
from tests.web.test_access import doubtful
from tests.web.test_add import BANK, golden
from tests.web.test_together import STATEMENT


@pytest.fixture(scope="module")
def changing(serve: Callable[..., Served], totals: Path, tmp_path_factory: pytest.TempPathFactory) -> Served:
    folder = tmp_path_factory.mktemp("browser")
    copied(totals, folder / "book")
    return serve(folder / "book")


def _shows(page: Page, status: str) -> None:
    """After a decision a payout has a status: at once, or behind the link that offers the new figures."""
    badge = page.locator("h1 .badge")
    offered = page.locator("#stale[data-ready] a")
    expect(badge.get_by_text(status, exact=True).or_(offered).first).to_be_visible()
    if offered.count():
        offered.click()
    expect(badge).to_have_text(status)


def _open(page: Page, place: str, heading: str) -> None:
    """Follow the navigation, and wait until the page is there with its scripts: before that nobody types."""
    page.click(f"nav.main >> text={place}")
    expect(page.locator("h1")).to_have_text(heading)
    page.wait_for_load_state("load")


def test_the_whole_job(browser: Browser, changing: Served, tmp_path: Path) -> None:
    payout = doubtful(changing.client())
    context = opened(browser, accept_downloads=True)
    watch = Watch(changing.address)
    page = watch.on(context.new_page())
    page.goto(f"{changing.address}/login?token={changing.access.token}")
    expect(page.locator("h1")).to_have_text("Overview")
    assert "token" not in page.url

    # add files: one that is known, one that is mapped
    name, content = golden("camt")
    (tmp_path / name).write_bytes(content)
    (tmp_path / "own bank.csv").write_text(BANK, encoding="utf-8")
    _open(page, "Add files", "Add files")
    page.set_input_files("#files", [tmp_path / name, tmp_path / "own bank.csv"])
    page.click("#drop button")
    expect(page.locator(".result .badge")).to_have_text(["added", "unrecognised"])
    page.click("text=say what its columns are")
    expect(page.locator("#c-booked_on")).to_have_value("日期")
    page.click("text=use it and add the file")
    expect(page.locator(".result .badge")).to_have_text(["added"])

    # drop a file on the page
    page.evaluate(
        """() => { const data = new DataTransfer(); data.items.add(new File(["just words"], "notes.txt"));
        const dropped = new DragEvent("drop", {dataTransfer: data, bubbles: true, cancelable: true});
        document.getElementById("drop").dispatchEvent(dropped); }"""
    )
    expect(page.locator(".result .badge")).to_have_text(["added", "unrecognised"])

    # look at a payout, found by filter as one types
    _open(page, "Payouts", "Payouts")
    page.fill("#q", payout)
    expect(page.locator("#list tbody tr")).to_have_count(1)
    assert f"q={payout}" in page.url
    page.click(f"#list >> text={payout}")
    expect(page.locator("h1")).to_contain_text(payout)
    expect(page.locator("[data-chart=waterfall] canvas").first).to_be_visible()

    # accept one of its explanations, and take it back
    page.locator("a", has_text="accept this one").nth(1).click()
    page.fill("#why", "the buyer wrote so")
    page.check("input[name=yes]")  # it is not the likeliest
    page.click("text=write it into the journal")
    expect(page.get_by_text("the buyer wrote so")).to_be_visible()
    _shows(page, "accepted")
    page.click("text=take it back")
    page.click("button:has-text('take it back')")
    _shows(page, "likely")

    # download the pack
    with page.expect_download() as waiting:
        page.click("text=download the bank pack")
    assert "pack.pdf" in zipfile.ZipFile(waiting.value.path()).namelist()

    # follow a figure to its line
    page.locator("h1 a.figure").click()
    expect(page.locator("h1")).to_have_text(f"Why: {payout}")
    page.locator(".tree .source").first.click()
    expect(page.locator("tr.here")).to_contain_text(payout)

    # by keyboard: search, and the skip link
    page.keyboard.press("/")
    page.keyboard.type(payout)
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_contain_text("search")
    expect(page.locator("tbody tr").first).to_contain_text(payout)
    page.keyboard.press("Tab")
    expect(page.locator(".skip")).to_be_focused()

    # switch to Chinese, and it stays
    page.click("text=中文")
    expect(page.locator("h1")).to_contain_text("搜索")
    page.goto(changing.address + "/")
    expect(page.locator("h1")).to_have_text("总览")
    page.click("text=退出")
    expect(page.locator("h1")).to_have_text("登录")

    assert watch.outside == []
    assert watch.complaints == []


def test_reading_needs_no_scripts(browser: Browser, served: Served) -> None:
    context = opened(browser, java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{served.address}/login?token={served.access.token}")
    for place in ("Payouts", "Orders", "Bank", "Evidence", "Journal"):
        page.click(f"nav.main >> text={place}")
        expect(page.locator("table").first).to_be_visible()
    page.goto(served.address + "/payouts")
    page.select_option("#status", "not_closed")
    page.click(".filter button")
    assert "status=not_closed" in page.url
    page.locator("tbody a").first.click()
    expect(page.locator("table.sum")).to_contain_text("difference")


def places(served: Served) -> list[str]:
    """Every kind of page, with subjects that are there."""
    client = served.client()
    rows = client.get("/api/payouts", params={"per_page": 500}).json()["rows"]
    bad = next(r for r in rows if r["status"] == "not_closed")
    several = next(r for r in rows if len(client.get(f"/api/payouts/{r['id']}").json()["rivals"]))
    restored = next(r for r in rows if r["account"] == "seabridge")
    order = client.get("/api/orders", params={"account": "seabridge"}).json()["rows"][0]["order_id"]
    faulty = client.get("/api/verify/trades", params={"verdict": "suspicious"}).json()["rows"][0]["order_id"]
    xml = client.get("/api/evidence", params={"q": ".xml"}).json()["rows"][0]["sha"]
    return [
        "/",
        "/payouts",
        f"/payouts/{bad['id']}",
        f"/payouts/{restored['id']}",
        "/orders",
        f"/orders/{order}",
        "/bank",
        "/evidence",
        f"/evidence/{xml}",
        f"/evidence/{bad['evidence']}/{bad['line']}",
        f"/evidence/{xml}/9",
        "/add",
        "/screen",
        "/screen/B0YS000008",
        "/cases",
        "/cases/file/valkore",
        "/cases/calendar",
        "/cases/compare",
        "/cases/replay/DS437",
        "/watch",
        "/watch/rules",
        "/watch/statistics",
        "/exchange",
        "/exchange/parties",
        "/verify",
        "/verify?for=bank",
        "/verify/trades?verdict=suspicious",
        "/customs",
        "/tax",
        "/tax/return?kind=ioss&of=2026-05",
        f"/orders/{faulty}",
        "/products",
        "/products/CABLE-3?market=US",
        "/products/BAG-20?market=DE&origin=VN&off=S301",
        "/markets?product=BAG-20",
        "/markets/JP?product=BAG-20",
        "/markets/new?hts=8513.10.4000&cost=5&freight=2&price=20&everywhere=true",
        "/refunds",
        "/claims",
        "/law?of=9903.88.03&hts=8544.42.9090",
        "/find?q=women's polyester dress",
        "/journal",
        f"/decide/explanation?payout={several['id']}&number=1",
        "/decide/match",
        f"/undo/match?payout={bad['id']}",
        f"/why?of={bad['id']}",
        f"/search?q={order}",
        "/payouts/nothing-of-that-name",
    ]


@pytest.mark.parametrize(("lang", "theme", "width"), [("en", "light", 390), ("zh", "dark", 1280)])
def test_no_serious_barrier_and_nothing_wider_than_the_screen(
    browser: Browser, served: Served, lang: str, theme: str, width: int
) -> None:
    session = dict(served.client().cookies.items())
    context = reader(browser, served.address, session, lang=lang, theme=theme, width=width)
    watch = Watch(served.address)
    page = watch.on(context.new_page())
    found = []
    for place in places(served):
        page.goto(served.address + place)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, place
        page.evaluate(AXE)
        told = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
        found += [
            (place, v["id"], v["impact"], v["nodes"][0]["html"][:120], v["nodes"][0]["failureSummary"][:200])
            for v in told["violations"]
            if v["impact"] in ("serious", "critical")
        ]
    stranger = opened(browser).new_page()
    stranger.goto(served.address + "/login")
    stranger.evaluate(AXE)
    found += [v for v in stranger.evaluate("axe.run()")["violations"] if v["impact"] in ("serious", "critical")]
    assert not found, found
    assert watch.outside == []
    assert [c for c in watch.complaints if "404" not in c] == []


def test_a_payout_prints_as_a_cover(browser: Browser, served: Served) -> None:
    session = dict(served.client().cookies.items())
    page = reader(browser, served.address, session).new_page()
    bad = next(p for p in places(served) if re.search(r"/payouts/\d", p))
    page.goto(served.address + bad)
    page.emulate_media(media="print")
    expect(page.locator(".cover-head")).to_be_visible()
    expect(page.locator(".sign")).to_be_visible()
    expect(page.locator("nav.main")).to_be_hidden()
    assert page.pdf().startswith(b"%PDF")


def test_what_somebody_types_stays_when_the_figures_change(
    browser: Browser, serve: Callable[..., Served], totals: Path, tmp_path: Path
) -> None:
    """The book changes; while it is worked out again, somebody opens a payout and types what shows the right one."""
    copied(totals, tmp_path / "book")
    served = serve(tmp_path / "book")
    payout = doubtful(served.client())
    gate, make = threading.Event(), served.live._make
    served.live._make = lambda state: (gate.wait(LONG), make(state))[1]  # type: ignore[method-assign]
    (tmp_path / "one.xml").write_text(STATEMENT.format(i=77), encoding="utf-8")
    for item in inputs([tmp_path / "one.xml"]):
        add(open_book(served.live.path), item)
    page = opened(browser).new_page()
    page.goto(f"{served.address}/login?token={served.access.token}")
    page.goto(f"{served.address}/payouts/{payout}")
    expect(page.locator("#stale")).to_be_visible()
    page.get_by_text("accept this one").first.click()
    page.fill("#why", "half a sentence")
    gate.set()
    expect(page.get_by_text("The new figures are ready.")).to_be_visible()
    expect(page.locator("#why")).to_have_value("half a sentence")
    page.get_by_role("button", name="show them").click()
    expect(page.locator("#stale")).to_have_count(0)
    expect(page.locator("#why")).to_have_value("half a sentence")
    expect(page.locator("#shown")).to_contain_text("What it changes")

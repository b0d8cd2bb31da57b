"""Every kind of decision made and undone by clicking in a browser, its effect on the page that is loaded next."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect

from crossbook.book import open_book
from crossbook.book.accounts import put_user
from crossbook.cases.procedure import names, procedure
from crossbook.decisions import decide, kind_of, kinds
from crossbook.decisions.kind import plainly
from tests.effort import times
from tests.patience import until
from tests.sharing import copied
from tests.trade.test_banking import mt940, ofx
from tests.web.browser import Watch, reader
from tests.web.conftest import Served
from tests.web.test_access import PASSWORD, doubtful
from tests.web.test_add import BANK
from tests.web.test_trades import planted

pytestmark = pytest.mark.slow
CASE = {
    "case": "valkore",
    "procedure": "us_suit",
    "happened": {"order_entered": date(2026, 1, 19), "served": date(2026, 1, 26)},
}
NOTICE = {
    "notice": "N-1",
    "regime": "us_dmca",
    "listing": "B0YS000008",
    "complainant": "Valkore Outdoor Inc.",
    "on": date(2026, 3, 2),
}


@pytest.fixture(scope="module")
def team(serve: Callable[..., Served], sample: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Served, Path]:
    """The sample business with a case and a notice, for a preparer and an approver; and where its truth lies."""
    folder = tmp_path_factory.mktemp("team")
    copied(sample / "book", folder / "book")
    book = open_book(folder / "book")
    put_user(book, "peter", "preparer", PASSWORD)
    put_user(book, "anna", "approver", PASSWORD)
    decide(plainly(book), kind_of("case"), CASE)
    decide(plainly(book), kind_of("notice"), NOTICE)
    return serve(folder / "book"), sample


@pytest.fixture(scope="module")
def of_totals(serve: Callable[..., Served], totals: Path, tmp_path_factory: pytest.TempPathFactory) -> Served:
    """A book of totals, some of which several sets of orders explain."""
    folder = tmp_path_factory.mktemp("of-totals")
    copied(totals, folder / "book")
    put_user(open_book(folder / "book"), "peter", "preparer", PASSWORD)
    return serve(folder / "book")


@pytest.fixture(scope="module")
def client(team: tuple[Served, Path]) -> httpx.Client:
    return team[0].logged_in("peter", PASSWORD)


class At:
    """Someone at a browser of the book."""

    def __init__(self, browser: Browser, served: Served, client: httpx.Client, *, lang: str = "en") -> None:
        self.address, self.client, self.served = served.address, client, served
        self.watch = Watch(served.address)
        session = dict(client.cookies.items())
        self.page: Page = self.watch.on(reader(browser, served.address, session, lang=lang).new_page())

    def go(self, path: str) -> Page:
        """Open a page of the newest figures: what is decided on older ones is shown anew and asked again."""
        self.served.take_new_figures()
        self.page.goto(self.address + path)
        return self.page

    def follow(self, link: str) -> None:
        """Click a link by its whole text: the first on the page."""
        self.served.take_new_figures()
        self.page.get_by_role("link", name=link, exact=True).first.click()
        expect(self.page.locator("#decide")).to_be_visible()

    def journal(self, why: str = "") -> None:
        """Answer what is asked, say why, write it into the journal, and load the new figures when they are there."""
        expect(self.page.locator("#do button").first).to_be_visible()
        expect(self.page.locator(".htmx-request")).to_have_count(0)  # what is shown answers what was typed last
        for box in self.page.locator("input[name=yes]").all():
            box.check()
        if why:
            self.page.fill("#why", why)
        self.page.locator("#do button:not([name])").click()
        expect(self.page.locator("#decide")).to_have_count(0)
        self.take_new_figures()

    def take_new_figures(self) -> None:
        if self.page.locator("#stale").count():
            self.page.locator("#stale[data-ready] a").click(timeout=60_000)

    def comes_to_say(self, path: str, text: str) -> None:
        """Look at a page until it says what the new figures say: they are made beside the old ones."""

        def said() -> bool:
            self.go(path)
            self.take_new_figures()
            return text in self.page.locator("main").inner_text()

        until(said, pause=1)

    def undo_in_the_journal(self, kind: str) -> None:
        """Take back the newest decision of a kind from the list of all."""
        self.go(f"/journal?kind={kind}")
        self.follow("take it back")
        self.journal()

    def complaints(self) -> list[str]:
        """What the browser complained of; a note that asks for new figures may be left before it is answered."""
        left = ("htmx:afterRequest", "htmx:sendAbort")
        return [c for c in self.watch.complaints if not c.startswith(left)]

    def says(self, text: str, where: str = "main") -> None:
        expect(self.page.locator(where).first).to_contain_text(text)

    def says_not(self, text: str, where: str = "main") -> None:
        expect(self.page.locator(where).first).not_to_contain_text(text)


def match(at: At, truth: Path) -> None:
    """The match that was made by itself is taken back, made by hand, and taken back again."""
    made = at.client.get("/api/bank").json()["matches"][0]
    (payout, *_), credit = made["match"]["payouts"], made["credits"][0]["key"]
    at.go(f"/bank?q={payout}")
    at.follow("not this payout")
    at.says(payout, "#shown")
    at.journal("seen on paper")
    at.says_not("booked ", "section[aria-labelledby=bank]")
    at.go("/bank")
    at.page.select_option("#payout", payout)
    at.page.select_option("#credit", credit)
    at.page.get_by_role("button", name="show what it would change").click()
    at.says(f"{payout} arrived as the credit of", "#shown")
    at.journal("the bank confirmed it")
    at.says("the bank confirmed it", "section[aria-labelledby=bank]")
    at.follow("take it back")
    at.journal()
    at.says_not("the bank confirmed it")


def entry(at: At, truth: Path) -> None:
    """A credit that two files tell in words that leave it open whether it is one."""
    statement = mt940(("05", "6,05", "X1"), closing="6,05").encode()
    other = ofx(("05", "6.05")).replace("AMAZON EU", "PAYMENT RECEIVED").encode()
    sent = [("told-a.sta", statement), ("told-b.ofx", other)]
    at.go("/add")
    at.page.set_input_files("#files", [{"name": n, "mimeType": "text/plain", "buffer": b} for n, b in sent])
    at.page.click("#drop button")
    expect(at.page.locator(".result .badge")).to_have_text(["added", "added"])
    at.comes_to_say("/bank", "may be the same entry")
    at.follow("one entry")
    at.says("is counted once", "#shown")
    at.journal("the bank says so")
    at.comes_to_say("/bank", "1 of the entries are in")
    at.undo_in_the_journal("entry")
    at.comes_to_say("/bank", "may be the same entry")


def explanation(at: At, truth: Path) -> None:
    payout = doubtful(at.client)
    at.go(f"/payouts/{payout}")
    at.follow("accept this one")
    expect(at.page.locator(".rivals-table td.here").first).to_be_visible()
    at.page.fill("#why", "half a sentence")
    at.page.get_by_role("link", name="choose this one").first.click()  # swapped in place
    expect(at.page.locator("#in-number")).to_have_value("2")
    expect(at.page.locator("#why")).to_have_value("half a sentence")
    at.page.select_option("#in-number", "1")
    expect(at.page.locator("thead th[aria-current]")).to_have_count(1)
    expect(at.page.locator("thead th").nth(1)).to_have_text("chosen")
    expect(at.page.locator("#why")).to_have_value("half a sentence")
    at.journal("the buyer wrote so")
    at.says("accepted", "h1 .badge")
    at.says("the buyer wrote so")
    at.follow("take it back")
    at.journal()
    at.says_not("accepted", "h1 .badge")


def fact(at: At, truth: Path) -> None:
    payout = doubtful(at.client)
    at.go(f"/decide/fact?payout={payout}&fact=count&value=7")
    at.says(f"{payout} is restored by it: 7 orders", "#shown")
    at.journal("the platform's mail")
    at.undo_in_the_journal("fact")


def finding(at: At, truth: Path) -> None:
    order = planted(truth, "payer_not_buyer")
    at.go(f"/orders/{order}")
    at.follow("The trade is real all the same")
    at.says(order, "#shown .effects")
    at.journal("her brother pays")
    at.says("set aside by peter: her brother pays")
    at.follow("let it count again")
    at.journal()
    at.says_not("her brother pays")


def hit(at: At, truth: Path) -> None:
    at.go("/screen/B0YS000008")
    at.follow("set aside")
    at.says("1:26-cv-00417", "#shown")  # its owner sues: that is asked
    at.journal("our licence")
    at.says("our licence", "section[aria-labelledby=gone]")
    at.follow("count it again")
    at.journal()
    at.says_not("our licence")


def filed(at: At, truth: Path) -> None:
    at.go("/tax/return?kind=ioss&of=2026-05")
    at.follow("mark as filed")
    at.page.fill("#in-on", "2026-06-10")
    at.page.locator("#in-on").blur()
    at.says("filed on 2026-06-10", "#shown")
    at.journal()
    at.says("filed on 2026-06-10", "main .badge")
    at.follow("it was not filed")
    at.journal()
    at.says_not("filed on 2026-06-10")


def file(at: At, truth: Path) -> None:
    sha = at.client.get("/api/evidence", params={"q": "17track"}).json()["rows"][0]["sha"]
    at.go(f"/evidence/{sha}")
    at.follow("take it out of use")
    at.journal("a draft")
    at.says("out of use", "h1")
    at.follow("use it again")
    at.journal("no draft")
    at.says_not("out of use", "h1")


def case(at: At, truth: Path) -> None:
    """What is typed stays while the procedure is chosen; its own events are asked, of no other."""
    at.go("/cases")
    at.follow("Open a case")
    at.page.fill("#in-case", "suit-1")
    at.page.fill("#why", "a letter came")
    for name in (names()[0], "us_suit"):
        at.page.select_option("#in-procedure", name)
        events = [f"happened.{e.name}" for e in procedure(name).events]
        expect(at.page.locator("#ask-happened input")).to_have_count(len(events))
        assert [i.get_attribute("name") for i in at.page.locator("#ask-happened input").all()] == events
        expect(at.page.locator("#in-case")).to_have_value("suit-1")
        expect(at.page.locator("#why")).to_have_value("a letter came")
    at.page.fill("[name='happened.order_entered']", "2026-05-13")
    at.page.locator("[name='happened.order_entered']").blur()
    at.says("case suit-1 is open", "#shown")
    at.journal()
    at.says("suit-1", "h1")
    at.undo_in_the_journal("case")
    at.go("/cases")
    at.says_not("suit-1")


def event(at: At, truth: Path) -> None:
    at.go("/cases/file/valkore")
    at.follow("Something happened")
    at.page.select_option("#in-event", "order_extended")
    at.page.fill("#in-on", "2026-01-30")
    at.page.locator("#in-on").blur()
    at.says("2026-01-30", "#shown .effects")
    at.journal()
    at.says("Jan 30, 2026", "dl.facts")
    at.undo_in_the_journal("event")
    at.says_not("Jan 30, 2026", "dl.facts")


def limit(at: At, truth: Path) -> None:
    at.go("/cases/file/valkore")
    at.follow("it was kept")
    at.page.fill("#in-on", "2026-02-16")
    at.page.locator("#in-on").blur()
    at.says("2026-02-16", "#shown")
    at.journal()
    at.says("2026-02-16", "section[aria-labelledby=clocks] .badge.good")
    at.undo_in_the_journal("limit")
    at.says_not("2026-02-16", "section[aria-labelledby=clocks]")


def about(at: At, truth: Path) -> None:
    at.go("/cases/file/valkore")
    at.follow("Something became known")
    at.page.fill("#in-docket", "1:26-cv-00417")
    at.page.locator("#in-docket").blur()
    at.says("1:26-cv-00417", "#shown .effects")
    at.journal()
    at.says("1:26-cv-00417", "dl.facts")
    at.undo_in_the_journal("about")
    at.says_not("1:26-cv-00417", "dl.facts")


def closing(at: At, truth: Path) -> None:
    at.go("/cases/file/valkore")
    at.follow("It is over")
    at.journal("settled")
    expect(at.page.locator("h1 + p .badge")).to_have_text("closed")
    at.follow("open it again")
    at.journal()
    expect(at.page.locator("h1 + p .badge")).to_have_count(0)


def notice(at: At, truth: Path) -> None:
    at.go("/cases")
    at.follow("A notice of infringement came")
    at.page.fill("#in-notice", "N-2")
    at.page.select_option("#in-regime", "us_dmca")
    at.page.fill("#in-listing", "B0YS000013")
    at.page.fill("#in-complainant", "Somebody")
    at.page.locator("#in-complainant").blur()
    at.says("notice N-2 came on", "#shown")
    at.journal()
    expect(at.page.locator("#notice-N-2")).to_contain_text("Somebody")
    at.undo_in_the_journal("notice")
    expect(at.page.locator("#notice-N-1")).to_be_visible()
    expect(at.page.locator("#notice-N-2")).to_have_count(0)


def step(at: At, truth: Path) -> None:
    at.go("/cases")
    at.follow("next step")
    at.page.select_option("#in-step", "taken_down")
    at.page.fill("#in-on", "2026-03-04")
    at.page.locator("#in-on").blur()
    at.says("taken_down on 2026-03-04", "#shown")
    before = at.client.get("/cases").text.count("taken down")
    at.journal()
    expect(at.page.locator("#notice-N-1")).to_contain_text("taken")
    assert at.client.get("/cases").text.count("taken down") >= before
    at.undo_in_the_journal("step")
    expect(at.page.locator("#notice-N-1")).not_to_contain_text("taken")


def reading(at: At, truth: Path) -> None:
    at.go("/add")
    at.page.set_input_files("#files", {"name": "own.csv", "mimeType": "text/csv", "buffer": BANK.encode()})
    at.page.click("#drop button")
    at.page.get_by_role("button", name="say what its columns are").click()
    at.says("What it changes")
    at.page.click("text=use it and add the file")
    expect(at.page.locator(".result .badge")).to_have_text("added")
    at.go("/journal?kind=reading")
    at.says("the columns of own were mapped", "tbody tr")
    at.undo_in_the_journal("reading")
    at.go("/journal?kind=reading")
    at.says("no table is read by the mapping own any more", "tbody tr")


BY_CLICKING = {
    "about": about,
    "case": case,
    "closing": closing,
    "entry": entry,
    "event": event,
    "explanation": explanation,
    "fact": fact,
    "file": file,
    "finding": finding,
    "hit": hit,
    "limit": limit,
    "match": match,
    "notice": notice,
    "reading": reading,
    "return": filed,
    "step": step,
}


@pytest.mark.parametrize("kind", sorted(BY_CLICKING)[:: times(3, long=1)])
def test_a_kind_is_decided_and_undone_by_clicking(
    kind: str, browser: Browser, team: tuple[Served, Path], of_totals: Served
) -> None:
    served, truth = team
    if kind in ("explanation", "fact"):
        served = of_totals
    client = served.logged_in("peter", PASSWORD)
    before = len(served.live.book.journal())
    at = At(browser, served, client)
    BY_CLICKING[kind](at, truth)
    told = client.get("/api/decisions", params={"kind": kind}).json()["rows"]
    done = [t for t in told if t["entry"]["seq"] > before]
    assert len(done) >= 2 and {t["who"] for t in done} == {"peter"}
    assert kind_of(kind).undone == done[0]["entry"]["action"]
    chinese = At(browser, served, client, lang="zh").go("/journal")
    expect(chinese.locator("tbody tr").first).not_to_contain_text("taken back")
    assert at.watch.outside == [] and at.complaints() == []


OF_THE_WATCH = ("intake", "outcome", "remark", "narrative", "figure")
"""Kinds that need a payment institution's book: `test_watch_browser`."""


def test_every_kind_is_among_them() -> None:
    assert {*BY_CLICKING, *OF_THE_WATCH, "approval"} == set(kinds())


def test_an_approval_is_given_and_taken_back_by_someone_else(
    browser: Browser, team: tuple[Served, Path], client: httpx.Client
) -> None:
    served, _ = team
    sha = client.get("/api/evidence", params={"q": "17track"}).json()["rows"][0]["sha"]
    headers = {"X-CSRF-Token": client.get("/api/session").json()["csrf"]}
    entry = client.post("/api/decide/file", json={"file": sha, "why": "a draft"}, headers=headers).json()["seq"]
    at = At(browser, served, served.logged_in("anna", PASSWORD))
    row = f"#entry-{entry}"
    at.go("/journal")
    at.page.locator(f"{row} a.button").click()
    at.says("is no longer used", "#shown")
    at.journal()
    expect(at.page.locator(f"{row} .good")).to_have_text("anna")
    at.undo_in_the_journal("approval")
    expect(at.page.locator(f"{row} .good")).to_have_count(0)
    at.undo_in_the_journal("file")
    assert at.watch.outside == [] and at.complaints() == []


def test_deciding_needs_no_scripts(browser: Browser, team: tuple[Served, Path], client: httpx.Client) -> None:
    served, _ = team
    context = browser.new_context(java_script_enabled=False, locale="en-US")
    told = dict(client.cookies.items())
    context.add_cookies([{"name": n, "value": v, "url": served.address} for n, v in told.items()])
    page = context.new_page()
    page.goto(f"{served.address}/decide/case")
    page.fill("#in-case", "suit-2")
    page.fill("#why", "a letter came")
    page.select_option("#in-procedure", "us_suit")
    page.get_by_role("button", name="show what it would change").click()
    page.fill("[name='happened.order_entered']", "2026-05-13")
    page.get_by_role("button", name="show what it would change").click()
    expect(page.locator("#shown")).to_contain_text("case suit-2 is open")
    expect(page.locator("#why")).to_have_value("a letter came")
    page.fill("[name='happened.order_entered']", "2026-05-14")  # and not looked at again
    page.get_by_role("button", name="write it into the journal").click()
    expect(page.locator("[role=alert]")).to_contain_text("has changed since this was shown")
    expect(page.locator("#why")).to_have_value("a letter came")
    page.get_by_role("button", name="write it into the journal").click()
    expect(page.locator("h1")).to_have_text("suit-2")
    page.goto(f"{served.address}/undo/case?case=suit-2")
    page.get_by_role("button", name="take it back").click()
    page.goto(f"{served.address}/cases")
    expect(page.locator("main")).not_to_contain_text("suit-2")

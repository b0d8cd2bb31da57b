"""The watch's kinds of decisions made and undone by clicking, on the sample payment institution."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from crossbook.book import open_book
from crossbook.book.accounts import put_user
from tests.sharing import copied
from tests.web.conftest import Served
from tests.web.test_access import PASSWORD
from tests.web.test_decide_browser import At

pytestmark = pytest.mark.slow


def show(at: At) -> None:
    """Have what was typed looked at."""
    button = at.page.get_by_role("button", name="show what it would change")
    if button.count():
        button.first.click()
    else:
        at.page.keyboard.press("Tab")


def test_a_case_is_taken_in_decided_and_reopened_by_clicking(
    browser: Browser, serve: Callable[..., Served], institution: Path, tmp_path: Path
) -> None:
    copied(institution / "book", tmp_path / "book")
    put_user(open_book(tmp_path / "book"), "peter", "preparer", PASSWORD)
    served = serve(tmp_path / "book")
    at = At(browser, served, served.logged_in("peter", PASSWORD))
    at.go("/watch")
    at.follow("Take in what is new")
    at.journal()
    at.says("last on")
    case = at.client.get("/api/watch/cases", params={"by": "risk"}).json()[0]["id"]
    page = f"/watch/cases/{case}"
    at.go(page)
    at.follow("Note")
    at.page.fill("#in-text", "the customer was asked")
    show(at)
    at.journal()
    at.says("the customer was asked")
    at.go(page)
    at.follow("Decide")
    at.page.select_option("#in-outcome", "dismissed")
    show(at)
    at.journal("a shop")
    at.says("dismissed")
    at.follow("take it back")
    at.journal("not that one")
    at.says("open")
    at.follow("edit")
    at.page.fill("#in-text", "A shop, as its till shows.")
    show(at)
    at.journal("the draft says too much")
    at.says("A shop, as its till shows.")
    at.undo_in_the_journal("narrative")
    at.undo_in_the_journal("remark")
    at.go("/watch/rules")
    at.follow("set another")
    at.page.fill("#in-value", "7")
    show(at)
    at.journal("as other houses do")
    at.undo_in_the_journal("figure")
    at.undo_in_the_journal("intake")
    assert at.watch.outside == [] and at.complaints() == []

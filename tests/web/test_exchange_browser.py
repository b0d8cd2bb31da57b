"""Pages of the exchange in a real browser, in both languages: no serious barrier, nothing wider than the screen."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from crossbook.exchange import folder
from tests.exchange.test_flags import BOTH, case_on, tell
from tests.exchange.test_flags import CLAUSES as FLAGS
from tests.exchange.test_folder import FOLDER, deliver
from tests.exchange.test_session import World, books, world
from tests.exchange.test_statistics import CLAUSES as COUNTS
from tests.exchange.test_statistics import ask as count
from tests.web.browser import AXE, Watch, reader
from tests.web.conftest import Served

__all__ = ["books"]  # the fixture


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory, books: Path) -> World:
    """Both sides after a session, with a folder of a case, counts, and a flag on a party."""
    clauses = [FOLDER, *(text.partition("\n\n")[2] for text in (COUNTS, FLAGS))]
    found = world(tmp_path_factory.mktemp("pages"), books, most="\n\n".join(clauses))
    found.talk()
    ours = found.desks["CN"]
    its = folder.begin(ours.book, ours.keys, ours.session().name, int(ours.session().talk.held()[0]["case"]))
    folder.say(ours.book, ours.keys, its, "Who is paid third? 谁是收款人？")
    count(found, "payments by month")
    tell(found, "US", "provide", case_on(found, "US", BOTH).id, "a text")
    deliver(found)
    return found


@pytest.mark.parametrize(("lang", "width", "theme"), [("en", 1280, "light"), ("zh", 390, "dark")])
def test_no_serious_barrier(
    browser: Browser, serve: Callable[..., Served], made: World, lang: str, width: int, theme: str
) -> None:
    desk = made.desks["CN"]
    served = serve(desk.book.path)
    session = dict(served.client().cookies.items())
    watch = Watch(served.address)
    page = watch.on(reader(browser, served.address, session, lang=lang, width=width, theme=theme).new_page())
    places = ["/exchange", f"/exchange/{desk.session().name}", f"/exchange/case/{folder.folders(desk.book)[0].name}"]
    found = []
    for place in [*places, "/exchange/parties"]:
        page.goto(served.address + place)
        if shots := os.environ.get("CROSSBOOK_TEST_SHOTS"):
            page.screenshot(path=f"{shots}/{lang}{place.replace('/', '-')}.png", full_page=True)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, place
        page.evaluate(AXE)
        told = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
        found += [
            (place, v["id"], v["nodes"][0]["html"][:120])
            for v in told["violations"]
            if v["impact"] in ("serious", "critical")
        ]
    assert not found, found
    assert watch.outside == watch.complaints == []

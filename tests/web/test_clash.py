"""Two people at pages and two at the command line decide the same thing at one moment: one wins, the others are told.

Who is told reads in words what stands and who decided it, and what they typed is still in the form.
"""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest
from playwright.sync_api import Page, expect

from crossbook.book import open_book
from crossbook.book.accounts import put_user
from crossbook.book.adding import add
from crossbook.book.opening import inputs
from crossbook.decisions import kind_of, look
from tests.cli.running import run
from tests.decisions.making import decided, undone
from tests.effort import times
from tests.patience import LONG
from tests.sharing import copied
from tests.web.browser import Watch, chromium, reader
from tests.web.conftest import Served, csrf
from tests.web.test_access import PASSWORD
from tests.web.test_decide import seen_on, unescaped

pytestmark = pytest.mark.slow
BROWSERS, COMMANDS = ("ann", "bo"), ("mei", "lin")
EVERYONE = BROWSERS + COMMANDS
MANY = {"match": 70, "credit": 20, "case": 35, "file": 30, "finding": 25, "explanation": 10, "taken back": 10}
ROUNDS = {name: times(max(1, rounds // 15), long=rounds) for name, rounds in MANY.items()}
PAYOUT = "JS20250211"  # of 1,393.35 USD, on 2025-02-13
LATE = ("JS20250221", "JS20250301", "JS20250311", "JS20250321")
ENTRY = """<Ntry><Amt Ccy="USD">{amount}</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts>BOOK</Sts>
<BookgDt><Dt>{day}</Dt></BookgDt><AcctSvcrRef>R{n}</AcctSvcrRef></Ntry>
"""
CREDITS = (
    ("1293.35", "2025-02-14"),  # so much less that none is matched by itself
    ("1283.35", "2025-02-17"),
    ("1273.35", "2025-02-18"),
    ("1263.35", "2025-02-19"),
    ("5.00", "2025-12-01"),
)
STATEMENT = """<?xml version="1.0" encoding="UTF-8"?>
<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.02"><BkToCstmrStmt><Stmt><Id>1</Id>
<Acct><Id><Othr><Id>HK-9</Id></Othr></Id><Ccy>USD</Ccy></Acct>
{entries}</Stmt></BkToCstmrStmt></Document>
"""


@dataclass
class Contest:
    """What four people wish at one moment; `place` shows the winner's, in the words `shows` of each wish."""

    kind: str
    wishes: list[dict[str, Any]]
    place: str
    shows: list[str]
    yes: list[list[str]] = field(default_factory=list)
    back: bool = False
    lead: float = 0.3  # seconds that commands have before browsers, so that either win


@dataclass
class Outcome:
    """What somebody was told, and whether it was that it is done."""

    done: bool
    text: str


@pytest.fixture(scope="module")
def arena(serve: Callable[..., Served], totals: Path, tmp_path_factory: pytest.TempPathFactory) -> Served:
    """A book of totals with a bank statement, for two preparers."""
    folder = tmp_path_factory.mktemp("arena")
    copied(totals, folder / "book")
    book = open_book(folder / "book")
    for name in BROWSERS:
        put_user(book, name, "preparer", PASSWORD)
    entries = "".join(ENTRY.format(amount=a, day=d, n=n) for n, (a, d) in enumerate(CREDITS))
    (folder / "bank.xml").write_text(STATEMENT.format(entries=entries), encoding="utf-8")
    (item,) = inputs([folder / "bank.xml"])
    assert add(book, item).status == "added"
    return serve(folder / "book")


@pytest.fixture(scope="module")
def people(arena: Served) -> list[httpx.Client]:
    return [arena.logged_in(name, PASSWORD) for name in BROWSERS]


def contests(served: Served, client: httpx.Client) -> dict[str, Contest]:
    """What is decided, by the names of `ROUNDS`."""
    credits = {c["amount"]: c["key"] for c in client.get("/api/bank").json()["open_credits"]}
    sha = client.get("/api/evidence", params={"q": "bank.xml"}).json()["rows"][0]["sha"]
    order, rule = broken(client)
    unclear = next(
        r["id"]
        for r in client.get("/api/payouts", params={"status": "likely"}).json()["rows"]
        if len(client.get(f"/api/payouts/{r['id']}").json()["rivals"]) >= len(EVERYONE)
    )
    dockets = [f"1:26-cv-0041{n}" for n in range(len(EVERYONE))]
    found = {
        "match": Contest(
            "match",
            [{"payout": PAYOUT, "credit": k} for a, k in sorted(credits.items()) if a > 500],
            f"/payouts/{PAYOUT}",
            ["{why}"] * 4,
        ),
        "credit": Contest("match", [{"payout": p, "credit": credits[500]} for p in LATE], "/bank?q=5.00", list(LATE)),
        "case": Contest(
            "case",
            [
                {"case": "suit-1", "procedure": "us_suit", "happened": {"served": f"2026-01-0{n + 5}"}, "docket": d}
                for n, d in enumerate(dockets)
            ],
            "/cases/file/suit-1",
            dockets,
        ),
        "file": Contest("file", [{"file": "bank.xml"}] * 4, f"/evidence/{sha}", ["out of use"] * 4),
        "finding": Contest(
            "finding", [{"order": order, "rule": rule}] * 4, f"/orders/{order}", ["set aside by {who}: {why}"] * 4
        ),
        "explanation": Contest(
            "explanation",
            [{"payout": unclear, "number": n} for n in range(1, 5)],
            f"/payouts/{unclear}",
            ["{why}"] * 4,
        ),
        "taken back": Contest("file", [{"file": "bank.xml"}] * 4, f"/evidence/{sha}", ["bank.xml"] * 4, back=True),
    }
    for contest in found.values():
        kind = kind_of(contest.kind)
        opened = kind.opens(served.live.book)
        looks = [look(opened, kind, w | {"why": "x"}) for w in contest.wishes]
        assert not any(x.refused for x in looks)
        contest.yes = [[] if contest.back else [q.answer for q in x.asks] for x in looks]
    return found


def broken(client: httpx.Client) -> tuple[str, str]:
    """A trade and a rule that it breaks."""
    order = client.get("/api/verify/trades", params={"verdict": "contradicted"}).json()["rows"][0]["order_id"]
    return order, client.get(f"/api/verify/trade/{order}").json()["faults"][0]["rule"]


def flat(wish: dict[str, Any]) -> dict[str, Any]:
    """As forms carry it."""
    days = {f"happened.{event}": day for event, day in wish.get("happened", {}).items()}
    return {n: v for n, v in wish.items() if n != "happened"} | days


def words(contest: Contest, n: int) -> list[str]:
    """As the command line takes it."""
    wish = contest.wishes[n]
    named = [str(v) for k, v in wish.items() if k not in ("happened", "docket")]
    days = [w for event, day in wish.get("happened", {}).items() for w in ("--event", f"{event}={day}")]
    more = ["--docket", wish["docket"]] if "docket" in wish else []
    answers = [w for answer in contest.yes[n] for w in ("--yes", answer)]
    return ["undo" if contest.back else "decide", contest.kind, *named, *days, *more, *answers]


def by_page(client: httpx.Client, contest: Contest, n: int, why: str, ready: threading.Barrier) -> Outcome:
    """Open the form, look, and send it when everybody is ready."""
    path = f"/{'undo' if contest.back else 'decide'}/{contest.kind}"
    page = client.get(path, params=flat(contest.wishes[n]))
    assert page.status_code == 200, unescaped(page.text)
    form = {"csrf": csrf(client), "seen": seen_on(page.text), "why": why, "yes": contest.yes[n]}
    ready.wait(LONG)
    time.sleep(max(0.0, contest.lead))
    answer = client.post(path, data=flat(contest.wishes[n]) | form)
    if answer.status_code == 303:
        return Outcome(True, "")
    assert answer.status_code == 409, (answer.status_code, unescaped(answer.text))
    assert f"{why}</textarea>" in answer.text
    for value in flat(contest.wishes[n]).values():
        assert str(value) in answer.text
    return Outcome(False, unescaped(answer.text.split('<div id="shown"')[1].split("<textarea")[0]))


def by_command(who: str, book: Path, contest: Contest, n: int, why: str, ready: threading.Barrier) -> Outcome:
    """Run the command when everybody is ready."""
    ready.wait(LONG)
    time.sleep(max(0.0, -contest.lead))
    done = run(*words(contest, n), "--why", why, book=book, user=who)
    if done.returncode == 0:
        assert done.stdout.startswith("journalled: ")
        return Outcome(True, "")
    assert done.returncode == 2 and done.stderr.startswith("error: "), done
    return Outcome(False, done.stderr)


def play(served: Served, people: list[httpx.Client], contest: Contest, name: str, n: int) -> str:
    """One round; the name of who won."""
    kind, book = kind_of(contest.kind), open_book(served.live.path)
    if contest.back:
        decided(kind.opens(book), contest.kind, who="keeper", why="a draft", **contest.wishes[0])
    served.take_new_figures()
    before = book.journal()
    order = [(i + n) % len(EVERYONE) for i in range(len(EVERYONE))]  # who wishes which
    whys = {who: f"{name} {n} by {who}" for who in EVERYONE}
    ready = threading.Barrier(len(EVERYONE))

    def play_one(i: int) -> Outcome:
        who = EVERYONE[i]
        try:
            if i < len(people):
                return by_page(people[i], contest, order[i], whys[who], ready)
            return by_command(who, served.live.path, contest, order[i], whys[who], ready)
        except BaseException:
            ready.abort()  # nobody waits for who does not come
            raise

    with ThreadPoolExecutor(len(EVERYONE)) as pool:
        outcomes = dict(zip(EVERYONE, pool.map(play_one, range(len(EVERYONE))), strict=True))
    won = [who for who in EVERYONE if outcomes[who].done]
    assert len(won) == 1, (name, n, outcomes)
    (winner,) = won
    new = book.journal()[len(before) :]
    assert [(e.action, e.who, e.body["why"]) for e in new] == [
        (kind.undone if contest.back else kind.done, winner, whys[winner])
    ]
    for who in set(EVERYONE) - {winner}:
        assert winner in outcomes[who].text, (name, n, winner, who, outcomes[who].text)
    served.take_new_figures()
    told = people[0].get("/api/decisions", params={"kind": contest.kind}).json()["rows"][0]
    assert (told["who"], told["why"], told["standing"]) == (winner, whys[winner], True)
    shown = unescaped(people[1].get(contest.place).text)
    wanted = contest.shows[order[EVERYONE.index(winner)]].format(who=winner, why=whys[winner])
    assert wanted in shown, (wanted, shown)
    assert whys[winner] in unescaped(people[1].get("/journal", params={"kind": contest.kind}).text)
    if not contest.back:
        keys = {a.name for a in kind.keys}
        wish = contest.wishes[order[EVERYONE.index(winner)]]
        undone(
            kind.opens(open_book(served.live.path)),
            contest.kind,
            who="keeper",
            why="for the next round",
            **{k: v for k, v in wish.items() if k in keys},
        )
    return winner


def test_one_wins_and_the_others_are_told(arena: Served, people: list[httpx.Client]) -> None:
    known, won = contests(arena, people[0]), Counter[str]()
    lead, step, last = 0.3, 0.1, False
    for name, rounds in ROUNDS.items():
        for n in range(rounds):
            known[name].lead = lead
            winner = play(arena, people, known[name], name, n)
            won[winner] += 1
            paged = winner in BROWSERS
            step, last = (step * 2 if paged == last else 0.1), paged  # how slow commands start here is not known
            lead += step if paged else -step
    assert sum(won.values()) == sum(ROUNDS.values())
    for side in (BROWSERS, COMMANDS):  # or they did not meet
        assert sum(won[who] for who in side) >= times(1, long=20), won


@pytest.fixture(scope="module")
def windows(arena: Served, people: list[httpx.Client]) -> Iterator[list[tuple[Page, Watch]]]:
    """A browser window for each of the two preparers."""
    with chromium() as browser:
        found = []
        for client in people:
            watch = Watch(arena.address)
            found.append((watch.on(reader(browser, arena.address, dict(client.cookies.items())).new_page()), watch))
        yield found


@pytest.mark.parametrize("name", ["match", "case", "file", "finding"])
def test_two_that_click_at_once(
    name: str, arena: Served, people: list[httpx.Client], windows: list[tuple[Page, Watch]]
) -> None:
    contest = contests(arena, people[0])[name]
    kind, before = kind_of(contest.kind), len(arena.live.book.journal())
    whys = [f"clicked by {who}" for who in BROWSERS]
    for n, (page, _) in enumerate(windows):
        page.goto(arena.address + str(httpx.URL(f"/decide/{contest.kind}", params=flat(contest.wishes[n]))))
        for box in page.locator("input[name=yes]").all():
            box.check()
        page.fill("#why", whys[n])
    for page, _ in windows:  # both return at once and click at one moment
        page.evaluate("setTimeout(() => document.querySelector('#do button:not([name])').click(), 300)")
    for page, _ in windows:
        expect(page.locator("#decide:not(:has([role=alert]))")).to_have_count(0)
    (entry,) = arena.live.book.journal()[before:]
    lost = next(n for n, who in enumerate(BROWSERS) if who != entry.who)
    page, _ = windows[lost]
    assert (entry.action, entry.body["why"]) == (kind.done, whys[1 - lost])
    expect(page.locator("[role=alert]").first).to_contain_text(entry.who)
    expect(page.locator("#why")).to_have_value(whys[lost])
    for said, value in flat(contest.wishes[lost]).items():
        expect(page.locator(f"[name='{said}']")).to_have_value(str(value))
    expect(windows[1 - lost][0].locator("#decide")).to_have_count(0)
    wish = {a.name: contest.wishes[1 - lost][a.name] for a in kind.keys}
    undone(kind.opens(open_book(arena.live.path)), contest.kind, who="keeper", **wish)
    arena.take_new_figures()
    refused = "the server responded with a status of 409"
    assert [c for _, watch in windows for c in watch.complaints if refused not in c] == []
    assert [o for _, watch in windows for o in watch.outside] == []

"""Red flags on one party: what the agreement allows of them crosses, nothing else, and where it comes it is a remark
on the cases of who is known by the same identifier."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from crossbook.errors import CrossbookError, NotFoundError
from crossbook.exchange import adopting, flags, identifiers, letters, lookup, reading, store
from crossbook.exchange import agreement as agreements
from crossbook.exchange.agreement import Agreement
from crossbook.exchange.allowance import DisclosureError
from crossbook.watch import outside
from crossbook.watch.casework import Case, cases
from crossbook.watch.history import OUTCOME
from tests.cli.running import data, run
from tests.exchange.making import agreed, country
from tests.exchange.test_folder import box, deliver
from tests.exchange.test_session import PAID, World, books, world
from tests.exchange.test_wire import held, leaks, texts

__all__ = ["books"]  # the fixture

# The longest chain that was planted: who is paid at the border by the other side, and passes it on.
BOTH, RULE = "US00000011", "pass_through"
AT_BORDER = {a for p in PAID for a in (p.payer, p.payee) if country(p.payer) != country(p.payee)}
ASKED = lookup.Asked(
    name="0" * 16,
    agreement="",
    to="CN authority",
    at="",
    why="",
    named=(("account", BOTH), ("account", "US99999999")),
    known=(("account", BOTH),),
)
CLAUSES = """smallest = 5

[lookup]
kinds = ["account"]
smallest = 100

[[flags]]
of = "US authority"
law = "a law on sharing"
source = "its page"
rules = ["pass_through", "chain"]
fields = ["month", "score", "amount", "text"]
least = 5000000
words = 40
a_month = 3
points = 7

[[flags]]
of = "CN authority"
law = "another law"
source = "its page"
rules = ["pass_through"]
ways = ["ask", "answer"]
a_month = 2
"""


@pytest.fixture
def sides(tmp_path: Path, books: Path) -> World:
    return world(tmp_path, books, most=CLAUSES)


def agreement_of(made: World) -> Agreement:
    return adopting.agreement_of(made.desks["CN"].book, made.sha)


def case_on(made: World, side: str, party: str, rule: str = RULE) -> Case:
    desk = made.desks[side]
    database = desk.database
    found = cases(database, desk.book)
    sql = "SELECT case_id FROM watch_slice WHERE subject = $party AND rule = $rule"
    return found[database.rows(sql, party=party, rule=rule)[0]["case_id"]]


def told(made: World, side: str, way: str, case: str, text: str = "", party: str = BOTH) -> dict[str, Any]:
    desk = made.desks[side]
    return flags.of_case(desk.book, desk.database, desk.keys, agreement_of(made), way, case, text, party)


def tell(made: World, side: str, way: str, case: str, text: str = "") -> str:
    desk = made.desks[side]
    return flags.tell(desk.book, desk.keys, agreement_of(made), way, told(made, side, way, case, text))


def test_a_flag_is_told_in_bands_and_is_a_remark_on_the_partys_case(sides: World) -> None:
    ours, theirs = sides.desks["CN"], sides.desks["US"]
    its = case_on(sides, "US", BOTH)
    before = case_on(sides, "CN", BOTH, "large_value")
    name = tell(sides, "US", "provide", its.id, "谁是<b>收款人")
    deliver(sides)
    after = cases(ours.database, ours.book)[before.id]
    (remark,) = after.outside
    assert (remark.name, remark.other, remark.way, remark.text) == (name, "US authority", "provide", "谁是<b>收款人")
    assert remark.named == (("account", BOTH),)
    month, amount = its.first_on.isoformat()[:7], [6, "USD"]  # 80,244.09 to it: from 10,000.00 on
    score = its.score // 20 * 20
    assert remark.flags == ({"rule": RULE, "certain": True, "month": month, "score": score, "amount": amount},)
    assert [(p.points, p.about) for p in after.parts if p.part == "outside"] == [(7, name)]
    assert after.score == before.score + 7
    twice = tell(sides, "US", "alert", its.id)  # the same again: shown, and no more points
    deliver(sides)
    both = cases(ours.database, ours.book)[before.id]
    assert ({x.name for x in both.outside}, both.score) == ({name, twice}, after.score)
    flags.withdraw(theirs.book, theirs.keys, twice)
    deliver(sides)
    file = next(row for row in ours.book.evidence() if row["sha"] == remark.evidence)
    assert (file["name"], file["source"]) == (f"{name}.json", "document")
    row = next(row for row in reading.ledger(theirs.book) if row["clause"] == "flags")
    assert (row["what"], row["clause"]) == (f"flags on a party by 1 identifiers: {RULE}", "flags")
    (sent,), (got,) = ([x for x in flags.flags(d.book) if x.name == name] for d in (theirs, ours))
    assert (sent.named, sent.flags, sent.mine) == (got.named, got.flags, not got.mine)
    flags.withdraw(theirs.book, theirs.keys, name)
    deliver(sides)
    again = cases(ours.database, ours.book)[before.id]
    assert (again.outside, again.score) == ((), before.score)
    assert all(x.withdrawn for x in flags.flags(ours.book))
    with pytest.raises(NotFoundError, match="no flag"):
        flags.withdraw(theirs.book, theirs.keys, name)


def test_a_question_tells_ones_own_flags_and_gets_those_of_the_other_side(sides: World) -> None:
    ours, theirs = sides.desks["CN"], sides.desks["US"]
    asked = case_on(sides, "CN", BOTH)
    name = tell(sides, "CN", "ask", asked.id)
    deliver(sides)
    got = next(f for f in flags.flags(theirs.book) if f.name == name)
    assert got.flags == ({"rule": RULE, "certain": True},), "no field but the rule may be told by this side"
    given = flags.of_answer(theirs.book, theirs.database, theirs.keys, name, "since spring")
    assert given["named"] == [["account", BOTH]]
    flags.answer(theirs.book, theirs.keys, name, given)
    with pytest.raises(CrossbookError, match="was answered"):
        flags.of_answer(theirs.book, theirs.database, theirs.keys, name)
    deliver(sides)
    mine = {(f.way, f.mine): f for f in flags.flags(ours.book)}
    assert mine["ask", True].answered
    assert mine["answer", False].flags == tuple(given["flags"])
    (remark,) = cases(ours.database, ours.book)[asked.id].outside
    assert remark.text == "since spring"


def test_who_is_not_known_and_of_whom_nothing_may_be_told_are_answered_alike(sides: World) -> None:
    ours, theirs = sides.desks["CN"], sides.desks["US"]
    base = {"flags": [{"rule": RULE, "certain": True}], "text": ""}
    stranger, quiet = "620000000001", next(p.payee for p in PAID if p.payee.startswith("US") and p.amount < 100_000)
    for account in (stranger, quiet):
        name = flags.tell(ours.book, ours.keys, agreement_of(sides), "ask", {**base, "named": [["account", account]]})
        deliver(sides)
        given = flags.of_answer(theirs.book, theirs.database, theirs.keys, name)
        assert given == {"named": [], "flags": [], "text": ""}
        flags.answer(theirs.book, theirs.keys, name, given)
    deliver(sides)
    answers = [f for f in flags.flags(ours.book) if f.way == "answer"]
    assert [f.flags for f in answers] == [(), ()]
    rows = [row for row in reading.ledger(theirs.book) if row["clause"] == "flags"]
    assert [row["what"] for row in rows] == ["that nothing can be told of a party"] * 2
    assert len({row["bytes"] for row in rows}) == 1, "not even the length tells one from the other"


def test_what_the_agreement_does_not_allow_is_not_sent(sides: World) -> None:
    desk, agreed_on = sides.desks["US"], agreement_of(sides)
    case = case_on(sides, "US", BOTH)

    def refused(why: str, way: str = "provide", its: str = case.id, text: str = "", **clause: Any) -> None:
        theirs = replace(next(c for c in agreed_on.flags if c.of == "US authority"), **clause)
        other = replace(agreed_on, flags=(theirs,))
        with pytest.raises(DisclosureError, match=why):
            given = flags.of_case(desk.book, desk.database, desk.keys, other, way, its, text, BOTH)
            flags.tell(desk.book, desk.keys, other, way, given)

    refused("nothing of case", its=case_on(sides, "US", BOTH, "large_value").id)  # a rule that is not named
    refused("nothing of case", least=10_000_000)
    refused("nothing of case", least_score=case.score + 1)
    refused("does not allow US authority to provide", ways=("ask",))
    refused("no text with a flag", text="x", fields=("month",))
    refused("41 characters", text="x" * 41)
    refused("known by no phone", kinds=("phone",))
    with pytest.raises(DisclosureError, match="does not allow CN authority to alert"):
        told(sides, "CN", "alert", case_on(sides, "CN", BOTH).id)
    good = told(sides, "US", "provide", case.id)
    changes: tuple[dict[str, Any], ...] = (
        {"flags": [{**good["flags"][0], "rule": "funnel"}]},
        {"flags": [{**good["flags"][0], "payer": "US00000044"}]},
        {"flags": [{**good["flags"][0], "score": 21}]},
        {"flags": [{**good["flags"][0], "amount": [8024409, "USD"]}]},
        {"flags": [{**good["flags"][0], "amount": [3, "USD"]}]},
        {"named": [["phone", "13800138000"]]},
        {"named": [["account", "us 11"]]},
        {"named": []},
        {"why": "more"},
    )
    for change in changes:
        with pytest.raises(DisclosureError, match="more than the agreement allows"):
            flags.tell(desk.book, desk.keys, agreed_on, "provide", {**good, **change})
    gone = replace(agreed_on, valid_to=agreed_on.valid_from)
    with pytest.raises(DisclosureError, match="does not hold today"):
        flags.tell(desk.book, desk.keys, gone, "provide", good)
    body = {"outcome": "dismissed", "state": case.state, "alerts": [], "parties": {}, "report": "suspicious"}
    assert box(desk, sides).sent == []
    for _ in range(3):
        flags.tell(desk.book, desk.keys, agreed_on, "provide", good)
    with pytest.raises(DisclosureError, match="told 3 times this month"):
        flags.tell(desk.book, desk.keys, agreed_on, "provide", good)
    days = {"first_on": str(case.first_on), "last_on": str(case.last_on), "tenant": "", "party": BOTH, "documents": {}}
    desk.book.decide(OUTCOME, case.id, {**body, **days})
    refused("nothing of case")  # somebody dismissed it


def test_a_party_that_the_other_side_has_not_is_told_of_by_an_alert_alone(
    sides: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where no transfer across the border names it, unasked it is told of only once a look-up found it there."""
    desk, agreed_on = sides.desks["US"], agreement_of(sides)
    assert identifiers.at_border(desk.database, BOTH, *agreed_on.side(desk.keys.sign)) == {("account", BOTH)}
    inner = next(a for p in PAID for a in (p.payer, p.payee) if a.startswith("US") and a not in AT_BORDER)
    assert identifiers.at_border(desk.database, inner, *agreed_on.side(desk.keys.sign)) == set()
    monkeypatch.setattr(identifiers, "at_border", lambda *told: set())
    case = case_on(sides, "US", BOTH)
    with pytest.raises(DisclosureError, match="known by no account that the other side has"):
        told(sides, "US", "provide", case.id)
    assert told(sides, "US", "alert", case.id)["named"] == [["account", BOTH]]
    monkeypatch.setattr(lookup, "asked", lambda book: [replace(ASKED, agreement=sides.sha)])
    assert told(sides, "US", "provide", case.id)["named"] == [["account", BOTH]]


Change = Callable[[dict[str, Any]], dict[str, Any]]


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (lambda x: {**x, "flags": [{"rule": "funnel", "certain": True}]}, "a rule that the agreement does not name"),
        (lambda x: {**x, "flags": [{"rule": RULE, "certain": 1}]}, "a field that the agreement does not name"),
        (lambda x: {**x, "flags": [{**x["flags"][0], "month": "[bold]"}]}, "a month that is none"),
        (lambda x: {**x, "flags": [{**x["flags"][0], "score": True}]}, "a score that is no band, or below the least"),
        (lambda x: {**x, "flags": [{**x["flags"][0], "amount": [7, "[/]"]}]}, "an amount that is no band"),
        (lambda x: {**x, "flags": [{**x["flags"][0], "amount": [7, "ZZZ"]}]}, "an amount that is no band"),
        (lambda x: {**x, "flags": {"rule": RULE}}, "a flag that is told otherwise than it must be"),
        (lambda x: {**x, "flags": [7]}, "a rule that the agreement does not name"),
        (lambda x: {**x, "named": [["account", 7]]}, "a flag that is told otherwise than it must be"),
        (lambda x: {**x, "named": [["holder", "X"]]}, "a party named otherwise than the agreement allows"),
        (lambda x: {**x, "text": "x" * 41}, "a text that the agreement does not allow"),
        (lambda x: {"text": "x"}, "a flag that is told otherwise than it must be"),
    ],
)
def test_a_side_that_tells_what_it_may_not_is_not_heard(sides: World, change: Change, why: str) -> None:
    desk = sides.desks["US"]
    good = {"named": [["account", BOTH]], "flags": [{"rule": RULE, "certain": True, "month": "2026-03"}], "text": ""}
    letters.send(
        desk.book, agreement_of(sides), desk.keys, flags.PROVIDE, "flag-0a0a0a0a", change(good), what="x", clause="x"
    )
    deliver(sides)
    other = sides.desks["CN"].book
    assert letters.read(other, agreement_of(sides))[-1].refused == why
    assert flags.flags(other) == []
    assert outside.outside(other.journal()) == []


def test_a_side_that_tells_too_often_or_what_nobody_asked_is_not_heard(sides: World) -> None:
    desk, other = sides.desks["US"], sides.desks["CN"].book
    good = told(sides, "US", "provide", case_on(sides, "US", BOTH).id)
    for part, about in (
        *((flags.PROVIDE, f"flag-0000000{n}") for n in range(4)),
        (flags.PROVIDE, "flag-00000000"),
        (flags.ANSWER, "flag-00000009"),
        (flags.BACK, "flag-00000009"),
        (flags.PROVIDE, "../flag"),
    ):
        letters.send(desk.book, agreement_of(sides), desk.keys, part, about, good, what="x", clause="x")
    deliver(sides)
    assert [x.refused for x in letters.read(other, agreement_of(sides))] == [
        *[""] * 3,
        "flags on a party were told 3 times this month, all that the agreement allows",
        "a flag whose name is none, or was given before",
        "an answer to a question that is not open",
        "there is no such flag",
        "a flag whose name is none, or was given before",
    ]
    assert len(outside.outside(other.journal())) == 3


def test_nothing_but_what_the_clause_allows_crosses(sides: World) -> None:
    """Every letter, sealed and opened, and the whole folder of who got it: of what that side did not have itself there
    is no account, amount, reference or name."""
    tell(sides, "US", "provide", case_on(sides, "US", BOTH).id)
    tell(sides, "CN", "ask", case_on(sides, "CN", BOTH).id)
    deliver(sides)
    every = {text for text in texts(PAID) if len(text) >= 7}
    for side, to in (("US", "CN"), ("CN", "US")):
        desk, other = sides.desks[side], sides.desks[to]
        sealed = [p.read_bytes() for p in sorted(box(desk, sides).folder.glob("*.message"))]
        assert sealed and not leaks(b"\0".join(sealed), every)
        said = [store.opened(other.book, other.keys, message)[2].pack() for message in sealed]
        assert leaks(b"\0".join(said), every) == [BOTH], "whom it is about, whom both have, and nobody else"
        own = {text for p in PAID if to in _ends(p) for text in texts([p])}
        secret = {text for text in every if text not in "\n".join(own)}
        assert len(secret) > 400 and not leaks(held(other.book.path), secret)
    words = [json.loads(p.read_bytes()) for p in box(sides.desks["CN"], sides).folder.glob("*.sent.json")]
    assert all(set(f) == {"rule", "certain"} for x in words for f in x.get("flags", []))


def _ends(paid: Any) -> set[str]:
    return {country(account) for account in (paid.payer, paid.payee)}


@pytest.mark.parametrize(
    ("clause", "named"),
    [
        ('of = "nobody"', "who is no party"),
        ('of = "US authority"\nlaw = " "', "no law, or no source of it"),
        ('of = "US authority"\nrules = ["gossip"]', "rules"),
        ('of = "US authority"\nways = ["shout"]', "ways"),
        ('of = "US authority"\nfields = ["name"]', "fields"),
        ('of = "US authority"\nkinds = []', "kinds"),
        ('of = "US authority"\na_month = 0', "a_month cannot be 0"),
    ],
)
def test_a_clause_that_cannot_be(tmp_path: Path, clause: str, named: str) -> None:
    usual = {"law": '"a law"', "source": '"its page"', "rules": '["chain"]'}
    lines = [clause, *(f"{name} = {value}" for name, value in usual.items() if f"{name} = " not in clause)]
    _, path = agreed(tmp_path, most="smallest = 5\n\n[[flags]]\n" + "\n".join(lines))
    with pytest.raises(CrossbookError, match=named):
        agreements.read(path)


def test_the_commands_tell_what_they_show(sides: World, tmp_path: Path) -> None:
    ours, theirs = (sides.desks[side].book.path for side in ("CN", "US"))
    case, key = case_on(sides, "US", BOTH), ("--key", tmp_path / "US.key")
    words = ("exchange", "flag", "provide", sides.sha[:12], case.id, "--party", BOTH, *key)
    would = data(*words, "--preview", book=theirs)
    assert data("exchange", "flag", "list", book=theirs) == []
    (sent,) = data(*words, book=theirs)
    assert (sent["flags"], sent["named"]) == (would["flags"], would["named"])
    deliver(sides)
    shown = run("exchange", "flag", "list", book=ours, lang="zh").stdout
    assert "主动提供" in shown and "10,000.00 USD – 99,999.99 USD" in shown
    told_of = case_on(sides, "CN", BOTH)
    text = run("watch", "case", told_of.id, book=ours).stdout
    assert f"({sent['name']})" in text and "another authority" in text
    assert data("watch", "case", told_of.id, book=ours)["outside"][0]["name"] == sent["name"]
    done = run("exchange", "flag", "answer", sent["name"], "--key", tmp_path / "CN.key", book=ours)
    assert (done.returncode, "asked nothing under" in done.stderr) == (2, True)
    data("exchange", "flag", "withdraw", sent["name"], *key, book=theirs)
    assert run("book", "check", book=ours).returncode == 0

"""Commands that read what sessions came to: how they stand, the cases found together, what left."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from crossbook.cli.amounts import amount
from crossbook.cli.exchange_options import SessionName, opened_book
from crossbook.cli.options import HERE, AsJson, BookPath
from crossbook.i18n import t, translated


def sessions(book: BookPath = HERE, json: AsJson = False) -> None:
    """Sessions, the newest first: with whom, of which days, where they stand. 会话列表"""
    from crossbook.cli import show
    from crossbook.exchange import keys, reading, store

    keys.need()
    found = [reading.of_session(session) for session in store.sessions(opened_book(book))]
    if json:
        show.as_json(found)
        return
    if not found:
        show.say(t("no sessions yet: crossbook exchange start AGREEMENT"))
        return
    columns = [
        "session",
        "with",
        "days",
        "stands at",
        "turns",
        "met",
        "told of",
        "cases",
        "in long chains",
        "seen alone",
    ]
    several = len({r["agreement"] for r in found}) > 1
    rows = [
        [
            r["session"],
            *([r["agreement"]] if several else []),
            show.clean(r["with"]),
            f"{r['since']} – {r['until']}",
            t(r["phase"]),
            str(r["turns"]),
            f"{r['met']:,} / {r['border']:,}",
            f"{r['told']:,} / {r['transfers']:,}",
            *("—" if r[name] is None else f"{r[name]:,}" for name in ("cases", "together", "alone")),
        ]
        for r in found
    ]
    if several:
        columns.insert(1, "under agreement")
    show.table([t(name) for name in columns], rows, right=tuple(at + several for at in (4, 5, 6, 7, 8, 9)))
    for r in found:
        if r["left_out"]:
            show.say(f"{r['session']}: {left_out(r['left_out'])}")


def left_out(counts: dict[str, int]) -> str:
    """Which transfers of its days are no part of a session, in words."""
    from crossbook.exchange.border import LEFT_OUT

    return t("transfers left out: {what}", what="; ".join(t(LEFT_OUT[why], n=f"{n:,}") for why, n in counts.items()))


def cases(session: SessionName, book: BookPath = HERE, json: AsJson = False) -> None:
    """Chains found together: your part line by line, and how much the other side holds of each. 联合案件"""
    from crossbook.cli import show
    from crossbook.exchange import keys, reading, store
    from crossbook.exchange.talk import ENDED

    keys.need()
    held = store.find(opened_book(book), session)
    found, told = reading.cases(held), reading.of_session(held)
    for lacks in _not_whole(told):
        show.aside(lacks)
    if json:
        show.as_json(found)
        return
    if not found:
        if told["phase"] == ENDED:
            show.say(t("no chain crosses the border in these days, as far as both sides see"))
        return
    rows = [
        [
            str(r["case"]),
            str(r["transfers"]),
            str(r["deepest"]),
            f"{r['first']} – {r['last']}",
            amount(r["amount"], r["currency"]),
            reading.band(r["theirs"], "transfers") if r["theirs"] else "—",
            _their_money(r["theirs"]) if r["theirs"] else "—",
        ]
        for r in found
    ]
    columns = [
        t("case"),
        t("yours"),
        t("depth"),
        t("days"),
        t("money in it"),
        t("theirs"),
        t("money in theirs"),
    ]
    show.table(columns, rows, right=(0, 1, 2, 4, 5, 6))
    if any(r["theirs"] and not r["theirs"]["currency"] for r in found):
        show.say(
            t(
                "theirs is in the smallest unit, such as cents or fen, of the currency of most of their transfers; "
                "which that is they did not tell, as their version did not"
            )
        )
    show.say(t("ask the other side: {contact}", contact=show.clean(found[0]["contact"])))


def _their_money(theirs: dict[str, Any]) -> str:
    from crossbook import money
    from crossbook.exchange import reading

    if not theirs["currency"]:
        return reading.band(theirs, "amount")
    return money.band(theirs["amount"], theirs["currency"])


def _not_whole(told: dict[str, Any]) -> list[str]:
    """Why cases of a session may be too few, in words: none is no good news where few met or it has not ended."""
    from crossbook.exchange.talk import ENDED

    lacks = []
    if told["phase"] != ENDED:
        lacks.append(t("the session has not ended, it stands at: {phase}; cases may lack", phase=t(told["phase"])))
    if told["met"] < told["border"]:
        met, border = f"{told['met']:,}", f"{told['border']:,}"
        lacks.append(
            t("only {n} of {all} transfers that cross met: chains through the others are not seen", n=met, all=border)
        )
    if told["left_out"]:
        lacks.append(left_out(told["left_out"]))
    return lacks


def ledger(
    session: Annotated[str, typer.Argument(help="Of this session alone, transfer by transfer. 会话号")] = "",
    book: BookPath = HERE,
    json: AsJson = False,
) -> None:
    """What left, in words: every message with its bytes; of a session what the other side now knows. 披露台账"""
    from crossbook.cli import show
    from crossbook.exchange import keys, reading, store, telling
    from crossbook.exchange.telling import ONLY_LAST

    opened = opened_book(book)
    if session:
        keys.need()
        known = telling.known(opened, store.find(opened, session))
        if json:
            show.as_json(known)
            return
        if any(r["told"] is None for r in known):
            show.aside(t(ONLY_LAST))
        columns = [t("transfer"), t("day"), t("payer"), t("message"), t("what the other side knows of it")]
        show.table(
            columns,
            [
                [
                    str(r["id"]),
                    str(r["day"]),
                    show.clean(r["payer_account"]),
                    "—" if r["message"] is None else str(r["message"]),
                    _knows(r),
                ]
                for r in telling.times(known)
            ],
            right=(0, 3),
        )
        return
    sent = reading.ledger(opened)
    if json:
        show.as_json(sent)
        return
    if not sent:
        show.say(t("nothing was told to anybody"))
        return
    several = len({r["agreement"] for r in sent}) > 1
    rows = [
        [
            r["at"][:16].replace("T", " "),
            show.clean(r["to"]),
            *([r["agreement"][:12]] if several else []),
            f"{r['session']} {_which(r)}",
            f"{r['bytes']:,}",
            show.clean(translated(r["what"])) if r["what"] else ", ".join(map(reading.in_words, r["told"])),
            "—" if r["of"] is None else f"{r['transfers']:,} / {r['of']:,}",
            reading.signed_for(r),
        ]
        for r in sent
    ]
    columns = [t("sent"), t("to"), t("message"), t("bytes"), t("what"), t("told of"), t("signed for")]
    if several:
        columns.insert(2, t("under agreement"))
    show.table(columns, rows, right=(3 + several, 5 + several))


def _which(row: dict[str, Any]) -> str:
    if row["number"] is not None:
        return str(row["number"])
    return t("meeting {n}", n=row["meeting"]) if row["meeting"] is not None else ""


def forget(
    preview: Annotated[bool, typer.Option("--preview", help="Say what would go. 只预览")] = False,
    book: BookPath = HERE,
    json: AsJson = False,
) -> None:
    """Remove what was told longer ago than the agreement keeps it; the ledger stays. 到期清除"""
    from crossbook.cli import show
    from crossbook.exchange import retention

    opened = opened_book(book)
    found = retention.due(opened) if preview else retention.forget(opened)
    if json:
        show.as_json(
            [
                {
                    "agreement": one.agreement.sha[:12],
                    "with": one.other,
                    "session": None if one.letters else one.subject,
                    "letters": one.letters or None,
                    "last": one.last,
                    "files": len(one.files),
                }
                for one in found
            ]
        )
        return
    for one in found:
        what = t("letters of {who} up to {n}", who=show.clean(one.other), n=one.letters)
        what = what if one.letters else t("session {s}", s=one.subject)
        show.say(f"{what} · {one.last} · {t('{n} files', n=len(one.files))}")
    if not found:
        show.say(t("nothing is past its retention"))


def _knows(row: dict[str, Any]) -> str:
    told = []
    if row["depth"]:
        hours = row["span_hours"]
        text = t(
            "fresh money at depth {d}, begun at {since} or up to {h} h later",
            d=row["depth"],
            since=row["since"],
            h=hours,
        )
        told.append(text)
    if row["case"] is not None and row["now"] in (row["case"], None):
        told.append(t("it is of case {n}", n=row["case"]))
    elif row["case"] is not None:
        told.append(t("it is of case {n}, which is case {now} since", n=row["case"], now=row["now"]))
    if row["taken_back"]:
        told.append(t("the depth that was told before is taken back"))
    return "; ".join(told)

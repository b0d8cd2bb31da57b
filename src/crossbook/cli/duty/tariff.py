"""Commands on tariff lines: find, show, diff, add, coverage."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Annotated, Any

import typer

from crossbook.cli.duty.options import On, book_or_none, law_with
from crossbook.cli.options import HERE, AsJson, BookPath, as_day, today
from crossbook.errors import CrossbookError
from crossbook.i18n import t, translated


def find(
    words: Annotated[list[str], typer.Argument(help="What it is: USB charging cable. 商品描述")],
    origin: Annotated[str, typer.Option(help="Whose rates to show. 原产地")] = "CN",
    on: On = None,
    limit: Annotated[int, typer.Option(min=1, max=50, help="How many headings. 数量")] = 10,
    book: BookPath = HERE,
    json: AsJson = False,
) -> None:
    """Rank tariff lines for goods described in words, with the rate each would bear. 查找税号"""
    from crossbook.cli import show
    from crossbook.duty.countries import country
    from crossbook.duty.finding import find as search
    from crossbook.duty.quoting import duty
    from crossbook.duty.schedule import lines_under

    on = on or today()
    whose = country(origin, "origin")
    found = search(" ".join(words), on, limit)
    if not found:
        raise CrossbookError(f"no tariff line has these words: {' '.join(words)}", todo="try other words for the goods")
    law = law_with(None, None, book_or_none(book), on)
    rows: list[dict[str, Any]] = []
    for f in found:
        under = lines_under(f.code, on)
        q = duty(under[0], whose, on, 10_000, table=law)
        rates = [o.rate for o in (q.outcome, q.lowest, q.highest)]
        rows.append(
            {
                "hts": f.shown,
                "path": f.path,
                "sure": round(f.sure, 3),
                "rate": rates[0],
                "rate_low": rates[1],
                "rate_high": rates[2],
                "general": under[0].general,
                "lines": [x.shown for x in under],
            }
        )
    if json:
        show.as_json(
            [{k: float(v) if k.startswith("rate") and v is not None else v for k, v in r.items()} for r in rows]
        )
        return
    show.table(
        [t("tariff number"), t("sure"), t("duty from {origin}", origin=whose), t("goods")],
        [[show.clean(r["hts"]), f"{r['sure'] * 100:.0f} %", show.clean(_span(r)), show.clean(r["path"])] for r in rows],
        right=[1, 2],
    )
    show.say(t("a ranking, not a ruling: of three best headings about one is right first; check with a broker"))


def _span(r: dict[str, Any]) -> str:
    def percent(value: Any) -> str:
        return f"{(value * 100).normalize():f} %"

    if r["rate"] is None:
        return str(r["general"])
    if None in (r["rate_low"], r["rate_high"]) or r["rate_low"] == r["rate_high"]:
        return percent(r["rate"])
    return f"{percent(r['rate_low'])} - {percent(r['rate_high'])}"


def show(
    hts: Annotated[str, typer.Argument(help="A tariff number of any length. 税号")],
    origin: Annotated[str, typer.Option(help="Whose duties. 原产地")] = "CN",
    on: On = None,
    book: BookPath = HERE,
    json: AsJson = False,
) -> None:
    """One line as it stands on a day, with what reaches it; or the lines under a shorter number. 税号详情"""
    from dataclasses import asdict

    from crossbook.cli import show as out
    from crossbook.duty.countries import country
    from crossbook.duty.lines import digits
    from crossbook.duty.quoting import reaching
    from crossbook.duty.schedule import line as line_of
    from crossbook.duty.schedule import lines_under
    from crossbook.duty.tables import law

    on = on or today()
    table = law_with(None, None, book_or_none(book), on) or law()
    under = lines_under(digits(hts), on, table.newer)
    if len(under) > 1 and len(digits(hts)) < 10:
        if json:
            out.as_json([asdict(x) for x in under])
        else:
            out.table(
                [t("tariff number"), t("general"), t("goods")],
                [[x.shown, out.clean(x.general), out.clean(x.path)] for x in under],
            )
        return
    at = line_of(hts, on, table.newer)
    measures = reaching(table, at.code, country(origin, "origin"), on)
    if json:
        out.as_json({**asdict(at), "measures": [asdict(m) for m in measures]})
        return
    out.say(f"[bold]{at.shown}[/] {out.clean(at.path)}")
    for name, text in (
        ("general", at.general),
        ("special", at.special),
        ("column 2", at.other),
        ("units", ", ".join(at.units)),
    ):
        out.say(f"  {t(name)}: {out.clean(text)}")
    out.say("  " + out.clean(t("in force from {since} to {until}", since=at.since, until=at.until or t("now"))))
    out.table(
        [t("heading"), t("measure"), t("duty rate"), t("condition"), t("from"), t("legal source")],
        [
            [
                m.heading,
                out.clean(t(m.name)),
                "" if m.rate is None else f"{(m.rate * 100).normalize():f} %",
                out.clean(", ".join("".join(c) for c in m.when)),
                str(m.since),
                out.clean(m.source),
            ]
            for m in measures
        ],
        right=[2],
    )


def diff(
    before: Annotated[Path, typer.Argument(help="An earlier export, or a day. 旧版")],
    after: Annotated[Path, typer.Argument(help="A later export, or a day. 新版")],
    json: AsJson = False,
) -> None:
    """What changed between two schedules: exports of the USITC, or two days of the shipped one. 版本比较"""
    from crossbook.cli import show as out
    from crossbook.duty.comparing import compare, schedule_at

    found = compare(schedule_at(str(before)), schedule_at(str(after)))
    if json:
        out.as_json(found)
        return
    kinds: dict[str, int] = {}
    for c in found:
        kinds[c.what] = kinds.get(c.what, 0) + 1
    out.say(", ".join(f"{t(k)}: {n:,}" for k, n in sorted(kinds.items())) or t("no difference"))
    out.table(
        [t("tariff number"), t("change"), t("before"), t("after")],
        [[c.shown, t(c.what), out.clean(c.before), out.clean(c.after)] for c in found[:60]],
    )
    if len(found) > 60:
        out.say(t("and {count} more: --json has all", count=f"{len(found) - 60:,}"))


def add(
    files: Annotated[list[Path], typer.Argument(help="Exports or tables. 税则文件")],
    market: Annotated[str, typer.Option(help="Whose tariff a plain table is. 市场")] = "US",
    since: Annotated[
        date | None,
        typer.Option("--from", metavar="DAY", parser=as_day, help="From when a US export is in force. 生效日"),
    ] = None,
    book: BookPath = HERE,
    json: AsJson = False,
) -> None:
    """Add a schedule or duty table to the book: USITC, UK, EU exports, or a plain CSV. 添加税则"""
    from crossbook.book import open_book
    from crossbook.book.adding import add as add_one
    from crossbook.book.opening import inputs
    from crossbook.cli import show as out

    opened = open_book(book)
    account = market.upper() + (f"@{since}" if since else "")
    added = []
    with out.progress(quiet=json) as step:
        found = inputs(files)
        for i, item in enumerate(found):
            step(t("adding"), i, len(found))
            added.append(add_one(opened, item, account=account))
        step(t("adding"), len(found), len(found))
    unread = _unread(opened, [a.sha for a in added])
    if json:
        out.as_json({"added": added, "unreadable": unread})
    else:
        for a in added:
            out.say(
                t(
                    "{name}: {source}, {count} lines",
                    name=out.clean(a.name),
                    source=a.source,
                    count=f"{a.facts.get('tariff', 0):,}",
                )
            )
        for u in unread[:20]:
            where = f"{out.clean(u['code'])} {out.clean(u['column'])}"
            out.say(f"[{out.WARN}]{where}: {out.clean(u['duty'])}: {out.clean(u['reason'])}[/]")
        if unread:
            out.say(t("{count} duties cannot be read and will be refused, not guessed", count=f"{len(unread):,}"))
    if unread:
        raise typer.Exit(1)


def _unread(book: Any, shas: list[str]) -> list[dict[str, Any]]:
    """Duties of the files just added that cannot be read."""
    from crossbook.duty.expressions import by_programme, parse
    from crossbook.engine.duck import connect

    found: list[dict[str, Any]] = []
    for r in connect(book).rows("SELECT * FROM tariff ORDER BY market, code"):
        if r["evidence"] not in shas:
            continue
        for column, read in (("general", parse), ("other", parse), ("special", by_programme)):
            text = r[column]
            try:
                if text:
                    read(text)
            except ValueError as error:
                found.append(
                    {"code": r["code"], "column": column, "duty": text, "reason": str(error), "line": r["line"]}
                )
    return found


def coverage(book: BookPath = HERE, json: AsJson = False) -> None:
    """For each market: what is covered, from what, as of when. 覆盖范围"""
    from crossbook.cli import show as out
    from crossbook.duty.coverage import coverage as covered
    from crossbook.duty.desk import foreign_duties
    from crossbook.engine.duck import connect

    opened = book_or_none(book)
    found = covered(foreign_duties(connect(opened)) if opened else ())
    if json:
        out.as_json(found)
        return
    out.table(
        [t("market"), t("subject"), t("covered"), t("legal source"), t("known until")],
        [
            [c.market, t(c.subject), out.clean(_in_words(c.covered)), out.clean(c.source), str(c.until or "")]
            for c in found
        ],
    )


def _in_words(covered: str) -> str:
    """What is covered, in the language in use; of headings of chapter 99 the reason."""
    headings, sign, reason = covered.partition(": ")
    return f"{headings}{sign}{translated(reason)}" if headings.startswith("99") else translated(covered)

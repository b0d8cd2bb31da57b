"""Commands on tariff lines: find, show, diff, add, coverage."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from crossbook.cli.duty.options import On, book_or_none, law_with
from crossbook.cli.options import HERE, AsJson, BookPath, as_day, today
from crossbook.errors import CrossbookError
from crossbook.i18n import cited, t

if TYPE_CHECKING:
    from decimal import Decimal

    from crossbook.duty.finding.rated import Candidate


def find(
    words: Annotated[list[str], typer.Argument(help="What it is: USB charging cable. 商品描述")],
    origin: Annotated[str, typer.Option(help="Whose rates to show. 原产地")] = "CN",
    on: On = None,
    limit: Annotated[int, typer.Option(min=1, max=50, help="How many headings. 数量")] = 10,
    answers: Annotated[
        list[str] | None, typer.Option("--is", metavar="ANSWER", help="Answer what was asked: --is woven. 回答问题")
    ] = None,
    book: BookPath = HERE,
    json: AsJson = False,
) -> None:
    """Rank tariff lines for goods described in words, with the rate each would bear. 查找税号"""
    from crossbook.cli import show
    from crossbook.duty.countries import country
    from crossbook.duty.finding import parsed, search
    from crossbook.duty.finding.rated import as_dict, asked, how_sure, rated, shortened, worth_showing

    on = on or today()
    whose = country(origin, "origin")
    told = search(" ".join(words), on, limit, parsed(answers or ()))
    if not told.found:
        raise CrossbookError(f"nothing known has these words: {' '.join(words)}", todo="try other words for the goods")
    law = law_with(None, None, book_or_none(book), on)
    candidates = [rated(f, whose, on, law) for f in told.found]
    if json:
        show.as_json(as_dict(told, candidates))
        return
    shown = worth_showing(candidates)
    show.table(
        [
            t("tariff number"),
            t("heading"),
            t("six digits"),
            t("duty from {origin}", origin=whose),
            t("goods"),
            t("nearest known"),
        ],
        [
            [
                show.clean(c.hts),
                f"{c.sure * 100:.0f} %",
                f"{c.sure_of_six * 100:.0f} %",
                show.clean(_span(c)),
                show.clean(shortened(c.path)),
                show.clean(c.because),
            ]
            for c in shown
        ],
        right=[1, 2],
    )
    if len(shown) < len(candidates):
        show.say(t("and {count} more that are less likely: --json has all", count=len(candidates) - len(shown)))
    show.say(show.clean(how_sure(told)))
    if told.unknown:
        show.say(show.clean(t("not known, and not looked at: {words}", words=", ".join(told.unknown))))
    if question := asked(told):
        text, choices = question
        show.say(f"[{show.WARN}]{show.clean(text)}[/] {show.clean('; '.join(choices))}")
        show.say(show.clean(t("answer with --is, and the candidates are weighed again")))


def _span(c: Candidate) -> str:
    def percent(value: Decimal) -> str:
        return f"{(value * 100).normalize():f} %"

    if c.rate is None:
        return f"{c.general} + {percent(c.added)}" if c.added else c.general
    if c.rate_low is None or c.rate_high is None or c.rate_low == c.rate_high:
        return percent(c.rate)
    return f"{percent(c.rate_low)} - {percent(c.rate_high)}"


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
    from crossbook.duty.foreign_rates import worth
    from crossbook.engine.duck import connect

    def abroad(text: str) -> object:
        return worth(text, 0, {}, "USD", {})

    found: list[dict[str, Any]] = []
    for r in connect(book).rows("SELECT * FROM tariff ORDER BY market, code"):
        if r["evidence"] not in shas:
            continue
        general = parse if r["market"] == "US" else abroad
        for column, read in (("general", general), ("other", parse), ("special", by_programme)):
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
    from crossbook.duty.coverage import in_words
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
            [c.market, t(c.subject), out.clean(in_words(c)), out.clean(cited(c.source)), str(c.until or "")]
            for c in found
        ],
    )

"""The command claims: each entry's claims by the way they go, and the files that the broker uploads or works from."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from crossbook.calendars import typed_day
from crossbook.cli.day import On, day_of, say_day
from crossbook.cli.options import HERE, AsJson, BookPath
from crossbook.errors import CrossbookError, one_of
from crossbook.i18n import t, translated
from crossbook.spreadsheets import write_csv

if TYPE_CHECKING:
    from crossbook.duty.claiming import Claim, Disputed, Total
    from crossbook.duty.drawback import Candidate, Export
    from crossbook.duty.filed import EntryLine

IMPORTERS = ("corporation", "other")
SHOWN = 40


def claims(
    book: BookPath = HERE,
    on: On = None,
    entry: Annotated[str, typer.Option(help="Only this entry, with every way that is open. 只看此报关单")] = "",
    importer: Annotated[
        str, typer.Option(help="Who the importer is: corporation or other; decides the rate of interest. 进口商类型")
    ] = "corporation",
    cape: Annotated[Path | None, typer.Option(help="Write the CAPE declaration to upload in ACE. CAPE申报文件")] = None,
    protests: Annotated[
        Path | None, typer.Option(help="Write the facts for protests (CBP Form 19). 异议工作表")
    ] = None,
    drawback: Annotated[Path | None, typer.Option(help="Write the candidates for drawback. 出口退税候选")] = None,
    exports: Annotated[
        Path | None, typer.Option(help="CSV of goods that left the US: hts,quantity,exported_on,reference. 复出口表")
    ] = None,
    json: AsJson = False,
) -> None:
    """Claims on duty paid: by entry, way and last day, with interest. 关税退税主张

    Exit code 1 where an entry line could not be worked out, else 0.
    """
    from crossbook.book import open_book
    from crossbook.cli import show
    from crossbook.duty.claiming import totals
    from crossbook.duty.courts import known_until, orders
    from crossbook.duty.desk import claims_of, day_of_law
    from crossbook.engine.duck import connect

    one_of("importer", importer, IMPORTERS)
    sent = read_exports(exports) if exports else []
    database = connect(open_book(book))
    day = day_of_law(on, day_of(database, None))
    told = claims_of(database, day, corporation=importer == "corporation", exports=sent)
    if not told.entries:
        raise CrossbookError("no entries in the book", todo="add the ACE report ES-003: crossbook add es003.csv")
    found = [c for c in told.claims if entry in ("", c.entry)]
    if entry and not any(e.entry == entry for e in told.entries):
        raise CrossbookError(f"no entry {entry} in the book", todo="write the number as the report does")
    files = write_files(told.claims, told.drawback, cape=cape, protests=protests, drawback=drawback)
    if json:
        show.as_json(
            {
                "day": day,
                "importer": importer,
                "totals": totals(found),
                "claims": found,
                "drawback": [c for c in told.drawback if entry in ("", c.entry)],
                "disputed": [d for d in told.disputed if entry in ("", d.entry)],
                "orders": [o for o in orders() if o.day <= day],
                "orders_known_until": known_until(),
                "unworked": unworked(told.unworked),
                "files": files,
            }
        )
    else:
        show_claims(found, told.drawback, detail=bool(entry))
        say_disputed([d for d in told.disputed if entry in ("", d.entry)])
        for name, count in files.items():
            show.say(t("{file}: {count} rows", file=name, count=f"{count:,}"))
        for e, why in told.unworked[:20]:
            show.say(f"[{show.WARN}]{show.clean(e.entry)}/{e.number}: {show.clean(translated(why))}[/]")
        say_day(day, on)
    if told.unworked:
        raise typer.Exit(1)


def unworked(refused: Iterable[tuple[EntryLine, str]]) -> list[dict[str, Any]]:
    """Lines that could not be worked out, each with its reason."""
    return [{"entry": e.entry, "line": e.number, "reason": why} for e, why in refused]


def show_claims(found: Sequence[Claim], candidates: Sequence[Candidate], *, detail: bool) -> None:
    """Claims for people: sums by way, then each claim, then drawback; of one entry also the ways and why."""
    from crossbook.cli import show
    from crossbook.cli.amounts import amount
    from crossbook.duty.claiming import totals

    def cash(minor: int | None) -> str:
        return amount(minor, "USD") if minor else ""

    def owed(c: Claim | Total) -> str:
        return t("up to {amount}", amount=cash(c.owed)) if c.owed_perhaps else cash(c.owed)

    show.table(
        [t(c) for c in ("how", "customs entries", "amount", "if the fact holds", "interest so far", "owed", "until")],
        [
            [
                t(s.remedy),
                f"{s.entries:,}",
                cash(s.amount),
                cash(s.perhaps),
                cash(s.interest),
                owed(s),
                str(s.first or ""),
            ]
            for s in totals(found)
        ],
        right=[1, 2, 3, 4, 5],
    )
    columns = (
        "entry",
        "entered",
        "liquidated",
        "amount",
        "if the fact holds",
        "interest so far",
        "owed",
        "how",
        "until",
    )
    show.table(
        [t(c) for c in columns],
        [
            [
                show.clean(c.entry),
                str(c.entered_on),
                str(c.liquidated_on or ""),
                cash(c.amount),
                cash(c.perhaps),
                cash(c.interest),
                owed(c),
                t(c.remedy),
                str(c.deadline or ""),
            ]
            for c in found[:SHOWN]
        ],
        right=[3, 4, 5, 6],
    )
    if len(found) > SHOWN:
        show.say(t("and {count} more: --json has all", count=f"{len(found) - SHOWN:,}"))
    if detail:
        show_ways(found)
        return
    asked = sorted({a for c in found for a in c.asks})
    if asked:
        show.say(t("the reports do not tell: {facts}", facts="; ".join(t(a) for a in asked)))
    short = sorted({c.interest_until for c in found if c.interest_until and c.interest is not None})
    if short:
        show.say(t("interest is counted to {day}, from the day of the entry summary, else of the entry", day=short[-1]))
    if candidates:
        back = sum(c.back for c in candidates if c.open)
        lines = sum(1 for c in candidates if c.open)
        told = t(
            "drawback: up to {amount} on {lines} lines if the goods leave the US; --drawback FILE lists them",
            amount=amount(back, "USD"),
            lines=f"{lines:,}",
        )
        rival = sum(c.rival for c in candidates if c.open)
        also = t("of its duty {amount} may come back by a claim above instead", amount=amount(rival, "USD"))
        untold = sum(1 for c in candidates if c.open and not c.type)
        asked_type = t("{lines} lines are of entries whose type is not told", lines=f"{untold:,}")
        show.say("; ".join(filter(None, (told, also if rival else "", asked_type if untold else ""))))


def say_disputed(found: Sequence[Disputed]) -> None:
    """What is before the courts and not given back yet."""
    from crossbook.cli import show
    from crossbook.cli.amounts import amount

    still = [d for d in found if d.open]
    if not still:
        return
    told = t(
        "Section 122: {amount} on {count} entries is before the courts and not given back; a protest keeps it open",
        amount=amount(sum(d.amount for d in still), "USD"),
        count=f"{len(still):,}",
    )
    first = next((d.until for d in still if d.until), None)
    show.say(told + (f", {t('until {day}', day=first)}" if first else ""))


def show_ways(found: Sequence[Claim]) -> None:
    """What each claim is for, every way that it goes, until when, and what decides it."""
    from crossbook.cli import show
    from crossbook.cli.amounts import amount

    for c in found:
        for r in c.lines:
            what = t("line {number}, {heading}", number=r.number, heading=r.heading or r.hts)
            paid, due = (amount(x, "USD") for x in (r.paid, r.due))
            told = t("{paid} paid, {due} due", paid=paid, due=due)
            show.say(f"{what}: {told}: {show.clean(translated(r.why))}[dim] ({show.clean(r.source)})[/]")
        for way in c.ways:
            until = t("until {day}", day=way.until) if way.until else ""
            moved = ""
            if way.counted and way.counted != way.until:
                moved = t("counted it is {day}, a day on which federal offices are closed", day=way.counted)
            told = "; ".join(filter(None, (until, moved, show.clean(way.law))))
            show.say(f"[bold]{t(way.how)}[/]{': ' if told else ''}{told}")
            for why in way.why:
                cited = f" ({why.source})" if why.source else ""
                show.say(f"  {show.clean(translated(why.text))}[dim]{show.clean(cited)}[/]")
        for ask in c.asks:
            show.say(t("the reports do not tell: {facts}", facts=t(ask)))


def write_files(
    found: Sequence[Claim],
    candidates: Sequence[Candidate],
    *,
    cape: Path | None = None,
    protests: Path | None = None,
    drawback: Path | None = None,
) -> dict[str, int]:
    """The files asked for, each with how many rows it has."""
    from crossbook.filing.claims import cape_files, drawback_sheet, protest_sheet

    wanted = []
    if cape:
        batches = cape_files(found)
        wanted += [(cape if n == 1 else cape.with_stem(f"{cape.stem}-{n}"), f) for n, f in enumerate(batches, 1)]
    if protests:
        wanted.append((protests, protest_sheet(found)))
    if drawback:
        wanted.append((drawback, drawback_sheet(candidates)))
    for path, sheet in wanted:
        write_csv(path, sheet.heads, sheet.rows, mark=False)
    return {str(path): len(sheet.rows) for path, sheet in wanted}


def read_exports(path: Path) -> list[Export]:
    """A table of exports: hts, quantity, exported_on, reference, and unit where it has one. Raises CrossbookError with
    the line that is wrong."""
    from crossbook.duty.drawback import Export
    from crossbook.duty.filed import UNITS, unit_of

    try:
        text = path.read_text(encoding="utf-8-sig")
    except OSError:
        raise CrossbookError("no such file", where=str(path)) from None
    except UnicodeDecodeError:
        raise CrossbookError("not UTF-8 text", where=path.name, todo="save it as CSV UTF-8") from None
    reader = csv.DictReader(text.splitlines())
    wanted = ("hts", "quantity", "exported_on", "reference")
    if missing := [n for n in wanted if n not in (reader.fieldnames or ())]:
        raise CrossbookError(
            f"no column {', '.join(missing)}",
            where=path.name,
            todo="the columns are hts,quantity,exported_on,reference",
        )
    found = []
    for row in reader:
        where = f"{path.name}:{reader.line_num}"
        try:
            quantity = Decimal((row["quantity"] or "").replace(",", ""))
        except InvalidOperation:
            raise CrossbookError(f"not a quantity: {row['quantity']!r}", where=where) from None
        if not quantity.is_finite() or quantity <= 0:
            raise CrossbookError(f"not a quantity: {row['quantity']!r}", where=where, todo="give a number above zero")
        day: date = typed_day(row["exported_on"] or "", where)
        unit = (row.get("unit") or "").strip()
        if unit and not unit_of(unit):
            raise CrossbookError(f"not a unit: {unit!r}", where=where, todo="write one of " + ", ".join(UNITS))
        found.append(Export(row["hts"] or "", quantity, day, row["reference"] or "", unit=unit))
    return found

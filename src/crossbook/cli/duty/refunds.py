"""The command refunds: what of the duty already paid can be claimed back, as a list for the broker."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from crossbook import money
from crossbook.cli.day import On, day_of, say_day
from crossbook.cli.options import HERE, AsJson, BookPath
from crossbook.errors import CrossbookError
from crossbook.i18n import t, translated
from crossbook.spreadsheets import write_csv

if TYPE_CHECKING:
    from crossbook.duty.filed import EntryLine
    from crossbook.duty.refunds import Refund


def refunds(
    book: BookPath = HERE,
    on: On = None,
    all_: Annotated[bool, typer.Option("--all", help="Also what can no longer be claimed. 含已过期")] = False,
    out: Annotated[Path | None, typer.Option(help="Write the list as CSV, for the broker. 输出CSV")] = None,
    json: AsJson = False,
) -> None:
    """Duty already paid that can be claimed back, by entry line. 可退税款"""
    from crossbook.book import open_book
    from crossbook.cli import show
    from crossbook.cli.amounts import amount
    from crossbook.duty.desk import day_of_law, entries, refunds_of
    from crossbook.duty.refunds import is_listed
    from crossbook.engine.duck import connect

    database = connect(open_book(book))
    day = day_of_law(on, day_of(database, None))
    found, refused = refunds_of(database, day)
    if not found and not refused and not entries(database):
        raise CrossbookError("no entries in the book", todo="add the ACE report ES-003: crossbook add es003.csv")
    kept = [r for r in found if is_listed(r, all_)]
    closed = [r for r in found if r.amount > 0 and not is_listed(r, all_)]
    if out:
        write_refunds(kept, out)
    if json:
        show.as_json(
            {"refunds": kept, "refused": [{"entry": e.entry, "line": e.number, "reason": why} for e, why in refused]}
        )
        return
    show_refunds(kept, refused)
    say_day(day, on)
    if closed:
        total = amount(sum(r.amount for r in closed), "USD")
        show.say(
            t(
                "{amount} on {count} lines is past every protest: by suit alone, if at all; --all shows it",
                amount=total,
                count=len(closed),
            )
        )


def show_refunds(kept: list[Refund], refused: list[tuple[EntryLine, str]]) -> None:
    """Refund candidates for people: a sum by reason, then the lines."""
    from crossbook.cli import show
    from crossbook.cli.amounts import amount

    sums: dict[tuple[str, bool], list[int]] = {}
    for r in kept:
        sums.setdefault((r.reason, r.certain), []).append(r.amount)
    show.table(
        [t("reason"), t("certain"), t("lines"), t("amount")],
        [
            [t(reason), t("yes") if sure else t("if the fact holds"), f"{len(x):,}", amount(sum(x), "USD")]
            for (reason, sure), x in sorted(sums.items(), key=lambda s: -sum(s[1]))
        ],
        right=[2, 3],
    )
    rows = [
        [
            show.clean(f"{r.entry}/{r.number}"),
            str(r.entered_on),
            show.clean(r.heading),
            amount(r.paid, "USD"),
            amount(r.due, "USD"),
            amount(r.amount, "USD"),
            amount(r.interest.amount, "USD") if r.interest else "",
            t(r.reason),
            t(r.remedy),
            str(r.deadline or ""),
        ]
        for r in sorted(kept, key=lambda r: (r.deadline is None, r.deadline or r.entered_on, -r.amount))[:40]
    ]
    columns = ("entry", "entered", "heading", "paid", "due", "back", "interest so far", "reason", "how", "until")
    show.table([t(c) for c in columns], rows, right=[3, 4, 5, 6])
    if len(kept) > 40:
        show.say(t("and {count} more: --json or --out FILE.csv has all", count=f"{len(kept) - 40:,}"))
    for e, why in refused[:20]:
        show.say(f"[{show.WARN}]{show.clean(e.entry)}/{e.number}: {show.clean(translated(why))}[/]")


def write_refunds(found: list[Refund], out: Path) -> None:
    """The list for the broker: entry, line, heading, paid, due, back, reason, remedy, deadline."""
    names = [
        "entry number",
        "line",
        "hts",
        "origin",
        "entry date",
        "heading",
        "paid",
        "due",
        "refund",
        "interest",
        "interest until",
        "reason",
        "why",
        "source",
        "certain",
        "remedy",
        "deadline",
    ]
    rows = (
        (
            r.entry,
            r.number,
            r.hts,
            r.origin,
            r.entered_on,
            r.heading,
            *(money.plain(x, "USD") for x in (r.paid, r.due, r.amount)),
            money.plain(r.interest.amount, "USD") if r.interest else "",
            r.interest.until if r.interest else None,
            r.reason,
            r.why,
            r.source,
            "yes" if r.certain else "no",
            r.remedy,
            r.deadline,
        )
        for r in found
    )
    write_csv(out, names, rows, mark=False)

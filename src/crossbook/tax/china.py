"""China: the exempt-credit-refund worksheet, exemption without invoices and assessed income, platforms' reports."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from crossbook import money
from crossbook.book import Book
from crossbook.ceb import SIMPLIFIED
from crossbook.engine import Database
from crossbook.errors import CrossbookError
from crossbook.tax.exchange import rated
from crossbook.tax.exports import exports, valued
from crossbook.tax.laws import law_of
from crossbook.tax.offices import office
from crossbook.tax.period import Period, deadline
from crossbook.tax.purchases import key
from crossbook.tax.refund_rates import rate_of, refund_rate, refund_rates
from crossbook.tax.returned import Box, Line, Return
from crossbook.tax.sales import Scope, converted, percent, references, refunds, rounded, sales
from crossbook.tax.settings import identity, inputs
from crossbook.tax.trading import ADVANCE, Figures, advance_note, advances, rate_notes, refunded, stale_rates
from crossbook.tax.treatment import Split, split
from crossbook.tax.unsaid import unsaid

__all__ = ["Worksheet", "cn_exempt", "cn_platform", "cn_refund", "refund_rate", "refund_rates", "worksheet"]

ASSESSED = Decimal("0.04")  # SAT Announcement 36 of 2019, 2: taxable income is 4 % of income
ASSESSED_SINCE = date(2020, 1, 1)
EXEMPT_SINCE = date(2018, 10, 1)  # Caishui [2018] 103


@dataclass(frozen=True)
class Worksheet:
    """The computation of one month, in fen. Names as in Caishui [2012] 39."""

    not_creditable: int  # 当期不得免征和抵扣税额
    payable: int  # 当期应纳税额: negative is what is left to credit, 期末留抵税额
    limit: int  # 当期免抵退税额
    refund: int  # 当期应退税额
    credited: int  # 当期免抵税额
    carried: int  # 结转下期留抵税额


def worksheet(
    exports: list[tuple[int, Decimal]], levy: Decimal, *, output_vat: int, input_vat: int, carried_in: int
) -> Worksheet:
    """Exempt, credit, refund for a manufacturer: `exports` are values FOB in fen, each with its refund rate.

    Source: Caishui [2012] 39, article 5, 1.
    """
    lost = rounded(sum((Decimal(v) * max(Decimal(0), levy - r) for v, r in exports), Decimal(0)))
    limit = rounded(sum((Decimal(v) * r for v, r in exports), Decimal(0)))
    payable = output_vat - (input_vat - lost) - carried_in
    left = max(0, -payable)
    refund = min(left, limit)
    return Worksheet(
        not_creditable=lost, payable=payable, limit=limit, refund=refund, credited=limit - refund, carried=left - refund
    )


def cn_refund(database: Database, book: Book, of: Period) -> Return:
    """What can be refunded of a month's exports: a producer's worksheet, or a trading company's purchase invoices.

    [tax.exports] method says which; where it says nothing, the worksheet of all exports. What no file holds is set:
    [tax.cn_refund."2026-06"] levy_rate, input_vat, output_vat, carried_in (fen).
    """
    parted = split(database, book, of)
    if parted.rules.method == "trading":
        return _return("cn_refund", book, of, refunded(database, book, of, parted))
    method = parted.rules.method
    told = (
        valued(database, of, parted.refund, parted.told, refund=True)
        if method
        else exports(database, book, of, refund=True)
    )
    own, before = refund_rates(book), advances(database, told.rows)
    groups: dict[tuple[str, Decimal | None, bool], list[dict[str, Any]]] = defaultdict(list)
    for r in told.rows:
        found = rate_of(own, r["code"], r["declared_on"])
        groups[r["code"] or "—", found.rate if found else None, key(r) in before].append(r)
    lines, values, left = [], [], list(told.left)
    for (code, fraction, early), mine in sorted(groups.items(), key=lambda x: (x[0][0], str(x[0][1]), x[0][2])):
        value = sum(r["cny"] for r in mine)
        tax = rounded(Decimal(value) * fraction) if fraction is not None else 0
        lines.append(
            Line(
                label=code + (f" {ADVANCE}" if early else ""),
                orders=len({r["order_id"] for r in mine}),
                base=value,
                rate=percent(fraction) if fraction is not None else "",
                tax=tax,
                because=references(mine),
                note=advance_note(of) if early else "",
            )
        )
        if fraction is None:
            left.append(f"no refund rate of {code} is set for {mine[0]['declared_on']}: [[tax.refund_rates]]")
        else:
            values.append((value, fraction))
    left += stale_rates(own, told.rows)
    given = inputs(book, "cn_refund").get(of.name)
    boxes: tuple[Box, ...] = (Box("fob", "exports, free on board", sum(x.base for x in lines)),)
    total = None
    if not isinstance(given, dict):
        left.append(f'no inputs are set: [tax.cn_refund."{of.name}"] levy_rate, input_vat, output_vat, carried_in')
    elif told.whole and not any(x.rate == "" for x in lines):
        w = worksheet(
            values, _levy(given, of), **{n: _fen(given, n, of) for n in ("output_vat", "input_vat", "carried_in")}
        )
        boxes += (
            Box("not_creditable", "input VAT that may not be credited", w.not_creditable),
            Box("payable", "VAT payable; negative: left to credit", w.payable),
            Box("limit", "exempt-credit-refund amount", w.limit),
            Box("refund", "VAT to be refunded", w.refund),
            Box("credited", "credited against domestic VAT", w.credited),
            Box("carried", "carried into the next period", w.carried),
        )
        total = max(0, w.payable) - w.refund
    notes = (*told.notes, *rate_notes(own, told.rows), *(_apart(parted) if method else (_UNPARTED,)))
    return _return("cn_refund", book, of, Figures(tuple(lines), boxes, total, notes, tuple(left), told.wanting))


_UNPARTED = "nothing says how exports are treated: these may be in cn_refund and in cn_exempt; set [tax.exports] method"


def _apart(parted: Split) -> tuple[str, ...]:
    if not parted.exempt:
        return ()
    return (f"exempt, so in cn_exempt alone: {len({r['order_id'] for r in parted.exempt})} exports",)


def _return(kind: str, book: Book, of: Period, told: Figures) -> Return:
    number, law = identity(book, "uscc", of.last), law_of(kind, of.last)
    return Return(
        kind=kind,
        period=of,
        currency="CNY",
        number=number.number if number else "",
        lines=told.lines,
        boxes=told.boxes,
        total=told.total,
        due=deadline(kind, of),
        source=law.law if law else "—",
        notes=told.notes,
        open=tuple(dict.fromkeys(told.open)),
        read_at=law.source if law else "",
        secondary=bool(law and law.secondary),
        wanting=told.wanting,
    )


def _levy(given: dict[str, Any], of: Period) -> Decimal:
    text = given.get("levy_rate")
    if not isinstance(text, str) or not text.endswith("%"):
        raise CrossbookError(f'[tax.cn_refund."{of.name}"] levy_rate must be a text such as "13%"', where="book.toml")
    return Decimal(text[:-1]) / 100


def _fen(given: dict[str, Any], name: str, of: Period) -> int:
    value = given.get(name)
    if not isinstance(value, int) or isinstance(value, bool):
        raise CrossbookError(f'[tax.cn_refund."{of.name}"] {name} must be whole fen', where="book.toml")
    return value


def cn_exempt(database: Database, book: Book, of: Period) -> Return:
    """Exports without purchase invoices from a comprehensive pilot zone: exempt from VAT; income tax on 4 % of income.

    The conditions (registered in a zone, entered on its platform, declared through its customs, no invoice) are the
    business's to prove. The income tax rate is set by it: [tax.cn_exempt] income_tax_rate = "25%".
    """
    if of.last < ASSESSED_SINCE:
        raise CrossbookError(f"the assessed rate holds from {ASSESSED_SINCE}", todo="ask for a later period")
    parted = split(database, book, of)
    told = valued(database, of, parted.exempt, parted.told, refund=False)
    simple = [r for r in told.rows if parted.rules.method and r["flag"] == SIMPLIFIED]
    rows = [r for r in told.rows if r not in simple]
    income = sum(r["cny"] for r in told.rows)
    assessed = rounded(income * ASSESSED)
    text = inputs(book, "cn_exempt").get("income_tax_rate")
    fraction = Decimal(text[:-1]) / 100 if isinstance(text, str) and text.endswith("%") else None
    unset = [] if fraction is not None else ['no income tax rate is set: [tax.cn_exempt] income_tax_rate = "25%"']
    if parted.rules.method and not parted.rules.zone:
        unset.append("no pilot zone is set, whose businesses alone may be assessed: [tax.exports] zone")
    lines = tuple(
        Line(
            label=label,
            orders=len({r["order_id"] for r in mine}),
            base=sum(r["cny"] for r in mine),
            rate="4 %",
            tax=rounded(sum(r["cny"] for r in mine) * ASSESSED),
            because=references(mine),
        )
        for label, mine in (("exports without invoices", rows), ("declared simply (A)", simple))
        if mine
    )
    boxes = (Box("income", "income from exports", income), Box("assessed", "assessed taxable income", assessed))
    whole = fraction is not None and told.whole and not (parted.rules.method and not parted.rules.zone)
    total = rounded(assessed * fraction) if whole and fraction is not None else None
    notes = told.notes if parted.rules.method else (*told.notes, _UNPARTED)
    return _return("cn_exempt", book, of, Figures(lines, boxes, total, notes, (*told.left, *unset), told.wanting))


def cn_platform(database: Database, book: Book, of: Period) -> Return:
    """What platforms report of this seller for a quarter, by account: income, paid back, orders.

    Source: State Council Decree 810 of 2025, article 4: within the month after the quarter, first for 2025-Q3.
    """
    if not (of.name[5:6] == "Q" and of.last >= date(2025, 9, 30)):
        raise CrossbookError("platforms report by quarter, from 2025-Q3", todo="write 2025-Q3")
    at = office(book, "cn_platform", of)
    scope = Scope(where="true", values={}, zone=at.zone, first=of.first, last=of.last)
    sold, backs = sales(database, scope), refunds(database, scope)
    found = rated(database, (*sold, *backs), "CNY", of.last)
    by = found.by
    sold, backs = ([r for r in rows if r["currency"] in by] for rows in (sold, backs))
    waits = found.waits.said(figures=bool(sold or backs))
    lines = []
    for account in sorted({r["account"] or "—" for r in (*sold, *backs)}):
        mine = [r for r in sold if (r["account"] or "—") == account]
        back = [r for r in backs if (r["account"] or "—") == account]
        income = sum(converted(r["total"], r["currency"], "CNY", by[r["currency"]]) for r in mine)
        returned = sum(converted(r["back"], r["currency"], "CNY", by[r["currency"]]) for r in back)
        lines.append(
            Line(
                label=account,
                orders=len(mine),
                base=income - returned,
                rate="",
                tax=0,
                because=references(mine),
                note=f"income {money.show(income, 'CNY')}, paid back {money.show(returned, 'CNY')}",
            )
        )
    more = unsaid(database, scope, places=False)
    law = law_of("cn_platform", of.last)
    boxes = (Box("net", "net income", sum(x.base for x in lines)),)
    return Return(
        kind="cn_platform",
        period=of,
        currency="CNY",
        number=at.number.number if at.number else "",
        lines=tuple(lines),
        boxes=boxes,
        total=None,
        due=deadline("cn_platform", of),
        source=law.law if law else "—",
        notes=(*found.notes, *more.notes),
        open=(*waits, *more.open),
        wanting=waits,
        read_at=law.source if law else "",
        secondary=bool(law and law.secondary),
    )

"""China: the exempt-credit-refund worksheet, exemption without invoices and assessed income, platforms' reports."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from crossbook import money
from crossbook.book import Book
from crossbook.engine import Database
from crossbook.errors import CrossbookError
from crossbook.tax.exports import exports
from crossbook.tax.offices import office
from crossbook.tax.period import Period, deadline
from crossbook.tax.returned import Box, Line, Return
from crossbook.tax.sales import Scope, converted, percent, rate, references, refunds, rounded, sales
from crossbook.tax.settings import identity, inputs
from crossbook.tax.unsaid import unsaid

ASSESSED = Decimal("0.04")  # SAT Announcement 36 of 2019, 2: taxable income is 4 % of income
ASSESSED_SINCE = date(2020, 1, 1)
EXEMPT_SINCE = date(2018, 10, 1)  # Caishui [2018] 103


@dataclass(frozen=True)
class RefundRate:
    """The refund rate of a commodity code (digits; a shorter one is for all that start with it) between two days."""

    code: str
    rate: Decimal
    since: date
    until: date | None


def refund_rates(book: Book) -> list[RefundRate]:
    """The rates of [[tax.refund_rates]], as the tax office's table has them. Raises CrossbookError."""
    found = []
    for n, given in enumerate(book.config.get("tax", {}).get("refund_rates", []), start=1):
        where = f"[[tax.refund_rates]] {n}"
        code, text, since, until = (given.get(k) for k in ("code", "rate", "from", "to"))
        if not isinstance(code, str) or not code.isdigit():
            raise CrossbookError("code must be digits", where=where)
        if not isinstance(text, str) or not text.endswith("%"):
            raise CrossbookError('rate must be a text such as "13%"', where=where)
        if type(since) is not date or (until is not None and type(until) is not date):
            raise CrossbookError("from (and to) must be days", where=where)
        found.append(RefundRate(code=code, rate=Decimal(text[:-1]) / 100, since=since, until=until))
    return found


def refund_rate(rates: list[RefundRate], code: str, on: date) -> RefundRate | None:
    """The rate of a code on a day: the longest code that fits, the newest of it."""
    fit = [r for r in rates if code.startswith(r.code) and r.since <= on and (r.until is None or on <= r.until)]
    return max(fit, key=lambda r: (len(r.code), r.since), default=None)


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
    """The worksheet of a month: exports by commodity code with the rate in force, and what can be refunded.

    What no file holds is set: [tax.cn_refund."2026-06"] levy_rate, input_vat, output_vat, carried_in (fen).
    """
    given = inputs(book, "cn_refund").get(of.name)
    told = exports(database, book, of, refund=True)
    rates = refund_rates(book)
    groups: dict[tuple[str, Decimal | None], list[dict[str, Any]]] = defaultdict(list)
    for r in told.rows:
        found = refund_rate(rates, r["code"], r["declared_on"]) if r["code"] else None
        groups[r["code"] or "—", found.rate if found else None].append(r)
    lines, valued, left = [], [], list(told.left)
    for (code, fraction), mine in sorted(groups.items(), key=lambda x: (x[0][0], str(x[0][1]))):
        value = sum(r["cny"] for r in mine)
        tax = rounded(Decimal(value) * fraction) if fraction is not None else 0
        shown = percent(fraction) if fraction is not None else ""
        lines.append(
            Line(
                label=code,
                orders=len({r["order_id"] for r in mine}),
                base=value,
                rate=shown,
                tax=tax,
                because=references(mine),
            )
        )
        if fraction is None:
            left.append(f"no refund rate of {code} is set for {mine[0]['declared_on']}: [[tax.refund_rates]]")
        else:
            valued.append((value, fraction))
    number = identity(book, "uscc", of.last)
    boxes: tuple[Box, ...] = (Box("fob", "exports, free on board", sum(x.base for x in lines)),)
    total = None
    if not isinstance(given, dict):
        left.append(f'no inputs are set: [tax.cn_refund."{of.name}"] levy_rate, input_vat, output_vat, carried_in')
    elif told.whole and not any(x.rate == "" for x in lines):
        w = worksheet(
            valued, _levy(given, of), **{n: _fen(given, n, of) for n in ("output_vat", "input_vat", "carried_in")}
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
    return Return(
        kind="cn_refund",
        period=of,
        currency="CNY",
        number=number.number if number else "",
        lines=tuple(lines),
        boxes=boxes,
        total=total,
        due=deadline("cn_refund", of),
        source="财税〔2012〕39号 (Caishui [2012] 39), article 5",
        notes=told.notes,
        open=tuple(dict.fromkeys(left)),
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
    told = exports(database, book, of, refund=False)
    rows = told.rows
    income = sum(r["cny"] for r in rows)
    assessed = rounded(income * ASSESSED)
    text = inputs(book, "cn_exempt").get("income_tax_rate")
    fraction = Decimal(text[:-1]) / 100 if isinstance(text, str) and text.endswith("%") else None
    total = rounded(assessed * fraction) if fraction is not None and told.whole else None
    number = identity(book, "uscc", of.last)
    lines = (
        (
            Line(
                label="exports without invoices",
                orders=len({r["order_id"] for r in rows}),
                base=income,
                rate="4 %",
                tax=assessed,
                because=references(rows),
            ),
        )
        if rows
        else ()
    )
    boxes = (Box("income", "income from exports", income), Box("assessed", "assessed taxable income", assessed))
    unset = () if fraction is not None else ('no income tax rate is set: [tax.cn_exempt] income_tax_rate = "25%"',)
    source = "财税〔2018〕103号; 国家税务总局公告2019年第36号"
    return Return(
        kind="cn_exempt",
        period=of,
        currency="CNY",
        number=number.number if number else "",
        lines=lines,
        boxes=boxes,
        total=total,
        due=deadline("cn_exempt", of),
        source=source,
        notes=told.notes,
        open=(*told.left, *unset),
    )


def cn_platform(database: Database, book: Book, of: Period) -> Return:
    """What platforms report of this seller for a quarter, by account: income, paid back, orders.

    Source: State Council Decree 810 of 2025, article 4: within the month after the quarter, first for 2025-Q3.
    """
    if not (of.name[5:6] == "Q" and of.last >= date(2025, 9, 30)):
        raise CrossbookError("platforms report by quarter, from 2025-Q3", todo="write 2025-Q3")
    at = office(book, "cn_platform", of.last)
    scope = Scope(where="true", values={}, zone=at.zone, first=of.first, last=of.last)
    sold, backs = sales(database, scope), refunds(database, scope)
    by: dict[str, Decimal] = {}
    notes = []
    for currency in sorted({r["currency"] for r in (*sold, *backs)}):
        by[currency], day = rate(database, currency, "CNY", of.last)
        notes.append(f"{currency} at {by[currency]:.4f} CNY, the book's rate of {day}")
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
        source="国务院令第810号, article 4",
        notes=(*notes, *more.notes),
        open=more.open,
    )

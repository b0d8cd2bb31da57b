"""What customs was told went out of China, and whether it let it go: what returns on exports may count.

A list that customs refused, cancelled or has not released is an export of nothing; one declared simply (A) gives no
refund. What is left out is named, with its amount and the reason.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from crossbook import money
from crossbook.book import Book
from crossbook.ceb import SIMPLIFIED, list_flag
from crossbook.engine import Database
from crossbook.tax.exchange import rated
from crossbook.tax.period import Period
from crossbook.tax.refund_rates import cancelled_by, is_cancelled, refund_rates
from crossbook.tax.sales import converted, rounded
from crossbook.tax.unsaid import doubts_of

NAMED = 5  # lists that a sentence names

# Each line of goods declared out of China, with what customs said last of its list.
_EXPORTS = """
SELECT c.order_id, c.declaration, c.declared_on, c.mode, c.hs, c.item, c.quantity, c.amount, c.currency, c.flag,
       c.evidence, c.line, coalesce(c.country, 'CN') AS declared_to, o.account, c.answer_code,
       CASE WHEN c.cancelled THEN 'cancelled' ELSE c.answer END AS state
FROM declarations c LEFT JOIN orders o ON o.order_id = c.order_id
WHERE (coalesce(c.country, 'CN') = 'CN' OR {chinese})
  AND (c.declared_on IS NULL OR c.declared_on BETWEEN $first AND $last)
ORDER BY c.declared_on, c.order_id, c.declaration, c.line
"""

_ANY_ANSWER = "SELECT count(*) AS n FROM customs_answers WHERE document = '603'"

# A list that names another country's customs, and shows that China's took it: its kind of trade, 18 digits, an answer.
_CHINESE = """(c.mode IN ('9610', '9710', '9810', '1210', '1239') OR c.answer_code IS NOT NULL
     OR regexp_full_match(coalesce(c.declaration, ''), '[0-9]{18}'))"""
TAXED = "its refund was cancelled, so it is taxed as sold at home (Caishui [2012] 39, article 7), in no exemption"
LEVY = ((date(2019, 4, 1), Decimal("0.13")),)  # MOF, STA and GAC Announcement 39 of 2019

_UNANSWERED = {
    "refused": "customs refused the list",
    "cancelled": "the list was cancelled",
    "held": "customs holds the goods",
}


@dataclass(frozen=True)
class Listed:
    """Lines of goods declared in some days: those let go, and by the reason those that stay out.

    `unknown`: one of these stays out because no file says its value or day; `unflagged` lines have no statistics flag.
    """

    rows: list[dict[str, Any]]
    out: dict[str, list[dict[str, Any]]]
    unknown: bool
    unflagged: int


def listed(database: Database, book: Book, first: date, last: date, *, refund: bool) -> Listed:
    """What was declared out of China; lines kept have `flag` and `code`. With `refund`, simple lists stay out."""
    database.ask("trade")
    rows = database.rows(_EXPORTS.format(chinese=_CHINESE), first=first, last=last)
    own = refund_rates(book)
    set_by = _flags(book, rows)
    goods = _table(_table(book.config, "customs"), "goods")
    kept: list[dict[str, Any]] = []
    out: dict[str, list[dict[str, Any]]] = {}
    unknown, unflagged = False, 0
    for r in rows:
        r["flag"] = r["flag"] or set_by[_list(r)]
        r["code"] = r["hs"] or _table(goods, r["item"] or "").get("code", "")
        why = _why_not(r, r["flag"], refund)
        if not why and r["declared_on"] and is_cancelled(own, r["code"], r["declared_on"]):
            why = TAXED
        lacking = why or _lacking(r)
        if lacking:
            out.setdefault(lacking, []).append(r)
            unknown = unknown or not why
        else:
            kept.append(r)
            unflagged += not r["flag"]
    return Listed(rows=kept, out=out, unknown=unknown, unflagged=unflagged)


@dataclass(frozen=True)
class Exports:
    """Lines of goods that count, with `code` and `cny` (fen); `left` says what does not, and why.

    `whole` is false where a value that counts is in no file: then there is no total. `wanting`, also in `left`, says
    for which lines the book has no exchange rate. Lists to which no file has an answer of customs count, and are named.
    """

    rows: list[dict[str, Any]]
    notes: tuple[str, ...]
    left: tuple[str, ...]
    whole: bool
    wanting: tuple[str, ...]


def exports(database: Database, book: Book, of: Period, *, refund: bool) -> Exports:
    """The exports of a period. With `refund`, lists declared simply stay out. Raises CrossbookError where no line has a
    rate."""
    told = listed(database, book, of.first, of.last, refund=refund)
    return valued(database, of, told.rows, told, refund=refund)


def valued(database: Database, of: Period, rows: list[dict[str, Any]], told: Listed, *, refund: bool) -> Exports:
    """Some of the lines of a listing with their value in fen, and what is to be said of all."""
    found = rated(database, rows, "CNY", of.first)
    rows = [
        r | {"cny": converted(int(r["amount"]), r["currency"], "CNY", found.by[r["currency"]])}
        for r in rows
        if r["currency"] in found.by
    ]
    waits = found.waits.said(figures=bool(rows))
    notes = list(found.notes)
    if refund and told.unflagged:
        notes.append(
            f"the statistics flag of {told.unflagged} lines of lists is in no file and not set: taken as B (summary)"
        )
    worth: dict[str, int] = {}
    for r in rows:
        worth[r["order_id"]] = worth.get(r["order_id"], 0) + r["cny"]
    notes += doubts_of(database, worth, "CNY")
    left = tuple(
        left_out(f"{why}{_due_at_home(database, mine, of) if why == TAXED else ''}", mine)
        for why, mine in sorted(told.out.items())
    )
    if unanswered := [r for r in rows if r["state"] is None]:
        said = f"no file says what customs answered, counted as exported: {_worth_and_names(unanswered)}"
        if database.rows(_ANY_ANSWER)[0]["n"]:  # customs' answers are in the book, but not to these
            left += (said,)
        else:
            notes.append(said)
    whole = not told.unknown and not waits
    return Exports(rows=rows, notes=tuple(notes), left=(*waits, *left), whole=whole, wanting=waits)


def _why_not(r: Mapping[str, Any], flag: str, refund: bool) -> str:
    if r["state"] not in (None, "released"):
        return _UNANSWERED.get(r["state"], f"customs has not released the list ({r['answer_code']})")
    if refund and flag == SIMPLIFIED:
        return "declared simply (A), which gives no refund"
    return ""


def _due_at_home(database: Database, rows: list[dict[str, Any]], of: Period) -> str:
    """The output VAT in the value of goods that are taxed as sold at home: value / (1 + rate) x rate."""
    found = rated(database, [r for r in rows if r["amount"] is not None and r["currency"]], "CNY", of.first)
    if any(r["amount"] is None or r["currency"] not in found.by for r in rows):
        return "; its output VAT is not known: a value or a rate is missing"
    tax = 0
    for r in rows:
        levy = next((rate for since, rate in LEVY if r["declared_on"] >= since), None)
        if levy is None:
            return "; its output VAT is not worked out for days before 2019-04-01"
        value = converted(int(r["amount"]), r["currency"], "CNY", found.by[r["currency"]])
        tax += rounded(Decimal(value) / (1 + levy) * levy)
    laws = {f"{law.law}, {law.source}": None for x in rows if (law := cancelled_by(x["code"], x["declared_on"]))}
    said = "; ".join(laws)
    return f"; output VAT in it at 13 %: {money.show(tax, 'CNY')}, and the input VAT may be credited ({said})"


def _lacking(r: Mapping[str, Any]) -> str:
    if r["declared_to"] != "CN":
        return (
            f"its column country says {r['declared_to']}, which here is whose customs took it; "
            "the buyer's is destination"
        )
    if r["declared_on"] is None:
        return "no file says the day of the declaration"
    if r["amount"] is None:
        return "no file says the value"
    return "" if r["currency"] else "no file says the currency"


def _list(r: Mapping[str, Any]) -> tuple[str, str | None]:
    return r["order_id"], r["declaration"]


def _flags(book: Book, rows: list[dict[str, Any]]) -> dict[tuple[str, str | None], str]:
    """The flag that [customs] sets for each list, by its products and its platform."""
    table = _table(book.config, "customs")
    platforms, goods = _table(table, "platforms"), _table(table, "goods")
    products: dict[tuple[str, str | None], list[str]] = {}
    accounts = {}
    for r in rows:
        products.setdefault(_list(r), []).append(_flag(_table(goods, r["item"] or "")))
        accounts[_list(r)] = _flag(_table(platforms, r["account"] or ""))
    return {name: list_flag(_flag(table), accounts[name], mine) for name, mine in products.items()}


def _table(table: Mapping[str, Any], name: str) -> dict[str, Any]:
    found = table.get(name)
    return found if isinstance(found, dict) else {}


def _flag(table: Mapping[str, Any]) -> str:
    flag = table.get("statistics_flag")
    return flag if isinstance(flag, str) else ""


def left_out(why: str, rows: list[dict[str, Any]]) -> str:
    """A sentence: why some lines are not counted, what they are worth, and the first of them by name."""
    return f"left out, {why}: {_worth_and_names(rows)}"


def _worth_and_names(rows: list[dict[str, Any]]) -> str:
    sums: dict[str, int] = {}
    for r in rows:
        if r["amount"] is not None and r["currency"]:
            sums[r["currency"]] = sums.get(r["currency"], 0) + int(r["amount"])
    worth = ", ".join(money.show(s, c) for c, s in sorted(sums.items())) or "—"
    names = list(dict.fromkeys(f"{r['declaration'] or '—'} ({r['order_id']})" for r in rows))
    more = f" +{len(names) - NAMED}" if len(names) > NAMED else ""
    return f"{worth}: {', '.join(names[:NAMED])}{more}"

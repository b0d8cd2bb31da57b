"""Finding the table in an unknown file: the line that is its header, the kind of fact that it names, the rows below."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from crossbook.facts.kind import DAY, INSTANT
from crossbook.sources import header_words
from crossbook.sources.encoding import heads, read_head, to_utf8
from crossbook.sources.heading import split
from crossbook.sources.mapping_spec import NEEDED, TIME, column_type
from crossbook.sources.settlement_spec import OF_A_BALANCE, SIDES
from crossbook.sources.source import Head
from crossbook.sources.table import amounts, days, yearless
from crossbook.sources.table.foot import foot
from crossbook.sources.table.layout import DELIMITERS, JOIN, Layout, headers, roles, rows
from crossbook.sources.time_beside import with_time

SUMS_OF_A_ROW = ("credit", "debit", "amount")
LOOKED_AT = 20  # rows below a header that show whether it is one
_TELLING = {
    "payment": "payer",
    "tracking": "event",
    "receipt": "received_at",
    "invoice": "invoice_id",
    "purchase_invoice": "seller",
    "shipment": "tracking",
    "customs": "declaration",
    "dispute": "opened_on",
    "payout": "payout_id",
    "rate": "rate",
    "entry_line": "duty",
    "product": "cost",
    "tariff": "general",
    "transfer": "payee_account",
}


@dataclass(frozen=True, kw_only=True)
class Found:
    """A header that names a kind of fact."""

    score: int
    kind: str
    columns: dict[str, str]
    layout: Layout
    head: Head


def day_of(kind: str) -> str:
    """The column of days that a kind needs."""
    if kind in OF_A_BALANCE:
        return "posted_at"
    return next((n for n in NEEDED[kind] if column_type(kind, n) in (DAY, INSTANT)), "")


def header_of(path: Path, kind: str | None) -> Found | None:
    """The line or lines that name a kind of fact best, in any sheet: by their words, and by the rows below them."""
    found: Found | None = None
    for sheet, head in enumerate(heads(path, path.name)):
        for layout in headers(head.heading, sheet):
            written = [h for h in layout.plain if h]
            for candidate in [kind] if kind else _kinds(written):
                columns = header_words.match(candidate, written, two=bool(layout.first))
                if columns is None or (kind is None and not _plainly(candidate, columns, written)):
                    continue
                columns = with_time(candidate, columns, layout.plain, partial(_below, layout, head))
                if candidate == "bank" and "amount" in columns and layout.first:
                    columns = _on_sides(columns, layout, head)
                score = 2 * len(set(columns) - {TIME}) + 3 * (_TELLING.get(candidate, "") in columns)
                score += 4 * _has_days(candidate, columns, layout, head)
                if found is None or (score, not layout.first) > (found.score, not found.layout.first):
                    found = Found(score=score, kind=candidate, columns=columns, layout=layout, head=head)
    return found


def _on_sides(columns: dict[str, str], layout: Layout, head: Head) -> dict[str, str]:
    """The columns of a header whose lower line has two names under that of the amounts, of which each row has one: they
    are its sides, whatever words name them. Which is which the balance tells, or a person."""
    over = columns["amount"].partition(JOIN)[0] + JOIN
    pair = [h for h in layout.plain if h.startswith(over)]
    places = [layout.plain.index(h) for h in pair]
    below = [split(text, layout.delimiter) for text in head.lines[layout.line : layout.line + LOOKED_AT]]
    dated = [row for row in below if len(row) > max(places) and any(map(days.is_day, row))]
    filled = [sum(any(c in "123456789" for c in row[i]) for i in places) for row in dated]
    amounts_only = all(not row[i] or amounts.is_amount(row[i]) for row in dated for i in places)
    if len(pair) != 2 or not amounts_only or not filled or any(n != 1 for n in filled):
        return columns
    return {n: h for n, h in columns.items() if n != "amount"} | {"debit": pair[0], "credit": pair[1]}


# What headers name in the reports of platforms, and in no bank's statement.
_PLATFORMS = re.compile(
    r"fee name|commission|released? (?:amount|status)|payout|settle|escrow|marketplace|lazada|shopee|seller|"
    r"(?:payment|transaction|service|referral|closing|fulfil\w*|refund|shipping) fee|"
    r"佣金|平台|结算|結算|撥款|放款|進帳|入帳|成交手續費|"
    r"komisi|biaya (?:admin|layanan)|dana dilepaskan|comiss|taxa de |repasse|comisi|phí |"
    r"ค่าคอมมิชชั่น|ค่าธรรมเนียม|ที่โอนแล้ว|"
    r"\bnoon\b|statement[ _]nr|item[ _]nr|ozon|wildberries|начислени|вознагражден|эквайринг|маркетплейс",
    re.IGNORECASE,
)


_PAYOUTS = re.compile(
    r"(?:payout|settlement)[ _-]?(?:id|no\.?|number|#)|结算单号|打款单号|放款单号|结算批次号?", re.IGNORECASE
)


def of_a_platform(headers: Sequence[str]) -> bool:
    """Whether headers name payouts' numbers, or orders' beside what only a platform's report of money has."""
    told = header_words.words()["settlement"]["order_id"]
    orders = any(header_words.named(h, told) for h in headers)
    return any(_PAYOUTS.fullmatch(h) for h in headers) or (orders and any(_PLATFORMS.search(h) for h in headers))


def _kinds(headers: Sequence[str]) -> list[str]:
    """The kinds that headers may name: what lists a platform's fees by order is no bank's statement, and what has a
    running balance, or sums in and out, is one, and no record of transfers."""
    platform = of_a_platform(headers) and header_words.match("settlement", headers) is not None
    statement = bool({"balance", "credit"} & set(header_words.match("bank", headers) or ()))
    left_out = {*(["bank"] if platform else []), *(["transfer"] if statement else [])}
    return [kind for kind in header_words.words() if kind not in left_out]


def _plainly(kind: str, columns: dict[str, str], headers: Sequence[str]) -> bool:
    """Whether a kind may be proposed unasked: a balance is much like a bank's statement, but for orders and types, or
    for words of platforms."""
    if kind == "settlement":
        return bool({"order_id", "payout_id"} & set(columns)) and (
            {"order_id", "type"} <= set(columns) or of_a_platform(headers)
        )
    return kind not in OF_A_BALANCE


def _has_days(kind: str, columns: dict[str, str], layout: Layout, head: Head) -> bool:
    """Whether the rows below a header have a day where it says so."""
    name = day_of(kind)
    if name not in columns:
        return False
    return any(map(days.is_day, _below(layout, head, columns[name])))


def _below(layout: Layout, head: Head, header: str) -> list[str]:
    """The cells under a header in the first rows below it."""
    place = layout.plain.index(header)
    below = [split(text, layout.delimiter) for text in head.lines[layout.line : layout.line + LOOKED_AT]]
    return [row[place] for row in below if len(row) > place]


def body_of(path: Path, found: Found) -> list[list[str]]:
    """The rows of the table, as text."""
    layout = found.layout
    places = {n: layout.plain.index(h) for n, h in found.columns.items()}
    statement = found.kind in ("bank", "wallet")
    needed = {i for n, i in places.items() if n in (*NEEDED[found.kind], "credit", "debit", "posted_at")}
    sums = [places[n] for n in (*SUMS_OF_A_ROW, *(SIDES if found.kind == "wallet" else ())) if n in places]
    day = [places[day_of(found.kind)]] if statement else []
    role = roles(day, sums, needed, statement=statement)
    with tempfile.TemporaryDirectory(prefix="crossbook-") as folder:
        plain = to_utf8(path, found.head.encoding, Path(folder) / "utf8", path.name, layout.sheet)
        role = yearless.completing(role, day, yearless.ends(layout.above, path.stem))
        return [row.cells for row in rows(plain, layout, role, lambda line, reason: None) if row.role == "row"]


def foot_of(path: Path, found: Found) -> tuple[tuple[str, ...], ...]:
    """What stands at the foot of the table of a statement."""
    if found.kind != "bank":
        return ()
    with tempfile.TemporaryDirectory(prefix="crossbook-") as folder:
        plain = to_utf8(path, found.head.encoding, Path(folder) / "utf8", path.name, found.layout.sheet)
        return foot(plain, found.layout)


def column_of(found: Found, body: list[list[str]], header: str) -> list[str]:
    if header not in found.layout.plain:
        return []
    place = found.layout.plain.index(header)
    return [row[place] for row in body]


def values_of(found: Found, body: list[list[str]], header: str) -> set[str]:
    return {text.strip() for text in column_of(found, body, header)} - {""}


def likely_header(path: Path) -> list[str]:
    """The cells of the line that looks most like a header: the widest without figures; empty when none does."""
    best: list[str] = []
    heading = read_head(path, path.name).heading
    for i in range(len(heading.lines)):
        for delimiter in DELIMITERS:
            texts = [h for h in heading.plain(delimiter)[i] if h]
            figures = any(c.replace(".", "").replace("-", "").replace("/", "").isdigit() for c in texts)
            if len(texts) > max(1, len(best)) and not figures:
                best = texts
    return best

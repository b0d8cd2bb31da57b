"""Any other table: a mapping from its columns to a kind of fact, written once as TOML and kept in the book."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import cached_property
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from crossbook import money
from crossbook.errors import CrossbookError
from crossbook.facts import KINDS
from crossbook.facts.kind import DAY, INSTANT, MINOR
from crossbook.sources.encoding import read_head
from crossbook.sources.frame import Column, Frame
from crossbook.sources.report import HEADER_WITHIN, TableReport, constant, fact_table, split_header
from crossbook.sources.source import Facts, Head, Reading, Recognition

DELIMITERS = ",;\t|"

# Words by which a column is known, most telling first; matched as a part of the header, lower case.
_WORDS: dict[str, dict[str, tuple[str, ...]]] = {
    "bank": {
        "booked_on": (
            "交易日期",
            "记账日期",
            "入账日期",
            "交易时间",
            "booking date",
            "transaction date",
            "posted",
            "date",
        ),
        "credit": ("贷方发生额", "贷方金额", "收入金额", "收入", "存入", "credit", "paid in", "money in"),
        "debit": ("借方发生额", "借方金额", "支出金额", "支出", "支取", "debit", "paid out", "money out"),
        "amount": ("交易金额", "发生额", "金额", "amount"),
        "currency": ("币种", "货币", "currency", "ccy"),
        "balance": ("账户余额", "余额", "balance"),
        "counterparty": (
            "对方户名",
            "对方名称",
            "对方账户名称",
            "counterparty",
            "payee",
            "beneficiary",
            "name",
        ),
        "reference": ("交易流水号", "流水号", "凭证号", "reference", "ref", "transaction id"),
        "description": ("摘要", "用途", "附言", "备注", "description", "narrative", "details", "memo"),
    },
    "payout": {
        "payout_id": (
            "结算单号",
            "打款单号",
            "提现单号",
            "payout id",
            "remittance",
            "settlement no",
            "settlement id",
        ),
        "paid_on": ("打款日期", "结算日期", "payout date", "paid on", "remitted on", "payment date"),
        "amount": ("打款金额", "结算金额", "payout amount", "net amount", "amount"),
        "currency": ("币种", "currency"),
        "count": ("订单数", "order count", "orders", "transactions"),
        "fee_total": ("手续费合计", "服务费", "total fees", "fees"),
        "reference": ("银行流水号", "bank reference", "reference"),
    },
    "order": {
        "order_id": ("订单编号", "订单号", "order number", "order id", "order no"),
        "placed_at": (
            "下单时间",
            "付款时间",
            "订单创建时间",
            "order date",
            "created",
            "placed",
            "purchase date",
        ),
        "total": ("订单金额", "实付金额", "订单总额", "order total", "total", "amount"),
        "currency": ("币种", "currency"),
        "status": ("订单状态", "status"),
        "country": ("收货国家", "国家", "ship country", "country"),
        "title": ("商品名称", "商品标题", "product name", "title", "item name"),
        "item": ("商品编码", "sku"),
        "quantity": ("数量", "quantity", "qty"),
    },
    "shipment": {
        "order_id": ("订单编号", "订单号", "order number", "order id", "order no", "reference"),
        "tracking": ("运单号", "快递单号", "物流单号", "跟踪号", "tracking"),
        "carrier": ("物流公司", "承运商", "carrier", "courier"),
        "shipped_at": ("发货时间", "揽收时间", "shipped", "ship date", "dispatched", "picked up"),
        "delivered_at": ("签收时间", "妥投时间", "delivered", "delivery date"),
        "country": ("目的国", "国家", "destination", "country"),
    },
    "customs": {
        "order_id": ("订单编号", "订单号", "order number", "order id", "order no"),
        "declaration": ("报关单号", "清单编号", "申报清单编号", "declaration", "entry number"),
        "declared_on": ("申报日期", "放行日期", "declared", "declaration date", "date"),
        "amount": ("申报金额", "总价", "declared value", "value", "amount"),
        "currency": ("币种", "currency"),
        "country": ("申报国", "country"),
    },
    "dispute": {
        "order_id": ("订单编号", "订单号", "order number", "order id", "order no"),
        "opened_on": ("纠纷开始", "开始日期", "opened", "created"),
        "closed_on": ("纠纷结束", "结束日期", "closed", "resolved"),
        "state": ("纠纷状态", "结果", "状态", "outcome", "state", "status"),
        "amount": ("退款金额", "冻结金额", "金额", "amount"),
        "currency": ("币种", "currency"),
    },
    "rate": {
        "day": ("日期", "date", "day"),
        "base": ("base", "from", "货币对"),
        "quote": ("quote", "to currency", "计价货币"),
        "rate": ("中间价", "汇率", "rate"),
    },
}
_NEEDED = {
    "bank": ("booked_on", "amount"),
    "payout": ("payout_id", "paid_on", "amount"),
    "order": ("order_id", "placed_at", "total"),
    "shipment": ("order_id", "tracking"),
    "customs": ("order_id", "declaration"),
    "dispute": ("order_id", "opened_on", "state"),
    "rate": ("day", "base", "quote", "rate"),
}
_TELLING = {
    "shipment": "tracking",
    "customs": "declaration",
    "dispute": "opened_on",
    "payout": "payout_id",
    "rate": "rate",
}


@dataclass(frozen=True)
class MappedTable:
    """A source made from a mapping. `text` is the TOML; `columns` maps a fact column to a header or "=constant"."""

    name: str
    text: str

    @cached_property
    def spec(self) -> dict[str, Any]:
        try:
            spec = tomllib.loads(self.text)
        except tomllib.TOMLDecodeError as error:
            raise CrossbookError(f"not valid TOML: {error}", where=f"mapping {self.name}") from None
        _check(spec, self.name)
        return spec

    @property
    def title(self) -> str:
        return f"mapped table: {self.spec['kind']}"

    @property
    def example(self) -> str:
        return ",".join(c for c in self.spec["columns"].values() if not c.startswith("="))

    def _report(self) -> TableReport:
        headers: dict[str, tuple[str, ...]] = {
            n: (" ".join(h.split()).lower(),) for n, h in self.spec["columns"].items() if not h.startswith("=")
        }
        amounts = [n for n in headers if n in ("credit", "debit") or self._type(n) == MINOR]
        return TableReport(
            name=self.name,
            title=self.title,
            columns=headers,
            required=tuple(headers),
            build=self._build,
            delimiters=DELIMITERS,
            amounts=() if "decimal" in self.spec else tuple(amounts),
            account=self.spec.get("account", self.name),
            example="",
        )

    def recognise(self, head: Head) -> Recognition:
        found = self._report().recognise(head)
        return Recognition(1.0, found.reason) if found.confidence else found

    def read(self, reading: Reading) -> Facts:
        return self._report().read(reading)

    def _type(self, column: str) -> pa.DataType | None:
        kinds = [self.spec["kind"]] + (["order_item"] if self.spec["kind"] == "order" else [])
        return next((KINDS[k].columns[column] for k in kinds if column in KINDS[k].columns), None)

    def _build(self, frame: Frame, state: dict[str, Any]) -> Iterator[tuple[str, pa.Table]]:
        frame.point = self.spec.get("decimal", frame.point)
        kind, columns = self.spec["kind"], self.spec["columns"]
        currency = self._currency(frame)
        made: dict[str, Column | str | None] = {}
        for name, header in columns.items():
            if name not in ("credit", "debit", "account"):
                made[name] = self._convert(frame, name, header, currency)
        if "credit" in columns:
            credit, debit = (pc.fill_null(frame.money(n, currency), 0) for n in ("credit", "debit"))
            made["amount"] = pc.subtract(pc.abs(credit), pc.abs(debit))
        if "currency" in KINDS[kind].columns:
            made["currency"] = currency
        if kind == "payout":
            made.setdefault("basis", "total")
        if kind == "dispute":
            made["state"] = frame.lookup("state", _STATES, "open")
        account: Column | str = frame.text("account") if "account" in columns else state["account"]
        if kind == "order":
            item = {n: made.pop(n) for n in ("title", "item", "quantity") if n in made}
            if item:
                yield fact_table("order_item", frame, account, order_id=made["order_id"], currency=currency, **item)
        yield fact_table(kind, frame, account, **made)

    def _currency(self, frame: Frame) -> Column:
        header = self.spec["columns"].get("currency", f"={self.spec.get('currency', 'USD')}")
        if header.startswith("="):
            return constant(money.currency(header[1:]), len(frame))
        return frame.currency("currency", self.spec.get("currency"))

    def _convert(self, frame: Frame, name: str, header: str, currency: Column) -> Column | str:
        if header.startswith("="):
            return header[1:]
        type_ = self._type(name)
        required = name in _NEEDED[self.spec["kind"]]
        order, zone = self.spec.get("date_order", "ymd"), self.spec.get("zone", "Asia/Shanghai")
        if type_ == MINOR and name in ("count", "quantity"):
            return frame.units(name)
        if type_ == MINOR:
            return frame.money(name, currency, required=required)
        if type_ == DAY:
            return frame.day(name, order, required=required)
        if type_ == INSTANT:
            return frame.instant(name, order, zone, chinese=True, required=required)
        if name == "rate":
            return frame.convert(name, _rate, pa.decimal128(18, 8), "rate", required=True)
        if name in ("currency", "original_currency", "base", "quote"):
            return frame.currency(name, None if required else self.spec.get("currency", "USD"))
        return frame.text(name, required=required)


_STATES = {
    word: state
    for state, words in {
        "open": "open/under review/held/处理中/冻结",
        "won": "won/resolved/released/closed/seller/胜诉/已解冻",
        "lost": "lost/buyer/败诉",
        "refunded": "refunded/refund/已退款/退款",
    }.items()
    for word in words.split("/")
}


def _rate(text: str) -> Decimal:
    try:
        rate = Decimal(text)
        if not 0 < rate < 10**9:
            raise ValueError("a rate lies over 0 and under 10^9")
        return rate.quantize(Decimal("1e-8"))
    except InvalidOperation:
        raise ValueError("not a number") from None


def _check(spec: dict[str, Any], name: str) -> None:
    where = f"mapping {name}"
    kind = spec.get("kind")
    if kind not in _NEEDED:
        raise CrossbookError(f"kind must be one of {', '.join(_NEEDED)}", where=where)
    columns = spec.get("columns", {})
    allowed = set(KINDS[kind].columns) | {"credit", "debit", "title", "item", "quantity", "account"}
    for column, header in columns.items():
        if column not in allowed:
            raise CrossbookError(
                f"{kind} has no column {column!r}", where=where, todo=f"use {', '.join(sorted(allowed))}"
            )
        if not isinstance(header, str):
            raise CrossbookError(f'columns.{column} must be a header\'s text or "=constant"', where=where)
    given = set(columns) | ({"amount"} if {"credit", "debit"} <= set(columns) else set())
    for needed in _NEEDED[kind]:
        if needed not in given:
            raise CrossbookError(f"a {kind} table needs the column {needed!r}", where=where)
    if ("credit" in columns) != ("debit" in columns):
        raise CrossbookError("credit and debit go together", where=where)
    for code in (
        spec.get("currency"),
        *(c[1:] for k, c in columns.items() if k == "currency" and c.startswith("=")),
    ):
        if code:
            try:
                money.currency(str(code))
            except ValueError:
                raise CrossbookError(f"unknown currency {code!r}", where=where) from None


def mapping_from_text(name: str, text: str) -> MappedTable:
    """The source that a mapping's TOML describes. Raises CrossbookError when it is not a valid mapping."""
    table = MappedTable(name, text)
    _ = table.spec
    return table


def load_mappings(folder: Path) -> list[MappedTable]:
    """Every mapping kept in the folder, by file name."""
    if not folder.is_dir():
        return []
    return [mapping_from_text(p.stem, p.read_text(encoding="utf-8")) for p in sorted(folder.glob("*.toml"))]


@dataclass(frozen=True)
class Proposal:
    """A proposed mapping: its TOML, and the headers that it leaves unused."""

    name: str
    text: str
    unused: list[str]


def propose(
    path: Path, *, kind: str | None = None, account: str | None = None, currency: str | None = None
) -> Proposal:
    """A mapping for the table in `path`, judged by the words in its header.

    Raises CrossbookError when no header line is found or no kind of fact fits.
    """
    head = read_head(path, path.name)
    best: tuple[int, str, dict[str, str], list[str]] | None = None
    for line in head.lines[:HEADER_WITHIN]:
        for delimiter in DELIMITERS:
            header = [h for h in split_header(line, delimiter) if h]
            for candidate in [kind] if kind else _WORDS:
                columns = _match(candidate, header)
                if columns is None:
                    continue
                score = 2 * len(columns) + 3 * (_TELLING.get(candidate, "") in columns)
                if best is None or score > best[0]:
                    best = (score, candidate, columns, [h for h in header if h not in columns.values()])
    if best is None:
        raise CrossbookError(
            "no header was found that names a kind of fact" + (f" {kind!r}" if kind else ""),
            where=path.name,
            todo="name the kind with --kind, or write the mapping by hand (docs/mapping.md)",
        )
    _, chosen, columns, unused = best
    name = account or path.stem
    lines = [f'kind = "{chosen}"', f'account = "{_quoted(name)}"']
    if "currency" not in columns and "currency" in KINDS[chosen].columns:
        lines.append(f'currency = "{currency or "USD"}"      # the file does not say: correct it if wrong')
    lines += ['date_order = "ymd"      # ymd, mdy or dmy', 'zone = "Asia/Shanghai"', "", "[columns]"]
    lines += [f'{column} = "{_quoted(header)}"' for column, header in columns.items()]
    return Proposal("".join(c if c.isalnum() or c in "-_" else "-" for c in name), "\n".join(lines) + "\n", unused)


def _quoted(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"')


def _match(kind: str | None, header: list[str]) -> dict[str, str] | None:
    if kind not in _WORDS:
        raise CrossbookError(f"no kind {kind!r}", todo=f"use one of {', '.join(_WORDS)}")
    columns: dict[str, str] = {}
    for column, words in _WORDS[kind].items():
        free = [h for h in header if h not in columns.values()]
        hit = next((h for w in words for h in free if h == w), None) or next(
            (h for w in words for h in free if w in h), None
        )
        if hit:
            columns[column] = hit
    if ("credit" in columns) != ("debit" in columns):
        columns.pop("credit", None)
        columns.pop("debit", None)
    if "credit" in columns:
        columns.pop("amount", None)
    given = set(columns) | ({"amount"} if "credit" in columns else set())
    return columns if all(n in given for n in _NEEDED[kind]) else None

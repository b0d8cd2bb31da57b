"""Proposing a mapping for an unknown table: by the words in its header, then by what its rows say and prove."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from crossbook.errors import CrossbookError
from crossbook.sources import (
    balance_owed,
    header_words,
    line_types,
    proposing_amounts,
    proposing_balance,
    proposing_currency,
    rival_columns,
    settlement_spec,
    word_meanings,
)
from crossbook.sources.mapping_spec import NEEDED, TIME, has_currency
from crossbook.sources.mapping_toml import as_toml
from crossbook.sources.settlement_spec import OF_A_BALANCE, OF_MONEY, STATUS
from crossbook.sources.table import amounts, balances, clock, days, directions, owner, whose
from crossbook.sources.table.seen import DIRECTION
from crossbook.sources.table_found import (
    Found,
    body_of,
    column_of,
    day_of,
    foot_of,
    header_of,
    likely_header,
    values_of,
)
from crossbook.sources.time_beside import with_time
from crossbook.sources.weighing import Trial, best

_CLOCK, _OFFSET = re.compile(r"\d[:时時]\d"), re.compile(r"(?:Z|[+-]\d\d:?\d\d)\s*$")
GUESS = "a guess"  # begins the remark on what the file does not say
FEES = f"{GUESS} that the amounts hold the fees of "  # then the header
BY_NAME = f"{GUESS}, for only the name of the file says it"


@dataclass(frozen=True)
class Proposal:
    """A proposed mapping: its TOML, and the headers that it leaves unused."""

    name: str
    text: str
    unused: list[str]


def propose(
    path: Path,
    *,
    kind: str | None = None,
    account: str | None = None,
    currency: str | None = None,
    date_order: str | None = None,
    kinds: Mapping[str, str] | None = None,
    meant: Sequence[tuple[str, str]] = (),
) -> Proposal:
    """A mapping for the table in `path`: columns by the words in its header, the rest by its rows and what they prove.
    `kinds` says what kind of line a type word, or a column of amounts, is; `meant` what words of status and direction
    mean.

    Raises CrossbookError when no header line is found or no kind of fact fits.
    """
    if kind is not None:
        header_words.columns_of(kind)
    found = header_of(path, kind)
    if found is None:
        raise _no_header(path, kind)
    body = body_of(path, found)
    columns = with_time(found.kind, found.columns, found.layout.plain, lambda header: column_of(found, body, header))
    remarks = dict[str, str]()
    if whose.may_name(columns.get("counterparty", "")):
        del columns["counterparty"]  # "Account Name" is nobody's on the other side
    if "currency" in columns and not any(map(owner.code, values_of(found, body, columns["currency"]))):
        del columns["currency"]  # "Valuta" is a currency in Dutch, and a day in Italian
    if found.kind == "wallet":
        columns = proposing_balance.sides(columns, found.layout.plain, lambda header: column_of(found, body, header))
    columns = _with_balance(found, body, columns)
    if found.kind == "bank" and "amount" in columns:
        columns = _after_fees(found, body, columns)
    if found.kind == "settlement":
        columns = _made_net(found, body, columns)
    told = _direction(found, body, meant) if found.kind == "bank" and "credit" not in columns else None
    if found.kind in OF_A_BALANCE:
        told = proposing_balance.direction(found.layout.plain, columns, lambda header: column_of(found, body, header))
    if told is not None:
        columns = {n: h for n, h in columns.items() if h != told.column}
    of_column = None
    if account and "account" in columns and len(values := values_of(found, body, columns["account"])) < 2:
        del columns["account"]
        of_column = next(iter(values), None)
    stated = owner.stated(found.layout.above, foot_of(path, found))
    spec: dict[str, Any] = {"kind": found.kind} | _whose(path, found.kind, stated, account, columns, of_column, remarks)
    sided = settlement_spec.sided({"columns": columns})
    if not sided and "currency" not in columns and has_currency(found.kind):
        shown = proposing_currency.shown(path, found, columns)
        spec["currency"] = currency or stated.currency or _written(found, body, columns) or _one(shown) or stated.named
        if not spec["currency"] and (named := owner.currency_in_name(path.stem)):
            spec["currency"] = named
            remarks["currency"] = f"{BY_NAME}: correct it if wrong"
        elif not spec["currency"]:
            spec["currency"] = proposing_currency.guessed(found, stated.account or "", shown)
            remarks["currency"] = f"{GUESS}, for the file does not say: correct it if wrong"
    elif found.kind == "bank" and "account" not in columns:
        codes = {owner.code(text) for text in values_of(found, body, columns.get("currency", ""))}
        spec["currency"] = next(iter(codes)) if len(codes) == 1 else None  # a later file all in another is asked about
    dated = day_of(found.kind)
    texts = [t for t in column_of(found, body, columns.get(dated, "")) if days.is_day(t)]
    of_rows = sorted(values_of(found, body, columns.get("currency", "")))
    words = " ".join((found.layout.words, spec.get("currency") or "", *of_rows))
    left = days.decided(texts, datetime.now(UTC).year + 1, within=stated.period, words=words)
    if not left:
        left = days.nearest(column_of(found, body, columns.get(dated, ""))) or ("ymd",)
    spec |= {"date_order": date_order or left[0], "zone": _zone(columns.get(dated, ""))}
    times = column_of(found, body, columns.get(TIME, ""))
    moments = [*column_of(found, body, columns["moment"]), *times] if "moment" in columns else []
    if written := clock.figures_of(times):
        spec["clock"] = written[0]
        if len(written) > 1:
            remarks["clock"] = f"{GUESS} of {', '.join(written)}, for the times of the file do not decide it"
    unzoned = (bool(written) and bool(moments)) or any(_CLOCK.search(t) and not _OFFSET.search(t) for t in moments)
    if unzoned and spec["zone"] != "UTC":
        remarks["zone"] = f"{GUESS}, for the moments of the file do not say it: correct it if wrong"
    if len(left) > 1 and not date_order:
        remarks["date_order"] = f"{GUESS} of {', '.join(left)}, for the days of the file do not decide it"
    spec["columns"] = columns
    if told is not None:
        spec[DIRECTION] = {"column": told.column, "in": list(told.ins), "out": list(told.outs)}
    if found.kind in OF_A_BALANCE:
        _add_balance(spec, found, body, kinds or {})
    if found.kind == "settlement" and (labels := proposing_balance.payout_above(found.layout.above, spec["columns"])):
        spec["payout"] = labels
    if found.kind == "settlement" and STATUS not in spec and (header := _levels(found, body)):
        spec[STATUS] = {"column": header, "done": ["order"], "none": ["sku"]}
    elif found.kind in OF_MONEY and (header := _status(found, body, {*columns.values(), told.column if told else ""})):
        done, none = line_types.yes_or_no(header, values_of(found, body, header))
        if found.kind == "payout":
            done = [*done, *line_types.sent(values_of(found, body, header))]
        spec[STATUS] = {"column": header, "done": done, "none": none}
    if found.kind == "bank":
        spec = balance_owed.left_unread(path, spec, f"{found.layout.words} {path.stem}")
    spec = word_meanings.taken(spec, meant)
    fees = [h for h in found.layout.plain if h and header_words.of_fees(h) and _is_some(values_of(found, body, h))]
    spec = _weighed(path, spec, left if not date_order else (date_order,), remarks, fees)
    used = {*spec["columns"].values(), *spec.get("amounts", {})}
    used |= {spec.get(table, {}).get("column") for table in (DIRECTION, STATUS)}
    unused = [h for h in found.layout.plain if h and h not in used]
    if found.kind == "bank" and (unread := [h for h in fees if h in unused]):
        remarks["kind"] = FEES + unread[0]
    return Proposal(mapping_name(str(spec["account"])), as_toml(spec, remarks), unused)


def _whose(
    path: Path,
    kind: str,
    stated: owner.Stated,
    account: str | None,
    columns: dict[str, str],
    of_column: str | None,
    remarks: dict[str, str],
) -> dict[str, Any]:
    """The account, and what the file says of it: a person's word, else the number above its table, else its name."""
    if "account" in columns or kind not in ("bank", *OF_A_BALANCE):
        return {"account": account or path.stem}
    told = {"stated": stated.account or stated.called or of_column}
    own = owner.compact(stated.account) if stated.account and "*" not in stated.account else None  # none that is masked
    if kind not in ("bank", "wallet"):  # a platform's account is called as a person likes
        return {"account": account or path.stem} | told
    if account or own:
        return {"account": account or own} | told
    number = owner.in_name(path.stem)
    if (
        stated.several or stated.others or (stated.account and number is None)
    ):  # accounts stand in it, and which of them is its own does not
        remarks["account"] = f"{BY_NAME}: correct it if wrong"
    elif number is not None:
        remarks["account"] = "from the name of the file, for nothing in it says it"
    return {"account": number or path.stem} | told | ({"named": number} if number else {})


def _no_header(path: Path, kind: str | None) -> CrossbookError:
    """What to say of a file of which no header fits: what its headers are, and of a named kind what is lacking."""
    seen = likely_header(path)
    if kind is None or not seen:
        return CrossbookError(
            "no header was found that names a kind of fact" + (f" {kind!r}" if kind else ""),
            where=path.name,
            todo="say which kind it is: crossbook map FILE --kind KIND; or write the mapping by hand (docs/mapping.md)",
        )
    lacking = header_words.lacking(kind, seen) or list(NEEDED[kind])
    return CrossbookError(
        f"no header names {', '.join(lacking)}, which {kind} needs; the headers found are {', '.join(seen)}",
        where=path.name,
        todo="write a mapping by hand that names each under [columns], as in "
        f'{lacking[0]} = "{seen[0]}", into the folder mappings of the book (docs/mapping.md)',
    )


def _zone(header: str) -> str:
    """The zone of times without one: what the header of the days says, else that of most who use this."""
    return "UTC" if re.search(r"\b(utc|gmt)\b(?![+-])", header, re.IGNORECASE) else "Asia/Shanghai"


def _add_balance(spec: dict[str, Any], found: Found, body: list[list[str]], said: Mapping[str, str]) -> None:
    """The tables of a balance's mapping: what its words and its columns of amounts are, and what is not done yet."""
    columns = spec["columns"]

    def column(header: str) -> list[str]:
        return column_of(found, body, header)

    if header := columns.pop(STATUS, None):
        spec[STATUS] = {"column": header, "done": [], "none": []}
    if "gross" in columns and "fee" not in columns:
        del columns["gross"]
    if (
        found.kind == "settlement"
        and {"amount", "credit"} <= set(columns)
        and not proposing_amounts.agrees(columns, column)
    ):
        del columns["amount"]  # some other sum of the row
    if found.kind == "settlement":
        others = {h for n, h in columns.items() if n not in ("fee", "gross")}
        free = [h for h in found.layout.plain if h not in others]
        net, parts = proposing_amounts.amounts(free, columns, column)
        if parts and set(parts) != {columns.get("fee"), columns.get("gross")}:
            spec["amounts"] = parts
            columns.update({"amount": net} if net else {})
            for name in ("fee", "gross"):
                columns.pop(name, None)
    if found.kind == "settlement":
        free = [h for h in found.layout.plain if h not in columns.values() and h not in spec.get("amounts", {})]
        if header := proposing_balance.described(free, column, columns.get("type")):
            columns["type"] = header
    if "amounts" in spec and not any(
        line_types.proposed(w) != line_types.GUESS for w in column(columns.get("type", ""))
    ):
        columns.pop("type", None)  # words that say nothing of money: "normal", "COD"
    if found.kind == "settlement" and "type" not in columns and "amounts" not in spec:
        columns["type"] = "=order"  # what a line without a word is mostly: asked
        spec["types"] = {"order": f"sale{line_types.GUESS}"}
    free = [h for h in found.layout.plain if h not in columns.values()]
    told: dict[str, str] = {}
    orders = found.kind == "settlement" and "order_id" not in columns
    described = [h for h in found.layout.plain if h == columns.get("type")]
    if orders and (pattern := proposing_balance.order_in_text([*free, *described], column)):
        told["order_id"] = pattern
    drawn = proposing_balance.payout_in_text(free, column(columns.get("amount", "")), column)
    if drawn and found.kind == "settlement" and {"amount", "type"} <= set(columns) and "total" not in columns:
        told["total"] = drawn[0]
    if told:
        spec["find"] = told
    if not columns.get("type", "=").startswith("="):
        types = column(columns["type"])
        spec["types"] = proposing_balance.words(types)
        if drawn and "total" in told:
            spec["types"] |= {types[i].strip(): f"withdrawal{line_types.GUESS}" for i in drawn[1]}
    known = {directions.plain(word): kind for word, kind in said.items()}
    for table in ("types", "amounts"):
        for word in spec.get(table, {}):
            spec[table][word] = known.get(directions.plain(word), spec[table][word])


def _weighed(
    path: Path, spec: dict[str, Any], left: tuple[str, ...], remarks: dict[str, str], fees: list[str]
) -> dict[str, Any]:
    """The reading that the proofs hold for, and the order of its days where a running balance decides it. `fees` are
    headers of fees."""
    if spec["kind"] in OF_A_BALANCE:
        return proposing_balance.weighed(path, path.name, spec).spec
    if spec["kind"] != "bank":
        return spec
    chosen = _beside_fees(path, spec, best(path, path.name, spec), fees)
    if chosen.followed.shown_minus and "red" not in chosen.spec:
        chosen.spec["red"] = False  # shorter files are read so too, unasked
    if len(left) > 1 and any(p.name == "balance" and not p.against and p.held > 1 for p in chosen.proofs):
        now = chosen.followed.orders(datetime.now(UTC).year + 1, chained=True)
        if len(now) == 1:
            remarks.pop("date_order", None)
            return {**chosen.spec, "date_order": now[0]}
    return chosen.spec


def _beside_fees(path: Path, spec: dict[str, Any], chosen: Trial, fees: list[str]) -> Trial:
    """The reading whose amounts are less a fee that stands beside them, where the balances hold for it in every row and
    for none without it."""
    free = [h for h in fees if h not in chosen.spec["columns"].values()]
    for header in free if chosen.against and "gross" not in spec["columns"] else ():
        other = best(path, path.name, {**spec, "fees": "apart", "columns": {**spec["columns"], "fee": header}})
        if other.held and not other.against and other.bad <= chosen.bad:
            return other
    return chosen


def _with_balance(found: Found, body: list[list[str]], columns: dict[str, str]) -> dict[str, str]:
    """The columns with a balance that is one: beside its amount a table may have another that says its side."""
    if "balance" not in columns or any(map(amounts.is_amount, values_of(found, body, columns["balance"]))):
        return columns
    told = header_words.words()[found.kind]["balance"]
    free = [h for h in found.layout.plain if h not in columns.values() and any(w.strip("=") in h for w in told)]
    free = [h for h in free if not balances.is_before(h)]
    other = next((h for h in free if any(map(amounts.is_amount, values_of(found, body, h)))), columns["balance"])
    return {n: other if n == "balance" else h for n, h in columns.items()}


def _after_fees(found: Found, body: list[list[str]], columns: dict[str, str]) -> dict[str, str]:
    """The columns of a statement whose rows state a gross amount, a fee and what is left: that moved the account."""
    triple = rival_columns.net(found.layout.plain, lambda header: column_of(found, body, header))
    if triple is None:
        return columns
    gross, fee, net = triple
    others = {n: h for n, h in columns.items() if h not in triple}
    return {**others, "amount": net, "gross": gross, "fee": fee}


def _made_net(found: Found, body: list[list[str]], columns: dict[str, str]) -> dict[str, str]:
    """The columns of a settlement without numbers of orders or payouts that are amounts, and with the net amount that
    its rows prove, whatever their headers say."""
    ids = {n: values_of(found, body, columns[n]) for n in ("order_id", "payout_id") if n in columns}
    of_sums = {n for n, seen in ids.items() if seen and all(amounts.is_amount(t) and not t.isdigit() for t in seen)}
    columns = {n: h for n, h in columns.items() if n not in of_sums}
    free = {h for n, h in columns.items() if n not in ("amount", "gross", "fee", "credit", "debit")}
    rest = [h for h in found.layout.plain if h not in free]
    triple = rival_columns.makes_net(rest, lambda header: column_of(found, body, header))
    if triple is None or "credit" in columns or columns.get("amount") == triple[2]:
        return columns
    gross, fee, net = triple
    return {**columns, "amount": net, "gross": gross, "fee": fee}


def _is_some(values: set[str]) -> bool:
    """Whether any of these sums is more than nothing."""
    return any(c in "123456789" for text in values for c in text)


_SAYS_WAY = re.compile(
    r"借贷|收\s*/\s*支|收支|收付|d/c|s/h|dr|cr|\+\s*/\s*-|方向|标志|sign|vorzeichen|direction|type|类型|indicator|kz",
    re.IGNORECASE,
)


def _direction(found: Found, body: list[list[str]], meant: Sequence[tuple[str, str]]) -> directions.Direction | None:
    """The column whose cells say which way money went, one named so before others; one without a name, too, where no
    other has none. Of words of which a person says it the cells need not tell it."""
    told = []
    nameless = found.layout.plain.count("") == 1
    for header in dict.fromkeys(h for h in found.layout.plain if h or nameless):
        values = values_of(found, body, header)
        if values and len(values) <= 8 and (direction := directions.told(header, values, meant)) is not None:
            told.append(direction)
    return next((d for d in told if _SAYS_WAY.search(d.column)), told[0] if told else None)


def _levels(found: Found, body: list[list[str]]) -> str | None:
    """The column that tells rows of orders from those of their goods, which have the same money again (View By)."""
    seen = {h: {v.lower() for v in values_of(found, body, h)} for h in dict.fromkeys(found.layout.plain) if h}
    return next((h for h, values in seen.items() if values == {"order", "sku"}), None)


def _status(found: Found, body: list[list[str]], used: set[str]) -> str | None:
    """The column of a statement that says whether a row's money moved at all."""
    free = [h for h in found.layout.plain if h and h not in used]
    words = {h: values_of(found, body, h) for h in free}
    by_header = next((h for h, seen in words.items() if line_types.tells_status(h, seen)), None)
    return by_header or next((h for h, seen in words.items() if line_types.says_status(h, seen)), None)


def _written(found: Found, body: list[list[str]], columns: dict[str, str]) -> str | None:
    """The currency that stands in the header of the amounts, or behind each of them."""
    names = [n for n in ("amount", "credit", "debit", "balance", "total") if n in columns]
    codes = {amounts.code_in(columns[n]) for n in names} - {None}
    if not codes:
        codes = {amounts.bare(t)[1] for n in names for t in column_of(found, body, columns[n])} - {None}
    return codes.pop() if len(codes) == 1 else None


def _one(codes: frozenset[str]) -> str | None:
    return next(iter(codes)) if len(codes) == 1 else None


def mapping_name(account: str) -> str:
    """What a mapping is called: the account's name in letters, digits, - and _."""
    return "".join(c if c.isalnum() or c in "-_" else "-" for c in account)

"""Whole catalogues: a CSV of goods in, the same with duties out."""

from __future__ import annotations

import sys
import warnings
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

from crossbook.errors import CrossbookError
from crossbook.i18n import t

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pyarrow as pa

    from crossbook.duty.foreign import ForeignDuty
    from crossbook.duty.tables import Law

NO_VALUE = "a value of 0 is no customs value"
VALUED = (
    "state what the goods are worth: samples, gifts and replacements that nobody paid for are valued, too"
    " (WTO Agreement on Customs Valuation, arts. 2 to 7; 19 U.S.C. 1401a)"
)
DUTIES = ("total_duty", "total_duty_low", "total_duty_high")
NAMES = {
    "hts": ("hts", "hs code", "hs", "税号"),
    "origin": ("origin", "原产地"),
    "on": ("on", "date", "entry date", "日期"),
    "value": ("value", "customs value", "货值"),
    "weight_kg": ("weight_kg", "weight kg", "净重"),
    "quantity": ("quantity", "qty", "数量"),
    "to": ("to", "destination", "market", "目的地"),
    "currency": ("currency", "币种"),
    "incoterm": ("incoterm", "incoterms", "terms", "贸易术语"),
    "freight": ("freight", "运费"),
    "insurance": ("insurance", "保险费"),
}


def price_catalogue(
    files: list[Path],
    out: Path | None,
    *,
    beyond: bool,
    json: bool,
    duties: Sequence[ForeignDuty],
    fx: Mapping[str, Decimal],
    law: Law | None = None,
) -> None:
    """Read CSVs with hts, origin, on and value (of the whole line), add duty, interval, measures, what is missing.

    Lines to the United States are worked out at once, those to other markets (column `to`) one by one.
    """
    import pyarrow as pa

    from crossbook.cli import show
    from crossbook.duty.batch import quote_table
    from crossbook.duty.table_columns import CarriedAlong
    from crossbook.spreadsheets import write_table

    table = pa.concat_tables([_read(path) for path in files], promote_options="default")
    with show.progress(quiet=json) as step:
        step(t("working out"), 0, table.num_rows)
        home, away = _apart(table)
        with warnings.catch_warnings(record=True) as said:
            warnings.simplefilter("always", CarriedAlong)
            answer = _as_text(quote_table(table.take(home), beyond=beyond, law=law))
        if len(away):
            rows = []
            for i, row in enumerate(table.take(away).to_pylist()):
                step(t("working out"), len(home) + i, table.num_rows)
                rows.append(row | _abroad(row, duties, fx))
            order = pa.compute.sort_indices(pa.concat_arrays([home, away]))
            answer = pa.concat_tables([answer, pa.Table.from_pylist(rows, answer.schema)]).take(order)
        step(t("working out"), table.num_rows, table.num_rows)
    for along in (w.message.names for w in said if isinstance(w.message, CarriedAlong)):
        named = t("columns that are not looked at: {names}", names=show.clean(", ".join(along)))
        show.console(error=True).print(named)
    if json:
        show.as_json(answer.to_pylist())
        return
    cents = {n: f"{n}_cents" for n in ("value", *DUTIES)}
    plain = answer.rename_columns([cents.get(n, n) for n in answer.column_names])
    if out is None:
        write_table(plain, sys.stdout.buffer)
        return
    write_table(plain, out)
    counts = {s["values"]: s["counts"] for s in answer["status"].combine_chunks().value_counts().to_pylist()}
    show.say(t("{rows} lines, wrote {path}", rows=f"{answer.num_rows:,}", path=show.clean(out)))
    for status, count in counts.items():
        show.say(f"  {t(status)}: {count:,}")


def _apart(table: pa.Table) -> tuple[pa.Array, pa.Array]:
    """Places of the lines to the United States in dollars, and of the others, which are looked at one by one: so are
    those that a bill refuses, of a value or a quantity of 0."""
    import pyarrow as pa
    import pyarrow.compute as pcomp

    home = pa.array([True] * table.num_rows, pa.bool_())
    for name, plain in (("to", "US"), ("currency", "USD")):
        if name in table.column_names:
            column = pcomp.fill_null(pcomp.utf8_upper(pcomp.utf8_trim_whitespace(table[name])), "")
            home = pcomp.and_(home, pcomp.is_in(column.combine_chunks(), pa.array([plain, ""])))
    for name in ("value", "quantity"):
        if name in table.column_names:
            nothing = pcomp.fill_null(pcomp.equal(table[name].combine_chunks(), pa.scalar(0, table[name].type)), False)
            home = pcomp.and_(home, pcomp.invert(nothing))
    places = pa.array(range(table.num_rows), pa.int64())
    return places.filter(home), places.filter(pcomp.invert(home))


def _abroad(row: dict[str, Any], duties: Sequence[ForeignDuty], fx: Mapping[str, Decimal]) -> dict[str, Any]:
    """What one line to another market, or in another currency, adds; its value in the currency's own minor units."""
    from crossbook.cli.amounts import minor as minor_of
    from crossbook.duty import quote
    from crossbook.duty.abroad import market_of
    from crossbook.duty.claims import FACTS
    from crossbook.duty.shipment import freight_unsaid
    from crossbook.money import EXPONENT, exponent

    to = (row.get("to") or "US").strip()
    currency = (row.get("currency") or "").strip().upper() or ("USD" if to.upper() == "US" else "")
    claims = {k: v for k, v in row.items() if k in FACTS and v is not None}
    term = (row.get("incoterm") or "FOB").strip().upper()
    minor = None
    try:
        if row["value"] is None or currency not in EXPONENT:
            what = f"unknown currency {currency!r}" if currency else "the value names no currency"
            raise CrossbookError("no value" if row["value"] is None else what, todo="a column currency: USD, JPY")
        amount = Decimal(row["value"]) / 100
        if not amount:
            raise CrossbookError(NO_VALUE, todo=VALUED)
        minor = amount * 10 ** exponent(currency)
        if minor != int(minor):
            raise CrossbookError(f"{amount} {currency} is no amount of this currency", todo="write whole ones")
        charges: dict[str, Any] = {n: minor_of(row[n], currency, n) for n in ("freight", "insurance") if row.get(n)}
        pieces = Decimal(1) if row.get("quantity") is None else row["quantity"]
        bill = quote(
            row["hts"] or "",
            row["origin"] or "",
            to,
            amount / pieces if pieces > 0 else amount,  # a quantity of 0 is refused there
            row["on"],
            quantity=pieces,
            currency=currency,
            mode=row.get("mode") or "ocean",
            claims=claims,
            duties=duties,
            fx=fx,
            weight_kg=row.get("weight_kg"),
            incoterm=term,
            **charges,
        )
    except CrossbookError as error:
        reason = error.what + (f" ({error.todo})" if error.todo else "")
        return {"value": None if minor is None else int(minor), "status": "refused", "reason": reason}
    low, high = bill.duty_low, bill.duty_high
    unsaid = "" if row.get("freight") else freight_unsaid(market_of(bill.shipment.destination), term)
    valued = "customs value" in unsaid  # what the duty is on, not the landed cost alone
    status = "quantity" if bill.total_duty is None else "priced" if low == high else "interval"
    return {
        "value": int(minor),
        "total_duty": bill.total_duty,
        "total_duty_low": low,
        "total_duty_high": high,
        "total_ad_valorem_rate": None if bill.rate is None else round(bill.rate, 8),
        "measures": ", ".join(x.heading_9903 or x.measure for x in bill.lines),
        "missing": ", ".join([*(m.fact for m in bill.missing), *(["freight"] if valued else [])]),
        "status": status,
    }


def _read(path: Path) -> pa.Table:
    import pyarrow as pa
    import pyarrow.compute as pcomp
    import pyarrow.csv as pc

    try:
        head = pc.open_csv(path).schema.names
        kinds = {name: pa.string() for name in head}
        table = pc.read_csv(path, convert_options=pc.ConvertOptions(column_types=kinds, strings_can_be_null=True))
    except (OSError, pa.ArrowInvalid) as error:
        if isinstance(error, FileNotFoundError):
            raise CrossbookError("no such file", where=str(path)) from None
        raise CrossbookError(
            "not a CSV that can be read",
            where=str(path),
            todo="save it as CSV UTF-8 with a line of headers and as many cells in each line",
        ) from None
    known = {alias: name for name, aliases in NAMES.items() for alias in aliases}
    table = table.rename_columns([known.get(name.strip().lower(), name.strip()) for name in table.column_names])
    lacking = [name for name in ("hts", "origin", "value") if name not in table.column_names]
    if lacking:
        raise CrossbookError("no column " + ", ".join(lacking), where=str(path), todo="columns: hts, origin, value, on")
    if "on" not in table.column_names:
        from datetime import date

        table = table.append_column("on", pa.array([date.today()] * table.num_rows))  # noqa: DTZ011
    for name, convert in (("on", _days), ("value", _cents), ("weight_kg", _decimals), ("quantity", _decimals)):
        if name in table.column_names:
            at = table.column_names.index(name)
            table = table.set_column(at, name, convert(table[name], path, name))
    table = table.set_column(table.column_names.index("origin"), "origin", pcomp.utf8_upper(table["origin"]))
    return table


def _days(column: Any, path: Path, name: str) -> Any:
    import pyarrow as pa

    try:
        return column.cast(pa.date32())
    except pa.ArrowInvalid:
        raise _bad(column, path, name, "is no date", "write days as 2025-11-20") from None


def _cents(column: Any, path: Path, name: str) -> Any:
    import pyarrow as pa
    import pyarrow.compute as pcomp

    try:
        exact = column.cast(pa.decimal128(18, 2))
    except pa.ArrowInvalid:
        raise _bad(column, path, name, "is no amount of US dollars and cents", "write 1250.00") from None
    return (
        pcomp.multiply(exact, pa.scalar(100, pa.decimal128(3, 0)))
        .cast(pa.decimal128(24, 0), safe=False)
        .cast(pa.int64())
    )


def _decimals(column: Any, path: Path, name: str) -> Any:
    import pyarrow as pa

    try:
        return column.cast(pa.decimal128(18, 3))
    except pa.ArrowInvalid:
        raise _bad(column, path, name, "is no number of at most three decimals", "write 12.5") from None


def _bad(column: Any, path: Path, name: str, what: str, todo: str) -> CrossbookError:
    import pyarrow as pa

    kinds = {"on": pa.date32(), "value": pa.decimal128(18, 2)}
    for line, text in enumerate(column.to_pylist(), start=2):
        try:
            pa.array([text], pa.string()).cast(kinds.get(name, pa.decimal128(18, 3)))
        except pa.ArrowInvalid:
            return CrossbookError(f"line {line}, column {name!r}: {text!r} {what}", where=str(path), todo=todo)
    return CrossbookError(f"column {name!r}: a value {what}", where=str(path), todo=todo)


def _as_text(table: pa.Table) -> pa.Table:
    """Dictionary columns as text."""
    import pyarrow as pa

    for i, field in enumerate(table.schema):
        if pa.types.is_dictionary(field.type):
            table = table.set_column(i, field.name, table[field.name].cast(pa.string()))
    return table

"""The book for Python: tables to look at in a notebook or to hand to a program of one's own.

    import crossbook
    book = crossbook.open("demo-book/book")
    book.payouts().to_pandas()

Money is in whole minor units (cents, fen) beside its currency; days are dates, moments are in UTC.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from crossbook.book import Book, open_book
from crossbook.engine import Database, connect
from crossbook.errors import CrossbookError

if TYPE_CHECKING:
    import pandas
    import polars

    from crossbook.settle import Desk
    from crossbook.views.landing import Supposed

DESKS = {"settle": ("stage", "settle_finding"), "verify": ("verdict", "verify_finding")}


class Table:
    """Rows of one question to the book, kept by columns. Iterating gives each row as a dictionary."""

    def __init__(self, arrow: pa.Table) -> None:
        self._arrow = arrow

    def to_arrow(self) -> pa.Table:
        """The rows as a pyarrow Table."""
        return self._arrow

    def to_pandas(self) -> pandas.DataFrame:
        """The rows as a pandas DataFrame. Raises CrossbookError where pandas is not installed."""
        try:
            import pandas  # noqa: F401
        except ImportError:
            raise CrossbookError("pandas is not installed", todo="pip install pandas") from None
        return self._arrow.to_pandas()

    def to_polars(self) -> polars.DataFrame:
        """The rows as a polars DataFrame. Raises CrossbookError where polars is not installed."""
        try:
            import polars
        except ImportError:
            raise CrossbookError("polars is not installed", todo="pip install polars") from None
        return polars.DataFrame(polars.from_arrow(self._arrow))

    @property
    def columns(self) -> tuple[str, ...]:
        """The names of the columns."""
        return tuple(self._arrow.column_names)

    def __len__(self) -> int:
        return int(self._arrow.num_rows)

    def __iter__(self) -> Iterator[dict[str, Any]]:
        for batch in self._arrow.to_batches():
            yield from batch.to_pylist()

    def __repr__(self) -> str:
        return f"{len(self):,} rows of {', '.join(self.columns)}"


class OpenBook:
    """A book as it stood when it was first asked; `crossbook.open` again shows what came since.

    Safe to use while others add files, and from one thread at a time.
    """

    def __init__(self, path: str | Path) -> None:
        self.book: Book = open_book(path)
        self._desk: Desk | None = None
        self._database: Database | None = None

    def __repr__(self) -> str:
        return f"crossbook.open({str(self.book.path)!r})"

    def payouts(self, *, account: str = "", status: str = "", arrival: str = "") -> Table:
        """Every payout in the order of its day: id, account, currency, amount, paid_on, lines, difference, status,
        arrival, booked_on, file, evidence (SHA-256) and line.

        Raises CrossbookError for an account, status or arrival that there is not, naming those that there are.
        """
        from crossbook.views.lists import NEEDS_A_PERSON, Choice, list_payouts, payouts

        desk = self._settled()
        list_payouts(desk)
        wanted = {"account": account, "status": status, "arrival": arrival}
        payouts(desk, Choice({name: value for name, value in wanted.items() if value}))  # refuses what there is not
        where = [f"{name} = ${name}" for name, value in wanted.items() if value and value != "attention"]
        values = {name: value for name, value in wanted.items() if value and value != "attention"}
        if status == "attention":
            where.append(NEEDS_A_PERSON)
        return Table(
            desk.database.arrow(
                f"SELECT * FROM payout_listed WHERE {' AND '.join(where) or 'true'} ORDER BY paid_on, account, id",
                **values,
            )
        )

    def orders(self) -> Table:
        """Every order, decomposed, by its moment: goods - discount + shipping + gift_wrap + tax = total,
        unknown parts null and named."""
        database = self._reader("trade")
        return Table(database.arrow("SELECT * FROM orders ORDER BY placed_at, account, order_id"))

    def money(self, on: date | None = None) -> Table:
        """Where each order's money is on a day (the last that the book's files speak of, if none is given), and when
        the rest may come. Payouts of which no order is known, and reserves of a platform, are rows without an order."""
        from crossbook.settle.position import orders_on
        from crossbook.trade.last_day import day_of_figures

        desk = self._settled()
        day = on or day_of_figures(desk.database, date.today())  # noqa: DTZ011 - a day where the reader is
        return Table(
            desk.database.arrow(
                f"SELECT * EXCLUDE (delay), $day AS as_of FROM {orders_on(desk, day)} ORDER BY ALL", day=day
            )
        )

    def trades(self, *, verdict: str = "") -> Table:
        """Every trade with its verdict and what hangs on it. Raises CrossbookError for a verdict that there is not."""
        from crossbook.verify.rule import VERDICTS

        if verdict and verdict not in VERDICTS:
            raise CrossbookError(f"no verdict {verdict!r}", todo=f"use {', '.join(VERDICTS)}")
        database = self._reader("verdict")
        return Table(
            database.arrow(
                "SELECT order_id, account, day, verdict, stake, currency FROM verdict "
                "WHERE $verdict = '' OR verdict = $verdict ORDER BY order_id",
                verdict=verdict,
            )
        )

    def findings(self, desk: str = "") -> Table:
        """What desks found, each with the rows that it rests on: desk, rule, subject, verdict, amount, currency,
        because (evidence and line), as_of. Raises CrossbookError for a desk that there is not."""
        if desk and desk not in DESKS:
            raise CrossbookError(f"no desk {desk!r} publishes findings", todo=f"use {', '.join(DESKS)}")
        wanted = [DESKS[desk]] if desk else list(DESKS.values())
        database = self._reader(*(publication for publication, _ in wanted))
        return Table(
            database.arrow(
                f"{' UNION ALL BY NAME '.join(f'SELECT * FROM {table}' for _, table in wanted)} ORDER BY ALL"
            )
        )

    def quotes(
        self, lines: pa.Table | Mapping[str, Sequence[Any]] | pandas.DataFrame, *, beyond: bool = False
    ) -> Table:
        """Duty into the United States for many lines: what `crossbook.duty.quote_table` says of each.

        `lines` has hts, origin, on and value (US cents), as an Arrow table, a mapping of columns or a DataFrame.
        """
        from crossbook.duty import quote_table

        if isinstance(lines, pa.Table):
            table = lines
        elif isinstance(lines, Mapping):
            table = pa.table(dict(lines))
        else:
            table = pa.Table.from_pandas(lines, preserve_index=False)
        return Table(quote_table(table, beyond=beyond))

    def market(
        self,
        product: str = "",
        *,
        country: str = "",
        on: date | None = None,
        weights: Mapping[str, float] | None = None,
        fx: Mapping[str, Decimal] | None = None,
        supposed: Supposed | None = None,
    ) -> Table:
        """Where else a product (its sku or name; every one else) would sell, or what would sell in a country (letters
        or a name): a row a product and market in their order, as of a day (the last that the book's files speak of).

        Of each its status (compared, open, no data, barred), its rank with the best and the worst that it may have, the
        margin, break-even price and landed cost of a piece (low, usual, high; minor units of `currency`), imports a
        year in US cents, what is `unknown`, `assumed` and in the way (`bars`), and what would change the rank most.
        `fx` gives a unit of a currency in US dollars; `supposed` is of `crossbook.views.landing`, for what-ifs.

        Raises CrossbookError for a product or country that there is not, and when the book has no products.
        """
        from crossbook.duty.desk import day_of_law
        from crossbook.trade.last_day import day_of_figures
        from crossbook.views.market_told import as_table
        from crossbook.views.markets import ground, known_product, market_named, rank

        database = self._reader("trade")
        day = day_of_law(on, day_of_figures(database, date.today()))  # noqa: DTZ011 - a day where the reader is
        at = ground(database, day, fx=fx)
        skus = [known_product(at, product)] if product else sorted({p.sku for p in at.rows})
        only = market_named(country) if country else None
        rankings = [rank(database, at, sku, supposed=supposed, weigh=weights) for sku in skus]
        return Table(as_table(rankings, only))

    def watch(self, *, rule: str = "", subject: str = "") -> Table:
        """Alerts in the transfers of the book, the gravest first: alert, rule, subject, what, first_on, last_on,
        transfers, amount (minor units of `currency`), unmeasured (transfers whose amount no rate makes that currency),
        certain, name. `table("alert_transfer", "alerts")` has the transfers of each.

        Raises CrossbookError for a rule that there is not.
        """
        from crossbook.watch.reading import alerts

        found = alerts(self._reader("alerts"), rule_name=rule, subject=subject)
        schema = self._reader("alerts").arrow("SELECT * FROM alert LIMIT 0").schema
        return Table(pa.Table.from_pylist(found, schema=schema))

    def watch_cases(self, *, status: str = "all", by: str = "limit") -> Table:
        """Cases of the watch in the order of the queue: id, tenant (institution), report, subject, name, parties,
        alerts, first_on, last_on, amount (the largest sum of one alert, minor units of `currency`), score, status,
        taken_on, due.

        Raises CrossbookError for a status or an order that there is not.
        """
        from crossbook.watch.casework import queue

        found = queue(self._reader("watch_cases"), self.book, by=by, status=status)
        days = dict.fromkeys(("first_on", "last_on", "taken_on", "due"), pa.date32())
        whole = dict.fromkeys(("parties", "alerts", "amount", "score"), pa.int64())
        names = (
            "id tenant report subject name parties alerts first_on last_on amount currency score status taken_on due"
        )
        rows = [{**vars(c), "due": c.due.day if c.due else None} for c in found]
        schema = pa.schema([(name, {**days, **whole}.get(name, pa.string())) for name in names.split()])
        return Table(pa.Table.from_pylist([{name: row[name] for name in schema.names} for row in rows], schema=schema))

    def table(self, name: str, publication: str) -> Table:
        """A table that a room publishes, as it is: `table("parcels", "trade")`, `table("parties", "parties")`.

        Raises CrossbookError when nobody publishes it.
        """
        database = self._reader(publication)
        if not name.isidentifier() or not database.has(name):
            raise CrossbookError(f"{publication!r} has no table {name!r}", todo="see docs/python.md")
        return Table(database.arrow(f'SELECT * FROM "{name}"'))

    def _settled(self) -> Desk:
        if self._desk is None:
            from crossbook.settle import settle

            self._desk = settle(self.book)
        return self._desk

    def _reader(self, *publications: str) -> Database:
        if self._database is None:
            self._database = connect(self.book)
        self._database.ask(*publications)
        return self._database

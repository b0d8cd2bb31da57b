"""What the watch desk tells: how its rules ended, alerts, one alert with its transfers, a chain walked back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from crossbook.calendars import today
from crossbook.engine import Database
from crossbook.errors import CrossbookError, NotFoundError
from crossbook.watch.odd import Odd, odd
from crossbook.watch.rule import GRAVITY
from crossbook.watch.rules import rule, rules

EMPTY = "no transfers yet: crossbook add their files"
TRANSFER = """
t.id, t.transfer_id, t.day, t.seconds, t.payer_account, t.payer, t.payer_country, t.payee_account, t.payee,
t.payee_country, t.payer_institution, t.payee_institution, t.paid, t.paid_currency, t.received, t.received_currency,
t.kind, t.returned, t.evidence, t.line, e.name AS file
"""
# In which currency the money of a transfer was followed, as the amounts of its lots are: its own, where no rate makes
# that of most transfers of it.
FOLLOWED_IN = "CASE WHEN t.unit IS NULL THEN t.paid_currency ELSE t.unit_currency END AS followed_in"
UNUSED = "no transfer is of the {what} {name} that book.toml names: write it as the transfers do"
_FROM = "watch_transfer t JOIN evidence e ON e.sha = t.evidence"


@dataclass(frozen=True, kw_only=True)
class Summary:
    """How a run ended: how many transfers of which days, how many were set aside by reason (and where the first of
    these stands), what is odd, what book.toml names and no transfer is of, and each rule."""

    transfers: int
    first: Any
    last: Any
    own: int  # of the transfers, those that are the book's own money
    unmeasured: int  # transfers whose amount is known in no common unit
    aside: dict[str, int]
    aside_first: dict[str, str]  # file:line
    odd: tuple[Odd, ...]
    unused: list[dict[str, str]]  # `what` (hub, own account) and its `name` in book.toml
    rules: list[dict[str, Any]]

    @property
    def alerts(self) -> int:
        """Alerts of all rules."""
        return sum(r["alerts"] for r in self.rules)

    @property
    def notes(self) -> list[tuple[str, int]]:
        """What there is to say of how rules ended, each once, with how many transfers it is of (0: of none)."""
        return list(dict.fromkeys((r["note"], r["left"]) for r in self.rules if r["note"]))


def unheard(database: Database, rule_name: str = "") -> str:
    """Why that nothing is called shows nothing: the book has no transfers, or rules (this one, if named) did not run.
    Empty where neither is so."""
    database.ask("alerts")
    if not database.rows("SELECT 1 AS one FROM watch_transfer LIMIT 1"):
        return EMPTY
    rows = database.rows("SELECT rule FROM alert_rule WHERE NOT ran ORDER BY rule")
    idle = [r["rule"] for r in rows if rule_name in ("", r["rule"])]
    return f"did not run: {', '.join(idle)}; crossbook watch run says why" if idle else ""


def summary(database: Database) -> Summary:
    """How the rules ended on all transfers of the book."""
    database.ask("alerts")
    (told,) = database.rows(
        "SELECT count(*) AS transfers, min(day) AS first, max(day) AS last, count(*) - count(unit) AS unmeasured, "
        "count(CASE WHEN origin <> 'record' THEN 1 END) AS own FROM watch_transfer"
    )
    aside = database.rows(
        "SELECT a.reason, count(*) AS n, arg_min(e.name || ':' || CAST(a.line AS VARCHAR), (e.seq, a.line)) AS first "
        "FROM watch_aside a JOIN evidence e ON e.sha = a.evidence GROUP BY a.reason ORDER BY n DESC, a.reason"
    )
    ended = {r["rule"]: r for r in database.rows("SELECT * FROM alert_rule")}
    named = [{**ended[r.name], "title": r.title, "gravity": r.gravity} for r in rules()]
    return Summary(
        **told,
        aside={r["reason"]: r["n"] for r in aside},
        aside_first={r["reason"]: r["first"] for r in aside},
        odd=odd(database, today()),
        unused=database.rows("SELECT what, name FROM watch_unused ORDER BY what, name"),
        rules=named,
    )


_KNOWN = """
SELECT 1 AS one FROM watch_transfer
WHERE $subject IN (payer_party, payee_party, payer_account, payee_account)
UNION SELECT 1 FROM watch_account WHERE $subject IN (number, holder_id)
UNION SELECT 1 FROM alert WHERE subject = $subject LIMIT 1
"""  # whether any file tells of a party or account


def alerts(database: Database, *, rule_name: str = "", subject: str = "", limit: int = 0) -> list[dict[str, Any]]:
    """Alerts, the gravest first, then those of the largest sums; of one rule or one subject, if given.

    Raises CrossbookError for a rule that there is not, and NotFoundError for a subject that no file tells of.
    """
    database.ask("alerts")
    if rule_name:
        rule(rule_name)
    if subject and not database.rows(_KNOWN, subject=subject):
        raise NotFoundError(
            f"no party or account {subject!r} in the transfers of the book",
            todo="write it as the files do; crossbook watch alerts lists those that rules call",
        )
    order = " ".join(f"WHEN '{r.name}' THEN {GRAVITY.index(r.gravity)}" for r in rules())
    return database.rows(
        f"SELECT * FROM alert WHERE ($rule = '' OR rule = $rule) AND ($subject = '' OR subject = $subject) "
        f"ORDER BY CASE rule {order} END, amount DESC NULLS LAST, first_on, alert"
        + (f" LIMIT {int(limit)}" if limit else ""),
        rule=rule_name,
        subject=subject,
    )


def alert(database: Database, known: str) -> dict[str, Any]:
    """One alert by its number, with what its rule says and its `because`, the transfers that it rests on; `trades` are
    orders that it rests on besides, `hits` what a list says of its party.

    Raises CrossbookError when there is none.
    """
    database.ask("alerts")
    found = database.rows("SELECT * FROM alert WHERE alert = $alert", alert=known)
    if not found:
        raise CrossbookError(f"no alert {known!r}", todo="crossbook watch alerts lists them")
    called = rule(found[0]["rule"])
    because = database.rows(
        f"SELECT {TRANSFER} FROM {_FROM} JOIN alert_transfer x ON x.id = t.id WHERE x.alert = $alert ORDER BY t.id",
        alert=known,
    )
    trades = database.rows(
        "SELECT o.number, o.account, o.placed_on, o.total, o.currency, o.line, e.name AS file FROM alert_trade x "
        "JOIN orders o ON o.order_id = x.order_id JOIN evidence e ON e.sha = o.evidence "
        "WHERE x.alert = $alert ORDER BY o.placed_on, o.number",
        alert=known,
    )
    hits = database.rows(
        "SELECT h.name, h.list, h.entry, h.listed, h.score, h.reason, h.countries, h.born, h.program, h.line, "
        "e.name AS file FROM alert_hit h JOIN evidence e ON e.sha = h.evidence "
        "WHERE h.list || ' ' || h.entry = $what AND h.name IN (SELECT unnest($names)) ORDER BY h.score DESC, h.name",
        names=_names(database, found[0], known),
        what=found[0]["what"],
    )
    told = {"title": called.title, "why": called.why, "source": called.source, "todo": called.todo}
    return {**found[0], **told, "gravity": called.gravity, "because": because, "trades": trades, "hits": hits}


def _names(database: Database, found: dict[str, Any], known: str) -> list[str]:
    """What the party of an alert is called: its name, and what the alert's transfers call it."""
    told = database.rows(
        "SELECT DISTINCT CASE WHEN t.payer_party = $subject THEN t.payer_told END AS paying, "
        "CASE WHEN t.payee_party = $subject THEN t.payee_told END AS paid "
        "FROM watch_transfer t JOIN alert_transfer x ON x.id = t.id WHERE x.alert = $alert",
        subject=found["subject"],
        alert=known,
    )
    return [name for name in {found["name"], *(n for row in told for n in row.values())} if name is not None]


def chain(database: Database, known: str) -> list[dict[str, Any]]:
    """The chain that a transfer ends: each payment with its depth, and the lots that it took, back to where it began.

    `known` is the number of a transfer, as its institution or as the list calls it; with @ before it, the list's alone.
    Rows are in order of time; `took` holds pairs of the number of a transfer and the amount of it that was passed on.
    Raises CrossbookError when there is no such transfer, several have the number, or chains were not followed.
    """
    database.ask("alerts")
    if not database.has("chain_of"):
        raise CrossbookError("chains were not followed", todo="pip install 'crossbook[watch]'")
    wanted = database.rows(
        "SELECT id FROM watch_transfer WHERE transfer_id = $known OR CAST(id AS VARCHAR) = $known "
        "OR '@' || CAST(id AS VARCHAR) = $known ORDER BY id",
        known=known,
    )
    if not wanted:
        aside = database.rows(
            "SELECT a.reason, e.name || ':' || CAST(a.line AS VARCHAR) AS place FROM watch_aside a "
            "JOIN evidence e ON e.sha = a.evidence WHERE a.transfer_id = $known ORDER BY e.seq, a.line LIMIT 1",
            known=known,
        )
        if aside:
            raise CrossbookError(
                f"transfer {known!r} was set aside: {aside[0]['reason']}",
                where=aside[0]["place"],
                todo="no rule reads it; crossbook watch run says how many are set aside",
            )
        raise CrossbookError(f"no transfer {known!r}", todo="crossbook watch show ALERT lists transfers")
    if len(wanted) > 1:
        raise CrossbookError(
            f"{len(wanted)} transfers are called {known!r}",
            todo=f"use the number in the list with @ before it, such as @{wanted[0]['id']}",
        )
    return database.rows(
        f"""
        WITH RECURSIVE back(id) AS (
          SELECT CAST($id AS BIGINT) UNION SELECT k.lot FROM chain_lot k JOIN back b ON k.payment = b.id
        ), took AS (
          SELECT payment, array_agg(lot ORDER BY lot) AS lots, array_agg(amount ORDER BY lot) AS amounts
          FROM chain_lot GROUP BY payment
        )
        SELECT {TRANSFER}, t.unit, t.unit_currency, {FOLLOWED_IN}, c.depth, k.lots, k.amounts
        FROM back b JOIN {_FROM} ON t.id = b.id
        LEFT JOIN chain_of c ON c.id = b.id LEFT JOIN took k ON k.payment = b.id ORDER BY t.id
        """,
        id=wanted[0]["id"],
    )

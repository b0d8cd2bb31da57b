"""The publication `alerts`: what the rules call in the transfers, each alert with the transfers that it rests on.

Tables: `alert` (a row each, with what it is known by, its sum in `unit` and how many transfers), `alert_transfer`
(which these are), `alert_trade` (orders that one rests on), `alert_rule` (each rule: how it ended, how many it called),
`alert_hit` (names on lists, with why) and, where chains were followed, `chain_of` (depth of each transfer) and
`chain_lot` (which lots it took).
"""

from __future__ import annotations

from datetime import date
from typing import Any

from crossbook.book import Book
from crossbook.engine import Database, Publication
from crossbook.errors import CrossbookError
from crossbook.watch import naming, tracing, trading
from crossbook.watch.amounts import CURRENCY, LACKING, amount
from crossbook.watch.rule import Rule
from crossbook.watch.rules import rule, rules
from crossbook.watch.settings import Settings, settings_of
from crossbook.watch.thresholds import as_table

NOT_FOLLOWED = "chains were not followed: the extra watch is not installed (pip install 'crossbook[watch]')"
UNSEARCHED = (
    "payments that may close a cycle and were not looked through, as the money of too many came together in them "
    "(name hubs under [watch] in book.toml):"
)
HUB = (
    "a fifth or more of what was followed goes on through the account {account}: where strangers' money passes through "
    "it, name it under hubs ([watch] in book.toml), or chains and cycles of strangers are called; of the links:"
)
UNMEASURED = (
    "no rate makes one unit of their amounts: followed within their own currency alone, or, of two, not at all:"
)
NOTHING = "there are no transfers: nothing was looked at"
ROW = """
SELECT CAST($rule AS VARCHAR) AS rule, CAST(subject AS VARCHAR) AS subject, CAST(what AS VARCHAR) AS what,
  CAST(since AS BIGINT) AS since, CAST(id AS BIGINT) AS id, coalesce(certain, false) AS certain,
  {trade} AS trade
"""
# Each transfer and each trade of a finding once: alert_transfer counts on it, as sorting out what stands twice among
# the transfers of all alerts takes more memory than there is where one account has many millions.
ONE_EACH = (
    "SELECT rule, subject, what, since, id, bool_and(certain) AS certain, trade FROM called_{name} "
    "GROUP BY rule, subject, what, since, id, trade"
)
LINKED = ", ".join(f"'{r.name}'" for r in rules() if r.links)
NONE = (
    "SELECT CAST('' AS VARCHAR) AS rule, CAST('' AS VARCHAR) AS subject, CAST('' AS VARCHAR) AS what, "
    "CAST(0 AS BIGINT) AS since, CAST(0 AS BIGINT) AS id, false AS certain, CAST(NULL AS VARCHAR) AS trade WHERE false"
)


def figures_of(settings: Settings) -> dict[str, dict[str, int]]:
    """The figures of every rule. Raises CrossbookError where the book sets what no rule has."""
    known = {r.name: r for r in rules()}
    for name in settings.rules:
        if name not in known:
            raise CrossbookError(
                f"[watch.rules.{name}] is no rule", where="book.toml", todo=f"use {', '.join(sorted(known))}"
            )
    return {name: r.figures(settings.rules.get(name, {})) for name, r in known.items()}


def call(
    database: Database,
    settings: Settings,
    wanted: tuple[Rule, ...],
    figures: dict[str, dict[str, int]],
    first: date | None = None,
    last: date | None = None,
) -> list[dict[str, Any]]:
    """Make `called` (rule, subject, what, since, id, certain, trade): what the rules call in a window of days.

    Gives of each rule how it ended: its name, `ran`, its figures, and a note where there is something to say.
    """
    window = " AND ".join(
        ["true", *([f"day >= DATE '{first}'"] if first else []), *([f"day <= DATE '{last}'"] if last else [])]
    )
    database.scratch("leg", f"SELECT * FROM watch_leg WHERE {window}")
    database.put("threshold", as_table(settings.laws))
    ended, parts = [], [NONE]
    followed = None
    if tracing.can_follow() and any(r.links for r in wanted):
        followed = tracing.follow(database, figures, window)
    traded = any(r.trades for r in wanted) and trading.lay(database, window)
    some = bool(database.rows("SELECT 1 AS one FROM leg LIMIT 1"))
    for one in wanted:
        told = {"rule": one.name, "ran": True, "figures": figures[one.name], "note": "", "left": 0}
        if one.links and followed is None:
            told |= {"ran": False, "note": NOT_FOLLOWED}
        elif one.trades and not traded:
            told |= {"ran": False, "note": trading.NONE}
        elif one.names and not naming.any_list(database):
            told |= {"ran": False, "note": naming.NONE}
        elif one.names and not naming.any_name(database):
            told |= {"ran": False, "note": naming.NAMELESS}
        elif not some:
            told |= {"ran": False, "note": NOTHING}
        elif one.needs[0] and not database.rows(f"{one.needs[1]} LIMIT 1"):
            told |= {"ran": False, "note": one.needs[0]}
        else:
            row = ROW.format(trade="trade" if one.trades else "CAST(NULL AS VARCHAR)")
            database.scratch(f"called_{one.name}", f"{row} FROM ({one.select(figures[one.name])}) r", rule=one.name)
            parts.append(ONE_EACH.format(name=one.name))
            if one.links and followed and followed.unmeasured:
                told |= {"note": UNMEASURED, "left": followed.unmeasured}
            if one.name == "chain" and followed and followed.may_be_hub:
                account, n = followed.may_be_hub
                told |= {"note": HUB.format(account=account), "left": n}
            if one.left_out[0] and (n := database.rows(one.counted_out(figures[one.name]))[0]["n"]):
                told |= {"note": one.left_out[0], "left": n}
            if one.name == "cycle" and followed and followed.unsearched:
                told |= {"note": UNSEARCHED, "left": followed.unsearched}
        ended.append(told)
    database.scratch("called", " UNION ALL ".join(parts))
    return ended


# What an alert comes to is what came to its party, or what it paid, whichever is more: what is passed on counts once.
# A chain is known by the line on which its first transfer stands, as transfers' numbers change when files are added.
GATHERED = f"""
SELECT substr(md5(concat_ws('|', c.rule, c.subject, c.what, CASE WHEN c.rule IN ({LINKED})
    THEN min_by(concat_ws(':', t.evidence, CAST(t.line AS VARCHAR)), t.id) ELSE CAST(c.since AS VARCHAR) END)), 1, 12)
  AS alert,
  c.rule, c.subject, c.what, c.since, coalesce(min(t.day), min(o.placed_on)) AS first_on,
  coalesce(max(t.day), max(o.placed_on)) AS last_on, count(t.id) AS transfers,
  {amount("c.subject")} AS amount, {CURRENCY} AS currency, {LACKING} AS unmeasured,
  count(DISTINCT c.trade) AS trades,
  bool_and(c.certain) AS certain,
  coalesce(min(CASE WHEN t.payee_party = c.subject THEN t.payee WHEN t.payer_party = c.subject THEN t.payer END),
    min(h.holder)) AS name
FROM called c LEFT JOIN watch_transfer t ON t.id = c.id
LEFT JOIN (SELECT order_id, min(placed_on) AS placed_on FROM orders GROUP BY order_id) o ON o.order_id = c.trade
LEFT JOIN (SELECT holder_id, min(holder) AS holder FROM watch_account GROUP BY holder_id) h ON h.holder_id = c.subject
GROUP BY c.rule, c.subject, c.what, c.since
"""


def make(database: Database, book: Book) -> None:
    """Make the tables of this publication."""
    import pyarrow as pa

    settings = settings_of(book)
    ended = call(database, settings, rules(), figures_of(settings))
    database.make("alert", GATHERED)
    database.make(
        "alert_transfer",
        "SELECT a.alert, c.id FROM called c JOIN alert a ON a.rule = c.rule AND a.subject = c.subject "
        "AND a.what = c.what AND a.since = c.since WHERE c.id IS NOT NULL",
    )
    database.make(
        "alert_trade",
        "SELECT DISTINCT a.alert, c.trade AS order_id FROM called c JOIN alert a ON a.rule = c.rule "
        "AND a.subject = c.subject AND a.what = c.what AND a.since = c.since WHERE c.trade IS NOT NULL",
    )
    database.make("alert_hit", "SELECT * FROM watch_listed")
    if tracing.can_follow():
        database.make("chain_of", "SELECT * FROM chain_depth")
        database.make("chain_lot", "SELECT * FROM chain_link")
    counted = {
        r["rule"]: (r["n"], r["sure"])
        for r in database.rows("SELECT rule, count(*) AS n, count_if(certain) AS sure FROM alert GROUP BY rule")
    }
    database.keep(
        "alert_rule",
        pa.table(
            {
                "rule": [e["rule"] for e in ended],
                "ran": [e["ran"] for e in ended],
                "note": [e["note"] for e in ended],
                "left": [e["left"] for e in ended],
                "alerts": [counted.get(e["rule"], (0, 0))[0] for e in ended],
                "certain": [counted.get(e["rule"], (0, 0))[1] for e in ended],
            }
        ),
    )


def _state(book: Book) -> str:
    settings = settings_of(book)
    return repr((settings.laws, figures_of(settings), tracing.can_follow()))


ALERTS = Publication(
    name="alerts",
    make=make,
    rests_on=("transfers", "listed"),
    state=_state,
    memory="3GB",
    further=trading.needed,
)


def backtest(
    database: Database, book: Book, name: str, first: date, last: date, given: dict[str, int]
) -> dict[str, Any]:
    """What a rule would have called in a window with other figures, beside what it calls with those that hold, and how
    many `transfers` lie in it: where there are none, that nothing is called says nothing.

    Raises CrossbookError for a rule or a figure that there is not.
    """
    database.ask("transfers", "listed")
    database.ask(*trading.needed(database))
    settings, one = settings_of(book), rule(name)
    held = figures_of(settings)
    tried = held | {name: one.figures({**held[name], **given})}
    select = "SELECT count(*) AS n FROM watch_transfer WHERE day BETWEEN $first AND $last"
    (lying,) = database.rows(select, first=first, last=last)
    found: dict[str, Any] = {"rule": name, "first": first, "last": last, "transfers": lying["n"]}
    for label, figures in (("now", held), ("tried", tried)):
        (ended,) = call(database, settings, (one,), figures, first, last)
        alerts = database.rows(f"SELECT * FROM ({GATHERED}) g ORDER BY first_on, subject, what")
        found[label] = {**ended, "alerts": alerts}
    return found

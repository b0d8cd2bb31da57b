"""The publication `watch_cases`: alerts gathered into cases by party and chain, each within one institution.

Tables: `watch_slice` (a row each alert of an institution: what of it went over its accounts, and its case),
`watch_slice_transfer` (which transfers these are), `watch_case` (a row each case; `state` is another when an alert, a
transfer or an amount of it is) and `watch_part` (the parts of its score). An institution is one whose accounts a file
tells of; where none does, all is of one that is called by an empty text.
"""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from crossbook.book import Book
from crossbook.engine import Database, Publication
from crossbook.watch.alerts import figures_of
from crossbook.watch.amounts import CURRENCY, LACKING, amount, of_subject
from crossbook.watch.history import known_cases, told_of
from crossbook.watch.joining import Slice, gather
from crossbook.watch.rules import rules
from crossbook.watch.scoring import parts, total
from crossbook.watch.settings import settings_of

_BY_LINKS = ", ".join(f"'{r.name}'" for r in rules() if r.links) or "''"
_LARGE = ", ".join(f"'{r.name}'" for r in rules() if r.gravity == "report") or "''"
# On which side of each transfer an institution stands that the alert is of: that of the alert's party, where its
# account is in a file; of chains, and where it is not, every institution whose account is on either side. A transfer
# between strangers is of the one institution that the alert's others are of, where there is one.
SIDES = f"""
WITH side AS (
  SELECT x.alert, x.id, p.institution AS tenant, t.payer_party = a.subject AS own, a.rule IN ({_BY_LINKS}) AS linked
  FROM alert_transfer x JOIN alert a ON a.alert = x.alert JOIN watch_transfer t ON t.id = x.id
  LEFT JOIN watch_account p ON p.number = t.payer_account
  UNION ALL
  SELECT x.alert, x.id, p.institution, t.payee_party = a.subject, a.rule IN ({_BY_LINKS})
  FROM alert_transfer x JOIN alert a ON a.alert = x.alert JOIN watch_transfer t ON t.id = x.id
  LEFT JOIN watch_account p ON p.number = t.payee_account
), known AS (
  SELECT s.*, max(CASE WHEN own AND NOT linked AND tenant IS NOT NULL THEN 1 ELSE 0 END)
      OVER (PARTITION BY alert, id) AS by_party,
    max(CASE WHEN tenant IS NOT NULL THEN 1 ELSE 0 END) OVER (PARTITION BY alert, id) AS told,
    min(tenant) OVER (PARTITION BY alert) AS least, max(tenant) OVER (PARTITION BY alert) AS most
  FROM side s
)
SELECT DISTINCT alert, id, coalesce(tenant, CASE WHEN least = most THEN least END, '') AS tenant FROM known
WHERE told = 0 OR (tenant IS NOT NULL AND (by_party = 0 OR own))
"""
SLICES = f"""
SELECT s.tenant, s.alert, min(a.rule) AS rule, min(a.subject) AS subject, min(a.what) AS what, min(a.since) AS since,
  min(a.name) AS name, bool_and(a.certain) AS certain, min(t.day) AS first_on, max(t.day) AS last_on,
  count(*) AS transfers,
  {amount("a.subject")} AS amount, {CURRENCY} AS currency, min(t.unit_currency) AS main, {LACKING} AS unmeasured,
  {of_subject("a.subject", "paid_cny", "received_cny")} AS cny,
  count(CASE WHEN t.payer_country <> t.payee_country THEN 1 END) AS crossing,
  count(CASE WHEN t.payer_country IS NOT NULL AND t.payee_country IS NOT NULL THEN 1 END) AS border_told
FROM watch_slice_transfer s JOIN alert a ON a.alert = s.alert JOIN watch_transfer t ON t.id = s.id
GROUP BY s.tenant, s.alert
UNION ALL
SELECT '', alert, rule, subject, what, since, name, certain,
  coalesce(first_on, DATE '1970-01-01' + CAST(since AS INTEGER)),
  coalesce(last_on, DATE '1970-01-01' + CAST(since AS INTEGER)), 0, amount, currency, currency, unmeasured,
  CASE WHEN currency = 'CNY' THEN amount END, 0, 0
FROM alert WHERE alert NOT IN (SELECT alert FROM alert_transfer)
"""
# Alerts that rest on a chain's transfers: they share half of those that the smaller of the two has, at least.
SHARED = f"""
WITH linked AS (SELECT * FROM slice WHERE rule IN ({_BY_LINKS})),
other AS (SELECT * FROM slice WHERE rule NOT IN ({_LARGE}))
SELECT a.tenant, a.alert AS one, b.alert AS other
FROM linked a JOIN watch_slice_transfer x ON x.tenant = a.tenant AND x.alert = a.alert
JOIN watch_slice_transfer y ON y.tenant = x.tenant AND y.id = x.id AND y.alert <> x.alert
JOIN other b ON b.tenant = y.tenant AND b.alert = y.alert
GROUP BY a.tenant, a.alert, b.alert, a.transfers, b.transfers
HAVING count(*) * 2 >= least(a.transfers, b.transfers)
ORDER BY a.tenant, a.alert, b.alert
"""
# The largest sum of one alert, where they are of several currencies of those in that of most transfers.
_OF_ONE = "(min(currency) = max(currency))"
_LARGEST = f"CASE WHEN {_OF_ONE} THEN max(amount) ELSE max(CASE WHEN currency = main THEN amount END) END"
_UNMEASURED = f"""CASE WHEN {_OF_ONE} THEN sum(unmeasured)
    ELSE sum(CASE WHEN currency = main THEN unmeasured ELSE transfers END) END"""
CASES = f"""
SELECT case_id, min(tenant) AS tenant,
  CASE WHEN bool_and(rule IN ({_LARGE})) THEN 'large' ELSE 'suspicious' END AS report,
  max_by(subject, place) AS subject, max_by(name, place) AS name, count(*) AS alerts,
  count(DISTINCT subject) AS parties, min(first_on) AS first_on, max(last_on) AS last_on,
  {_LARGEST} AS amount, CASE WHEN {_OF_ONE} THEN min(currency) ELSE min(main) END AS currency,
  {_UNMEASURED} AS unmeasured,
  md5(string_agg(concat_ws(':', alert, CAST(transfers AS VARCHAR), CAST(amount AS VARCHAR)), ','
    ORDER BY alert)) AS state
FROM (
  SELECT s.*, row_number() OVER (ORDER BY grave, coalesce(amount, 0), alert DESC) AS place FROM watch_slice s
) p GROUP BY case_id
"""


def make(database: Database, book: Book) -> None:
    """Make the tables of this publication."""
    import pyarrow as pa

    database.make("watch_slice_transfer", SIDES)
    database.make("slice", SLICES)
    rows = database.rows("SELECT * FROM slice ORDER BY tenant, alert")
    gravity = {r.name: r.gravity for r in rules()}
    slices = {(r["tenant"], r["alert"]): _slice(r, gravity) for r in rows}
    shared = [(slices[r["tenant"], r["one"]], slices[r["tenant"], r["other"]]) for r in database.rows(SHARED)]
    cases = gather(slices.values(), shared, known_cases(told_of(book.journal())))
    grave = {"report": 0, "low": 1, "medium": 2, "high": 3}
    database.keep(
        "case_of",
        pa.table(
            {
                "tenant": pa.array([r["tenant"] for r in rows], pa.string()),
                "alert": pa.array([r["alert"] for r in rows], pa.string()),
                "case_id": pa.array([cases[slices[r["tenant"], r["alert"]]] for r in rows], pa.string()),
                "grave": pa.array([grave[gravity[r["rule"]]] for r in rows], pa.int64()),
            }
        ),
    )
    database.make(
        "watch_slice",
        "SELECT s.*, c.case_id, c.grave FROM slice s JOIN case_of c ON c.tenant = s.tenant AND c.alert = s.alert",
    )
    database.drop("slice")
    database.drop("case_of")
    _score(database, figures_of(settings_of(book)), gravity)


def _slice(row: dict[str, Any], gravity: dict[str, str]) -> Slice:
    return Slice(
        tenant=row["tenant"],
        alert=row["alert"],
        subject=row["subject"],
        large=gravity[row["rule"]] == "report",
        since=row["since"],
        first_on=row["first_on"],
        last_on=row["last_on"],
    )


def _score(database: Database, figures: dict[str, dict[str, int]], gravity: dict[str, str]) -> None:
    """Make `watch_part` and `watch_case`."""
    import pyarrow as pa

    called: dict[str, dict[str, bool]] = defaultdict(dict)
    for r in database.rows("SELECT case_id, rule, bool_or(certain) AS certain FROM watch_slice GROUP BY case_id, rule"):
        called[r["case_id"]][r["rule"]] = r["certain"]
    hands: dict[str, int] = {}
    if database.has("chain_of"):
        deep = database.rows(
            "SELECT s.case_id, max(c.depth) AS depth FROM watch_slice s JOIN watch_slice_transfer x "
            "ON x.tenant = s.tenant AND x.alert = s.alert JOIN chain_of c ON c.id = x.id "
            "WHERE s.rule = 'chain' GROUP BY s.case_id"
        )
        hands = {r["case_id"]: r["depth"] for r in deep}
    rows = database.rows(
        "SELECT case_id, max(cny) AS cny, max(crossing) AS crossing, sum(border_told) AS border_told "
        "FROM watch_slice GROUP BY case_id"
    )
    told: list[tuple[str, str, str, int, int | None]] = []
    scores: dict[str, int] = {}
    for r in rows:
        found = parts(
            rules=called[r["case_id"]],
            gravity=gravity,
            hands=hands.get(r["case_id"]),
            least=figures["chain"]["depth"],
            cny=r["cny"],
            crossing=r["crossing"],
            border_told=r["border_told"] > 0,
        )
        scores[r["case_id"]] = total(found)
        told += [(r["case_id"], p.part, p.about, p.points, p.value) for p in found]
    types = (pa.string(), pa.string(), pa.string(), pa.int64(), pa.int64())
    names = ("case_id", "part", "about", "points", "value")
    database.keep(
        "watch_part",
        pa.table({n: pa.array([row[i] for row in told], types[i]) for i, n in enumerate(names)}),
    )
    database.keep(
        "scored",
        pa.table(
            {"case_id": pa.array(list(scores), pa.string()), "score": pa.array(list(scores.values()), pa.int64())}
        ),
    )
    database.make("watch_case", f"SELECT c.*, s.score FROM ({CASES}) c JOIN scored s ON s.case_id = c.case_id")
    database.drop("scored")


def _state(book: Book) -> str:
    told = known_cases(told_of(book.journal()))
    return repr([(k.case, k.tenant, k.large, sorted(k.alerts), sorted(k.parties.items())) for k in told])


WATCH_CASES = Publication(name="watch_cases", make=make, rests_on=("alerts",), state=_state, memory="3GB")

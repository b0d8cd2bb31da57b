"""One case laid open: each part of its score with what calls it and what would uncall it, its transfers, the links of
its chain."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from crossbook import money
from crossbook.book import Book
from crossbook.engine import Database
from crossbook.watch.alerts import figures_of
from crossbook.watch.amounts import shown
from crossbook.watch.casework import Case, case_of
from crossbook.watch.reading import FOLLOWED_IN, TRANSFER
from crossbook.watch.rules import rule
from crossbook.watch.scoring import Part
from crossbook.watch.settings import settings_of


@dataclass(frozen=True, kw_only=True)
class Reason:
    """One part of a score: what it stands for, what was measured, what called it and what would uncall it, as texts
    that are translated, the figures of the rule, and the alerts that it rests on."""

    part: Part
    title: str
    measured: str
    figures: str
    called: str
    uncalled: str
    alerts: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class CaseFile:
    """A case, the reasons for it, its transfers in order (with `depth` where a chain was followed, file and line,
    and `called`: the rules that call it, each with what it says),
    the orders that it rests on, and the links of chains: payment, lot and the amount of it that was passed on."""

    case: Case
    reasons: tuple[Reason, ...]
    alerts: list[dict[str, Any]]
    transfers: list[dict[str, Any]]
    trades: list[dict[str, Any]]
    links: list[dict[str, Any]]


def case_file(database: Database, book: Book, known: str) -> CaseFile:
    """One case laid open. Raises NotFoundError when there is none of that number."""
    case = case_of(database, book, known)
    alerts = database.rows(
        "SELECT alert, rule, subject, name, what, since, certain, first_on, last_on, transfers, amount, currency, "
        "unmeasured FROM watch_slice WHERE case_id = $case ORDER BY grave DESC, amount DESC NULLS LAST, alert",
        case=known,
    )
    ids = (
        "(SELECT DISTINCT x.id FROM watch_slice s JOIN watch_slice_transfer x "
        "ON x.tenant = s.tenant AND x.alert = s.alert WHERE s.case_id = $case)"
    )
    followed = database.has("chain_of")
    depth = "LEFT JOIN chain_of c ON c.id = t.id" if followed else ""
    transfers = database.rows(
        f"SELECT {TRANSFER}, t.unit, t.unit_currency, {FOLLOWED_IN}, t.payer_party, t.payee_party, t.payer_kind, "
        "t.payee_kind, t.paid_cny, t.paid_usd, t.received_cny, t.received_usd, "
        "CASE WHEN p.number IS NOT NULL THEN coalesce(p.institution, '') END AS payer_tenant, "
        "CASE WHEN q.number IS NOT NULL THEN coalesce(q.institution, '') END AS payee_tenant, "
        "p.opened_on AS payer_opened, q.opened_on AS payee_opened, CASE WHEN t.clock THEN f.moment END AS moment, "
        f"{'c.depth' if followed else 'NULL'} AS depth FROM {ids} i JOIN watch_transfer t ON t.id = i.id "
        f"JOIN evidence e ON e.sha = t.evidence {depth} LEFT JOIN watch_account p ON p.number = t.payer_account "
        "LEFT JOIN watch_account q ON q.number = t.payee_account "
        "LEFT JOIN transfer f ON f.evidence = t.evidence AND f.line = t.line ORDER BY t.id",
        case=known,
    )
    called: dict[int, list[tuple[str, str]]] = {}
    for one in database.rows(
        "SELECT DISTINCT x.id, s.rule, s.what FROM watch_slice s JOIN watch_slice_transfer x "
        "ON x.tenant = s.tenant AND x.alert = s.alert WHERE s.case_id = $case ORDER BY x.id, s.rule, s.what",
        case=known,
    ):
        called.setdefault(one["id"], []).append((one["rule"], one["what"]))
    zone = ZoneInfo(settings_of(book).zone)
    for row in transfers:
        moment = row.pop("moment")
        row["called"] = called[row["id"]]
        row["told_at"] = f"{moment.astimezone(zone):%Y%m%d%H%M%S}" if moment else None
    links = (
        database.rows(
            f"SELECT k.payment, k.lot, k.amount FROM chain_lot k JOIN {ids} a ON a.id = k.payment "
            f"JOIN {ids} b ON b.id = k.lot ORDER BY k.payment, k.lot",
            case=known,
        )
        if followed
        else []
    )
    trades = database.rows(
        "SELECT DISTINCT o.number, o.account, o.placed_on, o.total, o.currency, o.evidence, o.line, e.name AS file "
        "FROM watch_slice s JOIN alert_trade x ON x.alert = s.alert JOIN orders o ON o.order_id = x.order_id "
        "JOIN evidence e ON e.sha = o.evidence WHERE s.case_id = $case ORDER BY o.placed_on, o.number",
        case=known,
    )
    figures = figures_of(settings_of(book))
    reasons = tuple(_reason(p, alerts, figures) for p in case.parts)
    return CaseFile(case=case, reasons=reasons, alerts=alerts, transfers=transfers, trades=trades, links=links)


def _reason(part: Part, alerts: list[dict[str, Any]], figures: dict[str, dict[str, int]]) -> Reason:
    if part.part != "rule":
        return Reason(
            part=part, title=part.title, measured=_measured(part), figures="", called="", uncalled="", alerts=()
        )
    called = rule(part.about)
    mine = [a for a in alerts if a["rule"] == part.about]
    held = ", ".join(f"{name}={value}" for name, value in figures[part.about].items())
    return Reason(
        part=part,
        title=called.title,
        measured=_called(mine),
        figures=held,
        called=called.why,
        uncalled=called.unless,
        alerts=tuple(a["alert"] for a in mine),
    )


def _called(alerts: list[dict[str, Any]]) -> str:
    """What a rule found."""
    most = max(alerts, key=lambda a: (a["amount"] or -1, a["transfers"]))
    known = most["amount"] is not None and most["currency"]
    largest = shown(most["amount"], most["currency"], most["unmeasured"]) if known else "—"
    return f"alerts: {len(alerts)}, the largest {largest} in {most['transfers']} transfers"


def _measured(part: Part) -> str:
    if part.part in ("earlier", "outside"):
        return part.about
    if part.value is None:
        return "not known"
    return money.show(part.value, "CNY") if part.part == "amount" else str(part.value)


def as_dict(case: Case) -> dict[str, Any]:
    """A case as programs read it; what people did about it as entries of the journal."""
    told = case.told
    plain = {k: v for k, v in vars(case).items() if k not in ("told", "parts", "dues", "outside")}
    return {
        **plain,
        "due": case.due.day if case.due else None,
        "parts": [{**vars_of(p), "title": p.title} for p in case.parts],
        "dues": [vars_of(d) for d in case.dues],
        "outside": [vars_of(x) for x in case.outside],
        "outcomes": [{"seq": e.seq, "at": e.at, "who": e.who, **e.body} for e in told.outcomes],
        "remarks": [{"seq": e.seq, "at": e.at, "who": e.who, **e.body} for e in told.remarks],
        "documents": told.documents,
    }


def vars_of(record: Any) -> dict[str, Any]:
    """The fields of a record that holds plain values."""
    return dict(vars(record))

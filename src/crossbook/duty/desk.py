"""The duty desk over a book: products, entries and duty tables that were added, each row with its evidence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from crossbook.duty.advantage import Advantage, Product, advantage
from crossbook.duty.claiming import Claim, Disputed, claims, disputed
from crossbook.duty.drawback import Candidate, Export, candidates
from crossbook.duty.filed import EntryLine, grouped
from crossbook.duty.foreign import AGREEMENTS, ORDINARY, ForeignDuty
from crossbook.duty.lines import Revision, TariffLine
from crossbook.duty.own_law import with_own
from crossbook.duty.refunds import Refund, refunds
from crossbook.duty.schedule import last_revision
from crossbook.duty.tables import FAR, FIRST_DAY, Law, Measure, law, percent
from crossbook.engine import Database
from crossbook.errors import CrossbookError, ParameterError


def _rows(database: Database, kind: str, order: str) -> list[dict[str, Any]]:
    return database.rows(f'SELECT * FROM "{kind}" ORDER BY {order}, evidence, line')


def products(database: Database) -> list[Product]:
    """What the book says is sold where. Of several prices of one product in one market the newest counts."""
    found: dict[tuple[str, str], Product] = {}
    for r in _rows(database, "product", "sku, market, day NULLS FIRST"):
        claims = dict(part.split("=", 1) for part in (r["claims"] or "").split() if "=" in part)
        try:
            weight = Decimal(r["weight_kg"]) if r["weight_kg"] else None
        except ArithmeticError:
            raise CrossbookError(f"{r['sku']}: a weight of {r['weight_kg']!r}", todo="write kilograms: 0.25") from None
        found[r["sku"], r["market"]] = Product(
            sku=r["sku"],
            name=r["name"] or r["sku"],
            hts=r["hts"],
            origin=r["origin"],
            market=r["market"],
            mode=r["mode"] or "ocean",
            cost=r["cost"],
            freight=r["freight"] or 0,
            selling=r["selling"] or 0,
            cost_currency=r["cost_currency"],
            price=r["price"],
            rival_price=r["rival_price"],
            rival=r["rival"] or "",
            currency=r["currency"],
            weight_kg=weight,
            claims=claims,
            evidence=r["evidence"],
            line=r["line"],
        )
    return list(found.values())


def entries(database: Database) -> list[EntryLine]:
    """The entry lines of the book, each as the newest report has it: what two repeat was paid once, with dashes
    in the number of the entry or without. A report that tells an earlier liquidation than another, or none yet, is the
    older of the two whenever it was added."""
    sql = """WITH told AS (
                 SELECT x.*, e.seq, upper(replace(replace(entry, '-', ''), ' ', '')) AS number,
                        CASE WHEN regexp_matches(lower(trim(liquidation)), '^((re|deemed )?\\s*-?liquidated)')
                             THEN liquidated_on END AS done
                 FROM entry_line x JOIN evidence e ON e.sha = x.evidence),
             standing AS (
                 SELECT *, max(done) OVER line AS last,
                        max(done) OVER paper AS here, bool_or(coalesce(trim(liquidation), '') <> '') OVER paper AS says
                 FROM told
                 WINDOW line AS (PARTITION BY number, entry_line), paper AS (PARTITION BY number, entry_line, evidence))
             SELECT * EXCLUDE (seq, number, done, last, here, says) FROM standing
             WHERE last IS NULL OR NOT says OR coalesce(here = last, false)
             QUALIFY evidence = first_value(evidence) OVER (PARTITION BY number, entry_line ORDER BY seq DESC)
             ORDER BY entry, entry_line, ordinal, evidence, line"""
    return grouped(database.rows(sql))


def day_of_law(on: date | None, last: date) -> date:
    """The day asked for, else the last of the book's files; where that is before the first schedule, the schedule's.

    Raises ParameterError when a day before the first schedule is asked for.
    """
    if on is not None and on < FIRST_DAY:
        raise ParameterError("on", str(on), what=f"no duty is known on {on}", todo=f"from {FIRST_DAY} on it is")
    return on or max(FIRST_DAY, last)


def refunds_of(
    database: Database, on: date, *, corporation: bool = True
) -> tuple[list[Refund], list[tuple[EntryLine, str]]]:
    """Refund candidates of the book's entries, and the lines that could not be worked out, each with the reason.

    An entry filed with another origin than the book's own products of that number is a candidate too.
    """
    made: dict[str, set[str]] = {}
    for p in products(database):
        made.setdefault(p.hts.replace(".", ""), set()).add(p.origin)
    origins = {hts: min(whose) for hts, whose in made.items() if len(whose) == 1}
    return refunds(entries(database), on, table=law_of(database), origins=origins, corporation=corporation)


@dataclass(frozen=True)
class Claims:
    """The claims of a book on a day, the lines that could not be worked out, and what drawback could bring."""

    entries: list[EntryLine]
    claims: list[Claim]
    drawback: list[Candidate]
    disputed: list[Disputed]
    unworked: list[tuple[EntryLine, str]]


def claims_of(database: Database, on: date, *, corporation: bool = True, exports: Sequence[Export] = ()) -> Claims:
    """Every claim on the book's entries, open or not: what is final is shown with what is left."""
    lines = entries(database)
    found, refused = refunds_of(database, on, corporation=corporation)
    return Claims(
        entries=lines,
        claims=claims(found, lines, on),
        drawback=candidates(lines, found, on, exports=exports, table=law_of(database)),
        disputed=disputed(lines, on),
        unworked=refused,
    )


def foreign_duties(database: Database) -> list[ForeignDuty]:
    """Duty tables of other markets that were added to the book: ordinary duties and trade remedies."""
    found = []
    for r in _rows(database, "tariff", "market, code"):
        if r["market"] == "US" or r["measure"] in ("142", "145", "105"):
            continue
        found.append(
            ForeignDuty(
                market=r["market"],
                code=r["code"],
                description=r["description"] or "",
                duty=r["general"],
                origins=tuple((r["origins"] or "ALL").split()),
                measure=_measure(r["measure"]),
                since=r["valid_from"] or date.min,
                until=r["valid_to"],
                cite=f"{r['evidence'][:12]}:{r['line']}",
            )
        )
    return found


def _measure(code: str | None) -> str:
    """What a table calls a measure; what is neither an ordinary duty nor an agreement's is a duty on top."""
    if not code:
        return "import duty"
    if code == "103":
        return "third country duty"
    return code if code.lower() in (*ORDINARY, *AGREEMENTS) else f"trade remedy {code}"


def _newer(database: Database) -> tuple[Revision, ...]:
    """Revisions of the US schedule in the book that came into force after the last one shipped."""
    sql = """SELECT * FROM tariff
             WHERE market = 'US' AND measure IS NULL AND valid_from > $last ORDER BY valid_from, code"""
    by_day: dict[date, list[TariffLine]] = {}
    for r in database.rows(sql, last=last_revision()):
        path, general, special, other = (r[n] or "" for n in ("description", "general", "special", "other"))
        units, marks = (tuple(filter(None, (r[n] or "").split(","))) for n in ("units", "footnotes"))
        day = r["valid_from"]
        by_day.setdefault(day, []).append(
            TariffLine(
                code=r["code"],
                since=day,
                until=None,
                path=path,
                general=general,
                special=special,
                other=other,
                units=units,
                footnotes=marks,
            )
        )
    return tuple(Revision(day, [x.code for x in lines], lines) for day, lines in sorted(by_day.items()))


def law_of(database: Database) -> Law:
    """The shipped law with what the book adds: newer revisions of the schedule, anti-dumping and countervailing cases,
    and the rows of `measures.csv` in its folder (see `own_law`).

    A case reaches goods by their description, which no tariff number tells: whether they are in its scope is a fact.
    """
    from dataclasses import replace

    table = law()
    added: list[Measure] = []
    by_prefix = {k: list(v) for k, v in table.scopes.by_prefix.items()}
    for r in _rows(database, "tariff", "measure, code"):
        if r["market"] != "US" or not r["measure"]:
            continue
        case, scope = r["measure"], f"case {r['measure']}"
        cite = f"{r['evidence'][:12]}:{r['line']}"
        by_prefix.setdefault(r["code"], []).append((scope, r["valid_from"] or date.min, r["valid_to"] or FAR, cite))
        kind = "Countervailing duty" if case.upper().startswith("C") else "Antidumping duty"
        added.append(
            Measure(
                id=f"case:{case}",
                programme=f"case {case}",
                name=f"{kind} {case}",
                authority="Title VII, Tariff Act of 1930",
                heading=case,
                origins=tuple((r["origins"] or "ALL").split()),
                scopes=(scope,),
                kind="add",
                rate=percent(r["general"]),
                on="value",
                when=((f"case_{case}", "=", "yes"),),
                sailed_before=None,
                since=r["valid_from"] or date.min,
                until=r["valid_to"] or FAR,
                published=None,
                effective=r["valid_from"] or date.min,
                source=f"{r['description'] or 'the case'} ({cite})",
            )
        )
    unique = {(m.id, m.origins, m.since): m for m in added}
    measures = (*table.measures, *unique.values())
    made = replace(table, measures=measures, scopes=type(table.scopes)(by_prefix), newer=_newer(database))
    folder = database.shared.folder
    return made if folder is None else with_own(made, folder)


def rates(database: Database, on: date) -> Mapping[str, Decimal]:
    """One unit of each currency in US dollars, by the book's newest rates up to a day, through one other at most."""
    pairs: dict[tuple[str, str], Decimal] = {}
    sql = 'SELECT "day", base, quote, rate FROM rate WHERE "day" <= $on ORDER BY "day"'
    for r in database.rows(sql, on=on):
        if r["rate"]:
            pairs[r["base"], r["quote"]], pairs[r["quote"], r["base"]] = r["rate"], 1 / r["rate"]
    found = {base: rate for (base, quote), rate in pairs.items() if quote == "USD"}
    for (base, quote), rate in pairs.items():
        if quote in found and base != "USD":
            found.setdefault(base, rate * found[quote])
    return found


def advantages(database: Database, on: date, *, sku: str | None = None, **more: Any) -> list[Advantage]:
    """What is left of the advantage of each product in each of its markets on a day.

    Past what is known it is by the law as last known. `more` are options of `advantage`, such as `table`.
    """
    options: dict[str, Any] = {
        "table": law_of(database),
        "duties": foreign_duties(database),
        "fx": rates(database, on),
        "beyond": True,
    } | more
    return [advantage(p, on, **options) for p in products(database) if sku in (None, p.sku)]

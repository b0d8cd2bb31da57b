"""What it costs to land goods elsewhere than in the United States: import duty, VAT or GST, thresholds, who collects.

VAT, thresholds and parcel duties are rows of `data/duty/destinations.csv`, each with its source. Import duty of a
commercial consignment comes from the market's table, one that the user added or one that ships (`foreign`); without a
row for the goods it is refused, not guessed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from itertools import takewhile

from crossbook.duty.answers import CHANGES_NOTHING, with_ends
from crossbook.duty.bill import Landed
from crossbook.duty.conditions import ANY, PARCEL, WEIGHT, Doubts
from crossbook.duty.countries import not_covered
from crossbook.duty.foreign import ForeignDuty
from crossbook.duty.foreign_bill import Duties, commercial
from crossbook.duty.foreign_rates import exchanged
from crossbook.duty.lines import digits
from crossbook.duty.quoting import DutyLine, Missing, cents, shown
from crossbook.duty.schedule import lines_under
from crossbook.duty.shipment import FOB_MARKETS, INCOTERMS, Shipment, check, fob_value
from crossbook.duty.tables import EU, FAR, day_or, percent, rows
from crossbook.duty.whole_units import cut_of
from crossbook.errors import CrossbookError

MARKETS = tuple("US EU GB JP KR AU CA SG MY TH VN ID AE SA KZ RU BR MX TR CH IN PH PK UZ ZA NG".split())
# What the note of a duty on parcels says when VAT is in it.
GLOBAL_RATE = "stands for duty and VAT"
ON_UNKNOWN = "not known, for it is on the duty, too"  # of a tax


def market_of(destination: str) -> str:
    """The market whose customs a destination belongs to: EU for its members."""
    return "EU" if destination in EU or destination == "EU" else destination


def _facts(destination: str, on: date) -> dict[str, list[dict[str, str]]]:
    found: dict[str, list[dict[str, str]]] = {}
    for row in rows("destinations.csv"):
        if row["market"] in (destination, market_of(destination)) and (
            date.fromisoformat(row["from"]) <= on <= day_or(row["to"], FAR)
        ):
            found.setdefault(row["what"], []).append(row)
    return found


def _of_subheading(code: str, on: date) -> str:
    """What all lines of a subheading are called in the schedule of the United States; six digits are the same there."""
    paths = [line.path.split(" > ") for line in lines_under(code[:6], on)]
    return " > ".join(p[0] for p in takewhile(lambda p: len(set(p)) == 1, zip(*paths, strict=False)))


def _in(currency: str, amount: str, to: str, rates: Mapping[str, Decimal]) -> int:
    """An amount of `currency` in minor units of `to`. `rates` gives one unit of a currency in US dollars."""
    return cents(exchanged(Decimal(amount), currency, to, rates))


def land_abroad(
    s: Shipment, table: Sequence[ForeignDuty] = (), rates: Mapping[str, Decimal] | None = None, codes: int = 1
) -> Landed:
    """The bill for one shipment into another market, in the currency of its price.

    `codes` is how many distinct six-digit codes the consignment holds, which the EU counts. A destination that is not
    covered, or a duty of which no table has a row, raises CrossbookError and names what to add. Where a fact is not
    stated the bill is that of the usual answer, with both ends.
    """
    return with_ends(s, lambda one: _bill(one, table, rates or {}, codes))


def _bill(s: Shipment, table: Sequence[ForeignDuty], rates: Mapping[str, Decimal], codes: int) -> Landed:
    """The bill by the facts that are stated, and the usual answer where one is not."""
    market = market_of(s.destination)
    if market not in MARKETS:
        raise not_covered(s.destination, s.on, MARKETS)
    if market == "EU" == market_of(s.origin):
        raise CrossbookError(
            f"goods of {s.origin} into {s.destination}: within the European Union nothing is imported",
            todo="give the country where they were made, if that is outside it; goods that come back from outside are"
            " returned goods (Regulation 952/2013, art. 203), which is not worked out",
        )
    facts = _facts(s.destination, s.on)
    if not facts:
        raise CrossbookError(f"nothing is known of {s.destination} on {s.on}", todo="see `crossbook duty coverage`")
    check(s)
    if codes < 1:
        raise CrossbookError(f"{codes} six-digit codes in a consignment", todo="give how many it holds: 1 or more")
    if "duty" in INCOTERMS[s.incoterm]:
        raise CrossbookError(
            "a duty-paid price is taken apart for the United States only",
            todo="give the price without duty, such as DAP or FOB",
        )
    code = digits(s.hts)
    fob = fob_value(s)
    base = fob if market in FOB_MARKETS else fob + s.freight + s.insurance
    parcel = s.mode in PARCEL
    doubts = Doubts()
    duties = _duty(
        doubts=doubts,
        s=s,
        table=table,
        facts=facts,
        market=market,
        code=code,
        fob=fob,
        base=base,
        parcel=parcel,
        rates=rates,
        codes=codes,
    )
    lines = duties.lines
    total = None if any(x.amount is None for x in lines) else sum(x.amount or 0 for x in lines)

    def taxed(duty: int | None) -> tuple[list[DutyLine], list[Missing]]:
        if any(GLOBAL_RATE in line.note for line in lines):
            return [], []
        return _taxes(s=s, facts=facts, fob=fob, base=base, duties=duty, rates=rates, code=code, doubts=doubts)

    taxes, unknown = taxed(total)
    heavy = "weight_kg" in doubts.missing  # how much it may weigh has no end
    high = None if heavy else duties.high
    rate = None
    if lines and all(x.fraction is not None for x in lines):
        rate = sum((x.fraction or Decimal(0) for x in lines), Decimal(0))
    return Landed(
        shipment=replace(s, hts=code),
        code=code,
        path=duties.path or _of_subheading(code, s.on),
        customs_value=base,
        lines=lines,
        suppressed=(),
        missing=(*duties.missing, *unknown, *doubts.missing.values()),
        fees=(),
        taxes=tuple(taxes),
        total_duty=total,
        duty_low=duties.low,
        duty_high=high,
        rate=rate,
        rate_low=duties.rate_low,
        rate_high=None if heavy else duties.rate_high,
        inside=base - fob,
        notes=(
            *dict.fromkeys(doubts.left_out),
            *duties.notes,
            *(f"{CHANGES_NOTHING}{name}={value}" for name, value in s.claims.items() if name not in doubts.used),
        ),
        tax_low=_sum_of(taxed(duties.low)[0]),
        tax_high=None if high is None else _sum_of(taxed(high)[0]),
    )


def _sum_of(taxes: Sequence[DutyLine]) -> int:
    return sum(x.amount or 0 for x in taxes)


def _open_to(reliefs: Sequence[dict[str, str]], parcel: bool) -> list[dict[str, str]]:
    """The reliefs for goods by courier or post, or those that every declaration has."""
    return [r for r in reliefs if parcel or f"mode={ANY}" in r["when"].split("&")]


def _under(
    thresholds: Sequence[dict[str, str]],
    value: int,
    s: Shipment,
    code: str,
    rates: Mapping[str, Decimal],
    doubts: Doubts,
) -> dict[str, str] | None:
    """The first row that a value is under. A relief of every declaration is no reason to ask trade for a rate: without
    one it is left open, and named."""
    for r in thresholds:
        lacking = [c for c in (r["currency"], s.currency) if c != "USD" and c not in rates]
        if r["currency"] != s.currency and lacking and s.mode not in PARCEL:
            limit = f"{r['upto']} {r['currency']}"
            text = f"whether the relief up to {limit} reaches these goods needs the rate of {' and '.join(lacking)}"
            doubts.left_out += [text] if text not in doubts.left_out else []
        elif value <= _in(r["currency"], r["upto"], s.currency, rates) and doubts.reaches(r, s, code):
            return r
    return None


def _duty(
    doubts: Doubts,
    s: Shipment,
    table: Sequence[ForeignDuty],
    facts: dict[str, list[dict[str, str]]],
    market: str,
    code: str,
    fob: int,
    base: int,
    parcel: bool,
    rates: Mapping[str, Decimal],
    codes: int,
) -> Duties:
    if market == "SG":
        free = "only liquor, tobacco, motor vehicles and petroleum bear duty"
        return _alone(
            DutyLine(
                measure="import duty",
                authority="SG",
                rate="Free",
                base=base,
                amount=0,
                legal_source=facts["vat"][0]["source"],
                heading_9903=None,
                note=free,
                fraction=Decimal(0),
                id="duty",
            )
        )
    reliefs = _open_to(facts.get("relief-duty", ()), parcel)
    if relief := _under(reliefs, fob if "cif" not in _bases(facts) else base, s, code, rates, doubts):
        free = f"relief up to {relief['upto']} {relief['currency']}; {relief['note']}"
        return _alone(
            DutyLine(
                measure="de minimis",
                authority=market,
                rate="Free",
                base=base,
                amount=0,
                legal_source=relief["source"],
                heading_9903=None,
                note=free,
                fraction=Decimal(0),
                id="de-minimis",
            )
        )
    if parcel and (
        line := _parcel(
            doubts=doubts,
            s=s,
            facts=facts,
            market=market,
            code=code,
            fob=fob,
            base=base,
            rates=rates,
            codes=codes,
        )
    ):
        cut, uncut = cut_of(facts, "duty", s.currency, rates, on_parcels=True)
        _not_cut(doubts, uncut if line.amount else "")
        if cut and line.amount:
            line = replace(line, amount=cents(cut.due(Decimal(line.amount))), note=f"{line.note}; {cut.told}")
        return _alone(line)
    cut, uncut = cut_of(facts, "duty", s.currency, rates)
    found = commercial(s, table, market, code, base, rates, doubts.left_out, cut)
    _not_cut(doubts, uncut if found.high != 0 else "")
    doubts.used.update(found.used)
    return _or_another(found, facts, base, s.currency, rates)


def _or_another(
    found: Duties, facts: Mapping[str, Sequence[dict[str, str]]], base: int, currency: str, rates: Mapping[str, Decimal]
) -> Duties:
    """With the doubt that a consignment this small bears another tariff, whose rates are in no table. What is free
    stays free; a duty that is too small to be paid is not free."""
    if not found.high and found.high is not None and found.rate_high == 0:
        return found
    for row in facts.get("other-tariff", ()):
        known = row["currency"] == currency or {row["currency"], currency} <= {*rates, "USD"}
        if not known or base <= _in(row["currency"], row["upto"], currency, rates):
            text = "an estimate: " + row["note"].format(upto=f"{row['upto']} {row['currency']}")
            return replace(found, missing=(*found.missing, Missing("edition", text)))
    return found


def _not_cut(doubts: Doubts, why: str) -> None:
    """Name, once, that an amount is not cut to whole units as the law says."""
    doubts.left_out += [why] if why and why not in doubts.left_out else []


def _alone(line: DutyLine) -> Duties:
    """A duty that stands for all others."""
    much = line.amount or 0
    return Duties(
        lines=(line,),
        missing=(),
        notes=(),
        path="",
        low=much,
        high=much,
        rate_low=line.fraction,
        rate_high=line.fraction,
        used=(),
    )


def _bases(facts: dict[str, list[dict[str, str]]]) -> list[str]:
    return [r["basis"] for r in facts.get("relief-duty", ())]


def _parcel(
    doubts: Doubts,
    s: Shipment,
    facts: dict[str, list[dict[str, str]]],
    market: str,
    code: str,
    fob: int,
    base: int,
    rates: Mapping[str, Decimal],
    codes: int,
) -> DutyLine | None:
    for row in facts.get("parcel-duty", ()):
        limited = base if row["basis"] == "cif" else fob
        if row["upto"] and limited > _in(row["currency"], row["upto"], s.currency, rates):
            continue
        if not doubts.reaches(row, s, code):
            continue
        who = _told(row)
        if row["basis"] == "each six-digit code":
            amount = _in(row["currency"], row["amount"], s.currency, rates) * codes
            return DutyLine(
                measure="parcel duty",
                authority=market,
                rate=f"{row['amount']} {row['currency']} a code",
                base=base,
                amount=amount,
                legal_source=row["source"],
                heading_9903=None,
                note=who,
                fraction=None,
                id="parcel",
            )
        rate = percent(row["rate"])
        of = base
        if row["basis"] == "excess over 200":
            of = max(0, fob - _in(row["currency"], "200", s.currency, rates))
        amount = cents(of * rate)
        if row["per_kg"]:  # the least, by weight
            if s.weight_kg is None:
                doubts.missing.setdefault("weight_kg", Missing("weight_kg", WEIGHT))
            else:
                least = _in(row["currency"], row["per_kg"], s.currency, rates) * s.weight_kg
                amount = max(amount, cents(least))
        if row["amount"]:
            amount = max(0, amount + _in(row["currency"], row["amount"], s.currency, rates))
        plain = rate if of == base and not row["amount"] and not row["per_kg"] else None
        return DutyLine(
            measure="parcel duty",
            authority=market,
            rate=row["rate"],
            base=of,
            amount=amount,
            legal_source=row["source"],
            heading_9903=None,
            note=who,
            fraction=plain,
            id="parcel",
        )
    return None


def _told(row: Mapping[str, str]) -> str:
    """What a row says of itself, and who collects."""
    return "; ".join((row["note"], *([f"collected by: {row['collector']}"] if row["collector"] else ())))


def _taxes(
    s: Shipment,
    facts: dict[str, list[dict[str, str]]],
    fob: int,
    base: int,
    duties: int | None,
    rates: Mapping[str, Decimal],
    code: str,
    doubts: Doubts,
) -> tuple[list[DutyLine], list[Missing]]:
    """VAT or GST, and what is missing where the market's is not known."""
    market = market_of(s.destination)
    parcel = s.mode in PARCEL

    def vat(
        row: dict[str, str], text: str, of: int | None, amount: int | None, note: str, rate: Decimal
    ) -> list[DutyLine]:
        return [
            DutyLine(
                measure="VAT",
                authority=s.destination,
                rate=text,
                base=of,
                amount=amount,
                legal_source=row["source"],
                heading_9903=None,
                note=note,
                fraction=rate,
                id="vat",
            )
        ]

    reliefs = facts.get("relief-vat", ())
    value = fob if any(r["basis"] == "fob" for r in reliefs) else base
    if row := _under(_open_to(reliefs, parcel), value, s, code, rates, doubts):
        return vat(row, "Free", 0, 0, f"relief up to {row['upto']} {row['currency']}", Decimal(0)), []
    if parcel and (row := _under(facts.get("vat-parcel", ()), fob, s, code, rates, doubts)):
        rate = percent(row["rate"])
        alone = row["basis"] == "goods" or s.delivered
        sold = fob if alone else fob + s.freight + s.insurance  # the goods, or what the buyer pays
        return vat(row, row["rate"], sold, cents(sold * rate), _told(row), rate), []
    if market == "EU" and "vat" not in facts:
        raise CrossbookError("VAT in the EU differs by member state", todo="give the country, such as DE or FR")
    for row in facts.get("vat", ()):
        if not doubts.reaches(row, s, code):
            continue
        rate = percent(row["rate"])
        who = _told(row)
        if duties is None:
            return vat(row, shown(rate), None, None, f"{ON_UNKNOWN}; {who}", rate), []
        of = base + duties + (s.freight + s.insurance if market == "AU" else 0)
        if row["basis"] == "fob+10%+duty":
            of += cents(base * Decimal("0.1"))
        amount = cents(of * rate / (1 - rate)) if row["basis"] == "inside" else cents(of * rate)
        cut, uncut = cut_of(facts, "vat", s.currency, rates)
        _not_cut(doubts, uncut)
        if cut:
            of = cut.value(of)
            amount, who = cut.tax(of, rate), f"{who}; {cut.told}"
        return vat(row, shown(rate), of, amount, who, rate), []
    return [], [Missing("vat", f"the VAT or sales tax of {s.destination} on {s.on}, which is not known here")]

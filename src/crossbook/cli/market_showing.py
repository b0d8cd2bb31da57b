"""Rankings of markets as the group market prints them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from crossbook.i18n import language, t, translated

if TYPE_CHECKING:
    from crossbook.errors import CrossbookError
    from crossbook.market.access import Access, Item
    from crossbook.market.margin import Span
    from crossbook.views.markets import Place, Ranking

FIRST = 3  # places of each product where every product is shown
COLUMNS = ("margin", "break-even price", "imports a year", "not known", "would change it most")
WORDS = {"price_vat": "VAT in the price"}  # for names of terms that are no words


def show_ranking(ranking: Ranking, before: Ranking | None = None) -> None:
    """A ranking for people; with the one before a what-if beside it."""
    from crossbook.cli import show

    show.say(f"[bold]{show.clean(ranking.sku)}[/] {show.clean(ranking.name)}")
    earlier = {p.market: p for p in before.places} if before else {}
    rows = []
    shown = [p for p in ranking.places if p.placed.status != "no data"]
    for p in shown:
        was = [_rank(earlier[p.market])] if p.market in earlier else [""] if before else []
        rows.append([_rank(p), *was, show.clean(_name(p.market)), *_cells(p)])
    show.table([t(c) for c in ("rank", *(["before"] if before else []), "market", *COLUMNS)], rows)
    for p in shown:
        for item in p.access.bars if p.access else ():
            _say_item(p.market, item)
    _say_refusals(shown)
    _say_facts(shown)
    _say_assumed([(p.market, p) for p in shown])
    nothing = [p.market for p in ranking.places if p not in shown]
    if nothing:
        told = t(
            "no demand and no price of its own is known, so that no place is given: {markets}",
            markets=", ".join(nothing),
        )
        show.say(f"[{show.WARN}]{show.clean(told)}[/]")
    if ranking.compared == 0:
        show.say(f"[{show.WARN}]{show.clean(t(ranking.wanting, code=ranking.hts))}[/]")


def show_market(market: str, rankings: Sequence[Ranking]) -> None:
    """Every product in one market, its rank among the markets of the product, and what stands open there."""
    from crossbook.cli import show

    places = [(r, p) for r in rankings for p in r.places if p.market == market]  # not where it is made
    show.say(f"[bold]{show.clean(_name(market))}[/]")
    rows = []
    for r, p in places:
        of = str(r.compared) if p.placed.rank is not None else ""
        rows.append([show.clean(r.sku), _rank(p), of, *_cells(p)])
    show.table([t(c) for c in ("product", "rank", "of", *COLUMNS)], rows)
    _say_refusals([p for _, p in places])
    _say_facts([p for _, p in places])
    _say_assumed([(r.sku, p) for r, p in places])
    reached = next((p.access for _, p in places if p.access), None)
    if reached:
        show_access(reached)


def show_first(rankings: Sequence[Ranking]) -> None:
    """The first places of every product."""
    from crossbook.cli import show

    rows = []
    firsts = []
    for r in rankings:
        compared = [p for p in r.places if p.placed.rank is not None][:FIRST]
        firsts += [(f"{r.sku} {p.market}", p) for p in compared]
        for p in compared:
            rows.append([show.clean(r.sku), _rank(p), show.clean(_name(p.market)), *_cells(p)])
        if not compared:
            rows.append([show.clean(r.sku), t("facts missing"), "", *([""] * len(COLUMNS))])
    show.table([t(c) for c in ("product", "rank", "market", *COLUMNS)], rows)
    _say_taken([p for _, p in firsts])
    _say_assumed(firsts)
    show.say(
        t(
            "the first {n} of each, of the markets that could be compared; all of one, and what is missing: {command}",
            n=FIRST,
            command=f"crossbook market rank {show.clean(rankings[0].sku)}" if rankings else "crossbook market rank",
        )
    )


def _cells(p: Place) -> list[str]:
    """What is told of a place, in the order of COLUMNS."""
    from crossbook.cli import show

    swing = p.placed.swings[0].doubt if p.placed.swings else ""
    return [
        _money_span(p.margin, p.currency),
        _money_span(p.break_even, p.currency),
        _imports(p),
        show.clean(", ".join(t(WORDS.get(name, name)) for name in p.unknown)),
        show.clean(t(WORDS.get(swing, swing))) if swing else "",
    ]


def _say_refusals(places: Sequence[Place]) -> None:
    """Why bills could not be worked out and what would settle it, once for all markets of which it is the same."""
    from crossbook.cli import show

    alike: dict[str, list[tuple[str, CrossbookError]]] = {}
    for p in places:
        refused = p.landing.refused
        if refused is not None and p.placed.status != "barred":
            alike.setdefault(re.sub(r"\b[A-Z]{2,3}\b", "", refused.todo), []).append((p.market, refused))
    for (market, refused), *others in alike.values():
        what = f"{market}: {translated(refused.what)} ({translated(refused.todo)})"
        also = dict.fromkeys(other for other, _ in others if other != market)
        likewise = "; " + t("likewise {markets}", markets=", ".join(also)) if also else ""
        show.say(f"[{show.WARN}]{show.clean(what + likewise)}[/]")


def _say_facts(places: Sequence[Place]) -> None:
    """Facts that nobody stated and on which a bill hangs: what each is, in which markets, and how to state it."""
    from crossbook.cli import show
    from crossbook.duty.claims import FACTS

    asked: dict[str, dict[str, None]] = {}
    for p in places:
        asks = {ask for term in p.landing.makeup.terms.values() for ask in term.asks if ask in FACTS}
        for fact in sorted(asks) if p.placed.status != "barred" else ():
            asked.setdefault(fact, {})[p.market] = None
    for fact, markets in asked.items():
        told = t("{markets}: not stated, {what}", markets=", ".join(markets), what=t(FACTS[fact].ask))
        show.say(f"[{show.WARN}]{show.clean(told)} (crossbook market what-if --claim {fact}=…)[/]")
    _say_taken(places)


def _say_taken(places: Sequence[Place]) -> None:
    """In which markets a consumer is taken to receive the parcel, as nobody says, and how to suppose otherwise."""
    from crossbook.cli import show

    taken = dict.fromkeys(p.market for p in places if p.landing.taken and p.placed.status != "barred")
    if taken:
        told = t(
            "{markets}: taken for sales to consumers, as nobody says who receives the parcel (to_business=no)",
            markets=", ".join(taken),
        )
        show.say(f"[{show.WARN}]{show.clean(told)} (crossbook market what-if --claim to_business=yes)[/]")


def _say_assumed(places: Sequence[tuple[str, Place]]) -> None:
    """Which terms are taken from other markets and from which, once for all places (each with its name) alike."""
    from crossbook.cli import show

    alike: dict[tuple[str, str], list[str]] = {}
    for name, p in places:
        makeup = p.landing.makeup
        for term in [makeup.price, *makeup.terms.values()]:
            if term is not None and term.name in p.assumed and p.placed.status != "barred":
                alike.setdefault((term.name, term.source), []).append(name)
    for (term_name, source), names in alike.items():
        named = t(WORDS.get(term_name, term_name))
        told = t(
            "{names}: {term} is assumed, from the figures of {source}",
            names=", ".join(names),
            term=named,
            source=source,
        )
        show.say(f"[{show.WARN}]{show.clean(told)}[/]")


def show_access(found: Access) -> None:
    """What bars a market, what stands open in it, and what is not known of it."""
    from crossbook.cli import show

    for item in (*found.bars, *(item for item in found.items if item not in found.bars)):
        _say_item("", item)
    for unknown in found.unknown:
        names = ": " + ", ".join(unknown.names) if unknown.names else ""
        show.say(f"[{show.WARN}]{show.clean(t(unknown.text) + names)}[/]")


def _say_item(market: str, item: Item) -> None:
    from crossbook.cli import show

    told = f"{market + ': ' if market else ''}{t(item.what)}: {t(item.value)}"
    days = [t("since {day}", day=item.since)] if item.since else []
    doubts = [translated(text) for text in item.doubt]
    show.say(show.clean("; ".join(part for part in (told, *days, *doubts, item.source) if part)))


def _rank(p: Place) -> str:
    placed = p.placed
    if placed.rank is None:
        return t("facts missing" if placed.status == "open" else placed.status)
    if placed.best == placed.worst:
        return str(placed.rank)
    return t("{rank} ({best} to {worst})", rank=placed.rank, best=placed.best, worst=placed.worst)


def _name(code: str) -> str:
    from crossbook.countries import countries

    found = countries().get(code)
    return f"{code} {found.name_zh if language() == 'zh' else found.name}" if found else code


def _money_span(span: Span, currency: str) -> str:
    from crossbook.cli.amounts import amount

    low, high = (None if x is None else amount(int(x), currency) for x in (span.low, span.high))
    if low is None and high is None:
        return t("not known")
    if low is None or high is None:
        return t("at most {most}", most=high) if low is None else t("at least {least}", least=low)
    return low if low == high else f"{low} … {high}"


def _imports(p: Place) -> str:
    told = p.demand.chosen
    if told is None:
        return t("not known")
    source = f"{told.dataset} {told.year}"
    if told.imports is not None and told.whole:
        return f"{_large(told.imports)} ({source})"
    least = told.from_origin if told.imports is None else told.imports
    return t("not known") if least is None else f"{t('at least {least}', least=_large(least))} ({source})"


def _large(cents: int) -> str:
    """US dollars in thousands or millions; in Chinese by ten thousands or hundred millions."""
    dollars = cents / 100
    if language() == "zh":
        large = dollars >= 100_000_000
        return f"{dollars / 100_000_000:,.2f} 亿美元" if large else f"{dollars / 10_000:,.0f} 万美元"
    return f"{dollars / 1_000_000:,.1f} m USD" if dollars >= 1_000_000 else f"{dollars / 1_000:,.0f} k USD"

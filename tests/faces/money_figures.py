"""Figures of where the money is, of what needs a person, and of the bank, each with the faces that tell it."""

from __future__ import annotations

from typing import Any

from tests.faces.asking import Faces
from tests.faces.comparing import Figures, Some, Told, rows
from tests.faces.reading import cash, code, day, links, number, sums, table, text_of

TO_SEE = ("not_closed", "unexplained", "ambiguous", "no_rule")


def cli_stages(f: Faces) -> Told:
    return rows(
        f.cli("money")["stages"],
        ("account", "currency", "place"),
        "amount",
        "gross",
        "orders",
        "earliest",
        "likely",
        "latest",
    )


def api_stages(f: Faces) -> Told:
    return rows(
        f.api("/api/overview")["stages"],
        ("account", "currency", "place"),
        "amount",
        "gross",
        "orders",
        "earliest",
        "likely",
        "latest",
    )


def python_stages(f: Faces) -> Told:
    found: Told = {}
    for r in f.python.money():
        told = found.setdefault((r["account"], r["currency"], r["place"]), {"amount": 0, "gross": 0, "orders": 0})
        told["amount"] += r["brings"]
        told["gross"] += r["total"]
        told["orders"] += r["order_id"] is not None
    return found


def listed_stages(f: Faces) -> Told:
    found: Told = {}
    for (account, currency, place), _ in cli_stages(f).items():  # type: ignore[misc]
        told = f.api("/api/orders", account=account, currency=currency, place=place)
        found[account, currency, place] = {"amount": told["sums"][currency]}
    return found


def held_cli(f: Faces) -> Told:
    return rows(f.cli("case", "valkore")["held"], ("account", "currency", "place"), "amount", "gross", "orders")


def held_api(f: Faces) -> Told:
    told = f.api("/api/cases/file/valkore")["held"]
    return rows(told, ("account", "currency", "place"), "amount", "gross", "orders")


def held_page(f: Faces) -> Told:
    return {
        (cells[0], next(iter(sums(cells[3]))), code(cells[1])): {"amount": cash(cells[3]), "orders": number(cells[2])}
        for cells in table(f.page("/cases/file/valkore"), "held")
    }


def held_money(f: Faces) -> Told:
    """Of all the money, what has neither arrived nor gone on in another currency."""
    return {k: v for k, v in cli_stages(f).items() if k[2] not in ("at_bank", "untraced")}  # type: ignore[index]


def by_place(told: Told) -> Told:
    found: Told = {}
    for (_, currency, place), stage in told.items():  # type: ignore[misc]
        sums = found.setdefault((currency, place), {"amount": 0, "orders": 0})
        sums["amount"] += stage["amount"]
        sums["orders"] += stage["orders"]
    return found


def page_places(f: Faces) -> Told:
    """The overview's bars: what is under way by place, and what has arrived."""
    found: Told = {}
    for bar in f.page("/").xpath("//figure[@class='money-bar']"):
        for row in bar.xpath(".//tbody/tr"):
            cells = [text_of(c) for c in row.xpath("./td")]
            ((currency, amount),) = sums(cells[2]).items()
            found[currency, code(cells[0])] = {"amount": amount, "orders": number(cells[1]) or 0}
        for place, named in (("at_bank", "at the bank so far"), ("untraced", "converted; the other side")):
            for link in bar.xpath(f".//figcaption/a[contains(., '{named}')]"):
                ((currency, amount),) = sums(text_of(link)).items()
                if amount:
                    found[currency, place] = {"amount": amount}
    return found


def away_page(f: Faces) -> Told:
    told = [text_of(x).split("not at the bank yet")[0] for x in f.page("/").xpath("//figure/figcaption")]
    return {currency: {"amount": amount} for text in told for currency, amount in sums(text).items() if amount}


def away(f: Faces) -> Told:
    found: Told = {}
    for (_, currency, _), stage in held_money(f).items():  # type: ignore[misc]
        found.setdefault(currency, {"amount": 0})["amount"] += stage["amount"]
    return found


def late_alert(f: Faces) -> Told:
    (told,) = [a for a in f.api("/api/overview")["alerts"] if a["kind"] == "late_order"] or [
        {"count": 0, "amounts": {}}
    ]
    return {"late": {"n": told["count"]} | told["amounts"]}


def late_list(f: Faces) -> Told:
    told = f.api("/api/orders", place="late")
    return {"late": {"n": told["total"]} | told["sums"]}


def late_python(f: Faces) -> Told:
    late = [
        r
        for r in f.python.money()
        if r["latest"] and r["latest"] <= r["as_of"] and r["place"] != "at_bank" and r["order_id"]
    ]
    found = {"n": len(late)}
    for r in late:
        found[r["currency"]] = found.get(r["currency"], 0) + r["brings"]
    return {"late": found}


def api_weeks(f: Faces) -> Told:
    return {
        (a["currency"], w["first"]): {k: w[k] for k in ("likely", "by_then", "at_least", "at_most")}
        for a in f.api("/api/overview")["arrivals"]
        for w in a["weeks"]
    }


def page_weeks(f: Faces) -> Told:
    found: Told = {}
    for region in f.page("/").xpath("//div[starts-with(@aria-label, 'by week, in ')]"):
        currency = region.get("aria-label")[-3:]
        for row in region.xpath(".//tbody/tr"):
            cells = [text_of(c) for c in row.xpath("./td")]
            names = ("likely", "by_then", "at_least", "at_most")
            found[currency, day(cells[0])] = {n: cash(c) for n, c in zip(names, cells[1:], strict=True)}
    return found


def alerts(f: Faces) -> Told:
    return {a["kind"]: {"n": a["count"]} for a in f.api("/api/overview")["alerts"] if a["kind"] != "contradiction"}


def alerts_on_page(f: Faces) -> Told:
    kinds = [a["kind"] for a in f.api("/api/overview")["alerts"]]
    cards = f.page("/").xpath("//section[@aria-labelledby='alerts']//li/a")
    return {k: {"n": number(text_of(c))} for k, c in zip(kinds, cards, strict=True) if k != "contradiction"}


def alerts_followed(f: Faces) -> Told:
    """What the lists hold that alerts lead to."""
    kinds = [a["kind"] for a in f.api("/api/overview")["alerts"]]
    found: Told = {}
    for kind, card in zip(kinds, f.page("/").xpath("//section[@aria-labelledby='alerts']//li/a"), strict=True):
        path = card.get("href")
        if path == "/bank":
            found[kind] = {"n": f.api("/api/bank")["open_credits_count"]}
        elif not path.startswith("#"):
            where, _, query = path.partition("?")
            found[kind] = {"n": f.api(f"/api{where}", **dict(p.split("=") for p in query.split("&")))["total"]}
    return found


def attention(n: int) -> Told:
    return {"need a person": {"n": n}}


def attention_on_page(f: Faces) -> Told:
    section = f.page("/").xpath("//section[@aria-labelledby='attention']")[0]
    more = section.xpath(".//p/a")
    return attention(number(text_of(more[0])) if more else len(table(f.page("/"), "attention")))  # type: ignore[arg-type]


def matches(told: list[dict[str, Any]]) -> Told:
    return {tuple(m["credits"]): {"payouts": m["payouts"], "short": m["short"], "against": m["against"]} for m in told}


def api_matches(f: Faces) -> list[dict[str, Any]]:
    first = f.api("/api/bank")
    pages = [first, *(f.api("/api/bank", page=n) for n in range(2, first["pages"] + 1))]
    return [m["match"] for page in pages for m in page["matches"]]


def matches_of_payouts(f: Faces) -> Told:
    """By payout, what is short of it: in the list of payouts, and in its match."""
    return {p["id"]: {"short": p["short"]} for p in f.cli("payouts") if p["bank_credit"]}


def short_by_match(f: Faces) -> Told:
    return {p: {"short": m["short"]} for m in f.cli("bank")["matches"] for p in m["payouts"]}


def short_on_page(f: Faces) -> Told:
    return {cells[0]: {"short": cash(cells[3])} for cells in table(f.page("/bank"), "differing")}


def open_payouts_on_page(f: Faces) -> Told:
    told = zip(table(f.page("/bank"), "open-payouts"), links(f.page("/bank"), "open-payouts"), strict=True)
    return {
        to[0].removeprefix("/payouts/"): {
            "amount": cash(cells[2]),
            "paid_on": day(cells[1]),
            "overdue": "overdue" in cells[3],
        }
        for cells, to in told
    }


def open_credits_on_page(f: Faces) -> Told:
    told = zip(table(f.page("/bank"), "open-credits"), links(f.page("/bank"), "open-credits"), strict=True)
    return {
        to[0].removeprefix("/why?of=").replace("%3A", ":"): {"amount": cash(cells[1]), "booked_on": day(cells[0])}
        for cells, to in told
    }


FIGURES: Figures = {
    "day of the figures": {
        "money": lambda f: {"day": {"on": f.cli("money")["on"]}},
        "case": lambda f: {"day": {"on": f.cli("case", "valkore")["on"]}},
        "api": lambda f: {"day": {"on": f.api("/api/overview")["day"]}},
        "case of the api": lambda f: {"day": {"on": f.api("/api/cases/file/valkore")["on"]}},
        "orders": lambda f: {"day": {"on": f.api("/api/orders")["day"]}},
        "python": lambda f: {"day": {"on": str(next(iter(f.python.money()))["as_of"])}},
    },
    "where the money is": {
        "cli": cli_stages,
        "api": api_stages,
        "python": python_stages,
        "lists of orders": listed_stages,
    },
    "money by place": {"cli": lambda f: by_place(cli_stages(f)), "page": page_places},
    "money that is held": {"case": held_cli, "money": held_money, "api": held_api, "page": held_page},
    "money under way": {"cli": away, "page": away_page},
    "late orders": {"alert": late_alert, "list": late_list, "python": late_python},
    "arrivals by week": {"api": api_weeks, "page": page_weeks},
    "alerts": {"api": alerts, "page": alerts_on_page, "lists": alerts_followed},
    "payouts that need a person": {
        "overview": lambda f: attention(f.api("/api/overview")["attention_count"]),
        "page": attention_on_page,
        "list": lambda f: attention(f.api("/api/payouts", status="attention")["total"]),
        "python": lambda f: attention(len(f.python.payouts(status="attention"))),
        "cli": lambda f: attention(
            sum(p["status"] in TO_SEE or p["arrival"] in ("overdue", "differs") for p in f.cli("payouts"))
        ),
    },
    "matches": {"cli": lambda f: matches(f.cli("bank")["matches"]), "api": lambda f: matches(api_matches(f))},
    "what is short of payouts": {
        "payouts": matches_of_payouts,
        "bank": short_by_match,
        "page": Some(short_on_page),
    },
    "payouts without a credit": {
        "cli": lambda f: rows(f.cli("bank")["open_payouts"], "id", "amount", "paid_on", "overdue"),
        "api": lambda f: rows(f.api("/api/bank")["open_payouts"], "id", "amount", "paid_on", "overdue"),
        "page": open_payouts_on_page,
        "payouts": lambda f: {
            p["id"]: {"amount": p["amount"], "paid_on": p["paid_on"], "overdue": p["arrival"] == "overdue"}
            for p in f.cli("payouts")
            if p["arrival"] in ("overdue", "on_its_way")
        },
    },
    "credits without a payout": {
        "cli": lambda f: rows(f.cli("bank")["open_credits"], "key", "amount", "booked_on"),
        "api": lambda f: rows(f.api("/api/bank")["open_credits"], "key", "amount", "booked_on"),
        "page": open_credits_on_page,
        "trades off the platforms": lambda f: rows(f.cli("offline"), "credit", "amount", "booked_on"),
        "offline of the api": lambda f: rows(f.api("/api/verify/offline"), "credit", "amount", "booked_on"),
    },
}

"""Figures of single trades and of all of them: orders, passports, papers, verdicts, rejections."""

from __future__ import annotations

from typing import Any

from crossbook.verify.audience import AUDIENCES
from crossbook.verify.rule import VERDICTS
from tests.faces.asking import Faces
from tests.faces.comparing import Figures, Some, Told, rows, summed
from tests.faces.reading import cash, code, day, links, number, sums, table, text_of, worth

LISTED = ("account", "currency", "total", "brings", "placed_on", "likely")


def looked_at(f: Faces) -> list[str]:
    """The trades that are looked at one by one: the first of each account and verdict, and of each rule."""
    found: dict[tuple[str, ...], str] = {}
    for verdict in VERDICTS:
        for t in f.cli("trades", "--verdict", verdict)["trades"]:
            if t["account"]:
                found.setdefault((t["account"], verdict), t["order_id"])
                for rule in t["rules"]:
                    found.setdefault((rule,), t["order_id"])
    return list(dict.fromkeys(found.values()))


def known_orders(f: Faces) -> list[dict[str, Any]]:
    return [o for o in f.rows("/api/orders") if o["order_id"]]


def page_orders(f: Faces) -> Told:
    found: Told = {}
    for cells in table(f.page("/orders", per_page=500), "Orders"):
        if cells[2] != "—":  # an order, not a payout without one
            found[cells[0], code(cells[5])] = {
                "account": cells[1],
                "placed_on": day(cells[2]),
                "total": cash(cells[3]),
                "brings": cash(cells[4]),
                "likely": day(cells[6]),
            }
    return found


def page_order_sums(f: Faces) -> Told:
    (told,) = f.page("/orders").xpath("//div[@id='list']/p[@role='status']")
    return {"all": {"n": number(text_of(told))} | sums(text_of(told))}


def python_order_sums(f: Faces) -> Told:
    told = summed(f.python.money(), ("currency",), "brings")
    return {
        "all": {"n": sum(bool(r["order_id"]) for r in f.python.money())} | {c: x["brings"] for c, x in told.items()}
    }  # type: ignore[misc]


def passport(told: dict[str, Any]) -> dict[str, Any]:
    return (
        {"total": told["total"], "currency": told["currency"], "account": told["account"]}
        | {f"{s['name']} {n}": s[n] for s in told["steps"] for n in ("amount", "day")}
        | {f"{s['name']} proofs": [p["amount"] for p in s["proofs"]] for s in told["steps"]}
    )


def page_passport(f: Faces, name: str) -> dict[str, Any]:
    page = f.page(f"/orders/{name}")
    head = page.xpath("//h1/span[@class='h-money']")
    told: dict[str, Any] = {"total": cash(text_of(head[0])) if head else None}
    for step in page.xpath("//ol[@class='timeline']/li"):
        step_name = code(str(step.xpath("./h2")[0].text or ""))
        when = text_of(step.xpath("./p[@class='when']")[0])
        told |= {f"{step_name} amount": cash(when), f"{step_name} day": day(when)}
        proofs = [p.xpath("./span[@class='nowrap']") for p in step.xpath("./ul/li")]
        told[f"{step_name} proofs"] = [cash(text_of(p[0])) if p else None for p in proofs]
    return told


def python_total(f: Faces) -> Told:
    return {o["order_id"]: {"total": o["total"], "currency": o["currency"]} for o in f.python.orders()}


def listed_total(f: Faces) -> Told:
    """Of the list, which tells an order in the currency that its money is in, a part in each of its places: those whose
    money was never converted."""
    ordered = {o["order_id"]: o["currency"] for o in f.python.orders()}
    told = known_orders(f)
    changed = {o["order_id"] for o in told if o["currency"] != ordered.get(o["order_id"], o["currency"])}
    here = summed([o for o in told if o["order_id"] not in changed], ("order_id",), "total")
    return {name: {"total": row["total"], "currency": ordered.get(name)} for name, row in here.items()}


def verified(told: dict[str, Any]) -> dict[str, Any]:
    return {
        "verdict": told["verdict"],
        "stake": told["stake"],
        "currency": told["currency"],
        "rules": [x["rule"] for x in told["faults"] if not x["aside"]],
        "aside": [x["rule"] for x in told["faults"] if x["aside"]],
        "match": [(m["field"], m["state"], [s["text"] for s in m["said"]]) for m in told["match"]],
    }


def page_verified(f: Faces, name: str) -> dict[str, Any]:
    page = f.page(f"/orders/{name}")
    badge = page.xpath("//h2[@id='match']/span")[0]
    return {"verdict": code(text_of(badge))}


def listed_verified(f: Faces) -> Told:
    wanted = set(looked_at(f))
    told = [t for v in VERDICTS for t in f.cli("trades", "--verdict", v)["trades"]]
    return {
        t["order_id"]: {n: t[n] for n in ("verdict", "stake", "currency", "rules")}
        for t in told
        if t["order_id"] in wanted
    }


def verdicts(board: dict[str, Any]) -> Told:
    found: Told = {}
    for c in board["counts"]:
        told = found.setdefault(c["verdict"], {"n": 0, "unknown": 0})
        told["n"] += c["trades"]
        told["unknown"] += c["unknown"]
        for currency, amount in c["stakes"].items():
            told[currency] = told.get(currency, 0) + amount
    return found


def cards(f: Faces, path: str, section: str) -> Told:
    found: Told = {}
    for card in f.page(path).xpath(section + "//li[contains(@class, 'card')]/a"):
        what = code(text_of(card.xpath("./span[@class='what']")[0]))
        told = {"n": number(text_of(card.xpath("./strong")[0]))} | worth(
            text_of(card.xpath("./span[@class='much']")[0])
        )
        if told["n"]:
            found[what] = told
    return found


def lists_by_verdict(f: Faces) -> Told:
    """What the lists hold that the board's cards lead to."""
    told = {v: f.api("/api/verify/trades", verdict=v, per_page=1)["n"] for v in VERDICTS}
    return {v: {"n": n} for v, n in told.items() if n}


def lists_by_rule(f: Faces) -> Told:
    rules = [b["rule"] for b in f.cli("trades")["board"]["broken"]]
    return {r: {"n": f.api("/api/verify/trades", rule=r, per_page=1)["n"]} for r in rules}


def python_verdicts(f: Faces) -> Told:
    found: Told = {}
    for t in f.python.trades():
        told = found.setdefault(t["verdict"], {"n": 0, "unknown": 0})
        told["n"] += 1
        if t["currency"] and t["stake"] is not None:
            told[t["currency"]] = told.get(t["currency"], 0) + t["stake"]
        else:
            told["unknown"] += 1
    return found


def by_rule(board: dict[str, Any]) -> Told:
    return {
        b["rule"]: {"n": b["trades"], "verdict": b["verdict"], "unknown": b["unknown"]} | b["stakes"]
        for b in board["broken"]
    }


def page_by_rule(f: Faces) -> Told:
    page = f.page("/verify")
    told = zip(table(page, "wrong"), links(page, "wrong"), strict=True)
    return {to[0].rpartition("rule=")[2]: {"verdict": code(c[0]), "n": number(c[2])} | worth(c[3]) for c, to in told}


def by_account(board: dict[str, Any]) -> Told:
    return {
        (c["account"], c["verdict"]): {"n": c["trades"], "unknown": c["unknown"]} | c["stakes"] for c in board["counts"]
    }


def page_by_account(f: Faces) -> Told:
    return {
        (None if c[0].startswith("no order file") else c[0], code(c[1])): {"n": number(c[2])} | worth(c[3])
        for c in table(f.page("/verify"), "accounts")
    }


def rejected(told: dict[str, Any]) -> dict[str, Any]:
    return {
        "on": told["on"],
        "trades": told["trades"],
        "accepted": told["accepted"],
        "rejections": [(r["trades"], r["stakes"] | {"unknown": r["unknown"]}) for r in told["rejections"]],
    }


def page_rejected(f: Faces, audience: str) -> dict[str, Any]:
    page = f.page("/verify", **{"for": audience})
    told = text_of(page.xpath("//section[@aria-labelledby='for']//p[@role='status']")[0])
    accepted, trades = told.split(": ")[1].split(" of ")
    return {
        "on": day(told),
        "accepted": number(accepted),
        "trades": number(trades),
        "rejections": [(number(c[1]), worth(c[2])) for c in table(page, "for")],
    }


def offline_on_page(f: Faces) -> list[int | None]:
    return [cash(c[1]) for c in table(f.page("/verify"), "offline")]


def shipped(f: Faces) -> list[str]:
    """Trades of which papers are written: some of those that are declared to customs."""
    return list(dict.fromkeys(d["order_id"] for d in f.cli("declared")["documents"]))[:3]


def papers_total(f: Faces) -> Told:
    told = {name: f.cli("papers", name)["trade"] for name in shipped(f)}
    return {name: {"total": p["total"], "currency": p["currency"]} for name, p in told.items()}


def papers_lines(f: Faces) -> Told:
    told = {name: f.cli("papers", name)["trade"] for name in shipped(f)}
    return {
        name: {"total": sum(x["amount"] for x in p["lines"]) + (p["freight"] or 0) + (p["tax"] or 0)}
        for name, p in told.items()
    }


FIGURES: Figures = {
    "orders": {
        "api": lambda f: rows(known_orders(f), ("order_id", "place"), *LISTED),
        "python": lambda f: rows([r for r in f.python.money() if r["order_id"]], ("order_id", "place"), *LISTED),
        "page": Some(page_orders),
    },
    "orders in all": {
        "api": lambda f: {"all": {"n": f.api("/api/orders")["orders"]} | f.api("/api/orders")["sums"]},
        "page": page_order_sums,
        "python": python_order_sums,
        "money": lambda f: {"all": {"n": sum(s["orders"] for s in f.cli("money")["stages"])}},
    },
    "passports": {
        "cli": lambda f: {n: passport(f.cli("passport", n)) for n in looked_at(f)},
        "api": lambda f: {n: passport(f.api(f"/api/orders/{n}")) for n in looked_at(f)},
        "page": lambda f: {n: page_passport(f, n) for n in looked_at(f)},
    },
    "what an order comes to": {
        "python": python_total,
        "list": Some(listed_total),
        "passport": Some(lambda f: {n: passport(f.cli("passport", n)) for n in (*looked_at(f), *shipped(f))}),
        "papers": Some(papers_total),
        "lines of papers": Some(papers_lines),
    },
    "one trade verified": {
        "cli": lambda f: {n: verified(f.cli("trade", n)) for n in looked_at(f)},
        "api": lambda f: {n: verified(f.api(f"/api/verify/trade/{n}")) for n in looked_at(f)},
        "page": lambda f: {n: page_verified(f, n) for n in looked_at(f)},
        "passport": lambda f: {n: {"verdict": f.cli("passport", n)["verdict"]} for n in looked_at(f)},
        "list": listed_verified,
    },
    "trades by verdict": {
        "cli": lambda f: verdicts(f.cli("trades")["board"]),
        "api": lambda f: verdicts(f.api("/api/verify")),
        "page": lambda f: cards(f, "/verify", "//main/ul"),
        "overview": lambda f: cards(f, "/", "//section[@aria-labelledby='real']"),
        "lists": lists_by_verdict,
        "python": python_verdicts,
    },
    "trades by rule": {
        "cli": lambda f: by_rule(f.cli("trades")["board"]),
        "api": lambda f: by_rule(f.api("/api/verify")),
        "page": page_by_rule,
        "lists": lists_by_rule,
        "python": lambda f: summed((x for x in f.python.findings("verify") if x["verdict"] != "set aside"), ("rule",)),
    },
    "trades by account": {
        "cli": lambda f: by_account(f.cli("trades")["board"]),
        "api": lambda f: by_account(f.api("/api/verify")),
        "page": page_by_account,
    },
    "what would be rejected": {
        "cli": lambda f: {a: rejected(f.cli("rejected", a)) for a in AUDIENCES},
        "api": lambda f: {a: rejected(f.api("/api/verify/for", **{"for": a})) for a in AUDIENCES},
        "page": lambda f: {a: page_rejected(f, a) for a in AUDIENCES},
    },
    "trades off the platforms": {
        "cli": lambda f: rows(f.cli("offline"), "credit", "amount", "currency", "missing"),
        "api": lambda f: rows(f.api("/api/verify/offline"), "credit", "amount", "currency", "missing"),
    },
    "amounts off the platforms": {
        "cli": lambda f: {"all": {"amounts": [o["amount"] for o in f.cli("offline")]}},
        "page": lambda f: {"all": {"amounts": offline_on_page(f)}},
    },
}

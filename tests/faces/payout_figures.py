"""Figures of payouts: all, one, what is inside, why, and the pack for the bank, each with the faces that tell it."""

from __future__ import annotations

from typing import Any

from tests.faces.asking import Faces
from tests.faces.comparing import Figures, Some, Told, rows, summed
from tests.faces.reading import cash, code, day, number, sums, table, text_of

TRADES = ("订单 Orders", "退款与纠纷 Refunds and disputes")  # sheets of a pack that end with their totals
PAYOUT = ("account", "currency", "amount", "lines", "difference", "status", "arrival", "paid_on", "short")


def looked_at(f: Faces) -> list[str]:
    """The payouts that are looked at one by one: the first of each account and status, and of each arrival."""
    found: dict[tuple[str, ...], str] = {}
    for p in f.cli("payouts"):
        found.setdefault((p["account"], p["status"]), p["id"])
        found.setdefault(("", p["arrival"]), p["id"])
    return list(dict.fromkeys(found.values()))


def cli_payouts(f: Faces) -> Told:
    told = rows(f.cli("payouts"), "id", *PAYOUT)
    for p in f.cli("payouts"):
        told[p["id"]]["booked_on"] = (p["bank_credit"] or {}).get("booked_on")
    return told


def page_payouts(f: Faces) -> Told:
    found: Told = {}
    for cells in table(f.page("/payouts", per_page=500), "Payouts"):
        amount = sums(cells[3])
        gap = cells[5].split("missing at the bank")[0]
        found[cells[0]] = {
            "account": cells[1],
            "paid_on": day(cells[2]),
            "amount": cash(cells[3]),
            "currency": next(iter(amount)),
            "lines": number(cells[4]),
            "difference": cash(gap) or 0,
            "status": code(cells[6]),
            "booked_on": day(cells[7]),
        }
    return found


def page_payout_sums(f: Faces) -> Told:
    (told,) = f.page("/payouts").xpath("//div[@id='list']/p[@role='status']")
    return {currency: {"amount": amount} for currency, amount in sums(text_of(told)).items()}


def by_status(found: dict[str, int]) -> Told:
    return {status: {"n": n} for status, n in found.items()}


def cli_terms(f: Faces) -> Told:
    """The sum of each payout that is looked at: its terms, and what is left."""
    found: Told = {}
    for name in looked_at(f):
        p = f.cli("payout", name)
        told = dict(p["closure"]["parts"]) if p["closure"] else {}
        if told.pop("lines", None) is not None:
            told |= {k["kind"]: k["amount"] for k in p["kinds"]}
        if p["restoration"]:
            told["expected by the rule"] = p["restoration"]["expected"]
        if p["lines_total"] is not None:
            told["sum"] = p["lines_total"]
        found[name] = told | {"paid": p["amount"]} | ({"difference": p["difference"]} if p["difference"] else {})
    return found


def api_terms(f: Faces) -> Told:
    return {name: {t["what"]: t["amount"] for t in f.api(f"/api/payouts/{name}")["equation"]} for name in looked_at(f)}


def page_terms(f: Faces) -> Told:
    found: Told = {}
    for name in looked_at(f):
        told = {t["what"].replace("_", " "): t["what"] for t in f.api(f"/api/payouts/{name}")["equation"]}
        found[name] = {told[cells[0]]: cash(cells[2]) for cells in table(f.page(f"/payouts/{name}"), "equation")}
    return found


def one_cli(f: Faces) -> Told:
    told = {name: f.cli("payout", name) for name in looked_at(f)}
    return {
        name: {
            **{n: p[n] for n in PAYOUT},
            "booked_on": (p["bank_credit"] or {}).get("booked_on"),
            "credited": (p["bank_credit"] or {}).get("amount"),
            "hints": [h["amount"] for h in p["hints"]],
            "orders": len(p["restoration"]["orders"]) if p["restoration"] else None,
        }
        for name, p in told.items()
    }


def one_api(f: Faces) -> Told:
    told = {name: f.api(f"/api/payouts/{name}") for name in looked_at(f)}
    fields = tuple(n for n in PAYOUT if n != "lines")
    return {
        name: {
            **{n: p[n] for n in fields},
            "booked_on": p["booked_on"],
            "credited": sum(c["amount"] for c in p["credits"]) if p["credits"] else None,
            "hints": [h["amount"] for h in p["hints"]],
        }
        for name, p in told.items()
    }


def one_page(f: Faces) -> Told:
    found: Told = {}
    for name in looked_at(f):
        page = f.page(f"/payouts/{name}")
        (head,) = page.xpath("//h1/span[@class='h-money']")
        credits = page.xpath("//section[@aria-labelledby='bank']//li/strong")
        facts = dict(
            zip(
                map(text_of, page.xpath("//dl[@class='facts']//dt")),
                page.xpath("//dl[@class='facts']//dd"),
                strict=True,
            )
        )
        gap = cash(text_of(facts["difference"]).split("missing at the bank")[0])
        found[name] = {
            "amount": cash(text_of(head)),
            "credited": sum(cash(text_of(c)) or 0 for c in credits) if credits else None,
            "paid_on": day(text_of(facts["paid on"])),
            "booked_on": day(text_of(facts["at the bank"])),
            "account": text_of(facts["account"]),
        } | ({} if gap is None else {"difference": gap})
    return found


def one_in_the_list(f: Faces) -> Told:
    return {name: told for name, told in cli_payouts(f).items() if name in looked_at(f)}


def one_pack(f: Faces) -> Told:
    """A pack's transactions and other items make up the payout."""
    found: Told = {}
    for name in looked_at(f):
        _, book = f.pack(name)
        totals = [book[sheet][-1][place] for sheet, place in (*((s, 11) for s in TRADES), ("其他项目 Other lines", 4))]
        (left,) = [row[4] for row in book["封面 Cover"] if row[0] == "差额 Difference"]
        found[name] = {"amount": round(100 * sum(x or 0 for x in (*totals, left)))}
    return found


def pack_lines(f: Faces) -> Told:
    return {
        (name, r["order 订单号"], r["type 类型"]): {
            "amount": round(100 * float(r["amount 金额"])),
            "net": round(100 * float(r["net 净额"])),
        }
        for name in looked_at(f)
        for r in f.pack(name)[0]
    }


def pack_rows(f: Faces) -> Told:
    return {
        (name, row[1], row[2]): {"amount": round(100 * row[9]), "net": round(100 * row[11])}
        for name in looked_at(f)
        for sheet in TRADES
        for row in f.pack(name)[1][sheet][:-1]
    }


def orders_in_pack(f: Faces) -> Told:
    found: Told = {}
    for name in looked_at(f):
        for r in f.pack(name)[0]:
            told = found.setdefault((name, r["order 订单号"]), {"amount": 0})
            told["amount"] += round(100 * float(r["net 净额"]))
    return found


def orders_in_api(f: Faces) -> Told:
    found: Told = {}
    for name in looked_at(f):
        inside = f.api(f"/api/payouts/{name}")["orders"]
        pages = [inside, *(f.api(f"/api/payouts/{name}", page=n)["orders"] for n in range(2, inside["pages"] + 1))]
        found |= {(name, o["order_id"]): {"amount": o["amount"]} for page in pages for o in page["rows"]}
    return found


def orders_on_page(f: Faces) -> Told:
    return {
        (name, cells[0]): {"amount": cash(cells[1].split(" (")[0])}  # what it was before a conversion stands behind
        for name in looked_at(f)
        for cells in table(f.page(f"/payouts/{name}"), "orders")
    }


def asked_why(f: Faces) -> list[str]:
    """Payouts, an order and credits, of which the reasons are asked."""
    side = f.cli("bank")
    order = next(r["order_id"] for r in f.rows("/api/orders") if r["order_id"])
    return [*looked_at(f), order, side["open_credits"][0]["key"], side["matches"][0]["credits"][0]]


def chain(reason: dict[str, Any]) -> list[tuple[str, Any, Any]]:
    told = [(reason["text"], reason["amount"], reason["currency"])]
    return told + [found for r in reason["reasons"] for found in chain(r)]


def reasons_on_page(f: Faces, name: str) -> list[Any]:
    told = f.page("/why", of=name).xpath("//ul[@class='tree']//strong[@class='nowrap']")
    return [cash(text_of(x)) for x in told]


FIGURES: Figures = {
    "payouts": {
        "cli": cli_payouts,
        "api": lambda f: rows(f.rows("/api/payouts"), "id", *PAYOUT, "booked_on"),
        "python": lambda f: rows(f.python.payouts(), "id", *PAYOUT, "booked_on"),
        "page": page_payouts,
    },
    "payouts in all": {
        "cli": lambda f: summed(f.cli("payouts"), ("currency",), "amount"),
        "api": lambda f: {c: {"amount": a} for c, a in f.api("/api/payouts")["sums"].items()},
        "python": lambda f: summed(f.python.payouts(), ("currency",), "amount"),
        "page": page_payout_sums,
    },
    "payouts by status": {
        "cli": lambda f: summed(f.cli("payouts"), ("status",)),
        "api": lambda f: by_status(f.api("/api/payouts")["counts"]),
        "python": lambda f: summed(f.python.payouts(), ("status",)),
    },
    "payouts as findings": {
        "python": lambda f: {
            x["subject"]: {"status": x["verdict"], "difference": x["amount"]}
            for x in f.python.findings("settle")
            if x["rule"] != "bank"
        },
        "cli": lambda f: rows(f.cli("payouts"), "id", "status", "difference"),
    },
    "arrivals as findings": {
        "python": lambda f: {
            x["subject"]: {"arrival": x["verdict"]} for x in f.python.findings("settle") if x["rule"] == "bank"
        },
        "cli": lambda f: rows((p for p in f.cli("payouts") if p["arrival"] != "none"), "id", "arrival"),
    },
    "one payout": {"cli": one_cli, "api": one_api, "page": one_page, "pack": one_pack, "list": one_in_the_list},
    "what a payout adds up from": {"cli": cli_terms, "api": api_terms, "page": page_terms},
    "transactions of a pack": {"csv": pack_lines, "xlsx": pack_rows},
    "orders in a payout": {"api": orders_in_api, "page": Some(orders_on_page), "pack": orders_in_pack},
    "why": {
        "cli": lambda f: {n: {"chain": chain(f.cli("why", n))} for n in asked_why(f)},
        "api": lambda f: {n: {"chain": chain(f.api("/api/why", of=n)["reason"])} for n in asked_why(f)},
    },
    "amounts of why": {
        "cli": lambda f: {
            n: {"amounts": [a for _, a, c in chain(f.cli("why", n)) if a is not None and c]} for n in asked_why(f)
        },
        "page": lambda f: {n: {"amounts": reasons_on_page(f, n)} for n in asked_why(f)},
    },
}

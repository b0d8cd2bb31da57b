"""Figures of tax, duty, customs, marks and cases, each with the faces that tell it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

from crossbook.tax.period import RETURNS, frequency
from tests.faces.asking import Faces
from tests.faces.comparing import About, Figures, Some, Told, rows, summed
from tests.faces.reading import cash, code, day, number, sums, table, text_of

ON = "2026-06-30"


def periods() -> dict[str, list[str]]:
    """Of each return, some periods that the sample business has sales in."""
    months, quarters = ["2025-12", "2026-05", "2026-06"], ["2025-Q4", "2026-Q2"]
    return {kind: quarters if frequency(kind) == "quarter" else months for kind in RETURNS}


def returned(told: dict[str, Any]) -> dict[str, Any]:
    return {
        "boxes": [b["amount"] for b in told["boxes"]],
        "total": told["total"],
        "number": told["number"],
        "lines": [(x["orders"], x["base"], x["tax"] or None) for x in told["lines"]],
        "due": None if told["wants"] else told["due"] and told["due"]["due"],
    }


def of_returns(tell: Any) -> Told:
    return {(kind, name): tell(kind, name) for kind, names in periods().items() for name in names}


def page_return(f: Faces, kind: str, name: str) -> dict[str, Any]:
    page = f.page("/tax/return", kind=kind, of=name)
    head = page.xpath("//h1/span[@class='h-money']")
    return {
        "boxes": [cash(c[2]) for c in table(page, "boxes")],
        "total": cash(text_of(head[0])) if head else None,
        "lines": [(number(c[1]), cash(c[2]), cash(c[4]) or None) for c in table(page, "lines")],
        "due": day(text_of(page.xpath("//main/p[2]")[0])),
    }


def sheet_return(f: Faces, kind: str, name: str) -> dict[str, Any]:
    book = f.workbook("/tax/return.xlsx", kind=kind, of=name)
    told, lines = book["Return 申报表"], book["Lines 明细"]
    digits = 100
    paid = [r for r in told if r[0] == "To pay 应缴"]
    start = next(i for i, r in enumerate(told) if not any(r)) + 1
    boxes = []
    for r in told[start:]:
        if not r[0] or r in paid:
            break
        boxes.append(round(r[2] * digits))
    return {
        "boxes": boxes,
        "total": round(paid[0][2] * digits) if paid else None,
        "lines": [(int(r[1]), round(r[2] * digits), round(r[4] * digits) or None) for r in lines],
        "due": next((r[1] for r in told if r[0] == "Due 截止" and not r[1].startswith(("—", "not due"))), None),
    }


def due(told: list[dict[str, Any]]) -> Told:
    return {
        (d["deadline"]["title"], d["deadline"]["period"]["name"]): {
            "due": d["deadline"]["due"],
            "filed": d["filed"] and d["filed"]["on"],
        }
        for d in told
    }


def page_due(f: Faces) -> Told:
    return {
        (c[1], c[2]): {"due": day(c[0]), "filed": None if c[3] == "—" else c[3][:10]}
        for c in table(f.page("/tax"), "calendar")
    }


def nearness(told: list[dict[str, Any]]) -> Told:
    return {
        f"{n['country']} {n['region']}".strip(): {
            m: n[m] for m in ("sales", "orders", "amount", "percent", "state", "currency")
        }
        for n in told
    }


def page_nearness(f: Faces) -> Told:
    return {
        c[0]: {
            "sales": None if "–" in c[1] else cash(c[1]),
            "orders": number(c[2]),
            "amount": cash(c[3]),
            "percent": None if "–" in c[4] else number(c[4]),
        }
        for c in table(f.page("/tax"), "near")
    }


def refunds(told: list[dict[str, Any]]) -> Told:
    found: Told = {}
    for r in told:
        sums = found.setdefault((r["reason"], r["certain"]), {"n": 0, "amount": 0})
        sums["n"] += 1
        sums["amount"] += r["amount"]
    return found


def page_refunds(f: Faces) -> Told:
    return {
        (code(c[0]), c[1] == "yes"): {"n": number(c[2]), "amount": cash(c[3])}
        for c in table(f.page("/refunds"), "sums")
    }


def claims(told: list[dict[str, Any]]) -> Told:
    names = ("entries", "amount", "perhaps", "owed", "interest", "first")
    return {(s["remedy"], s["owed"] > 0): {n: s[n] for n in names} for s in told}


def refund_lines(told: list[dict[str, Any]]) -> Told:
    return {
        (r["entry"], r["number"], r["heading"], r["reason"]): {n: r[n] for n in ("paid", "due", "amount", "deadline")}
        for r in told
    }


def refund_rows(f: Faces) -> list[dict[str, Any]]:
    first = f.api("/api/refunds")
    pages = [first, *(f.api("/api/refunds", page=n) for n in range(2, first["pages"] + 1))]
    return [r for page in pages for r in page["rows"]]


ADVANTAGE = (
    "cost",
    "landed_cost",
    "duty",
    "full_cost",
    "margin",
    "price",
    "break_even_price",
    "rival_price",
    "advantage",
    "on",
)


def page_advantage(f: Faces) -> Told:
    page = f.page("/products")
    markets = [text_of(x) for x in page.xpath("//table[@class='heat']/thead//th")][1:]
    found: Told = {}
    for cells in table(page, "Price advantage left, by product and market"):
        for market, cell in zip(markets, cells[1:], strict=True):
            if cell != "—":
                shown = cell.endswith("%")
                share = About(cell[:-1].replace("−", "-")) / 100 if shown else None
                found[cells[0].split()[0], market] = {"advantage": share if share is None else About(share)}
    return found


def sheets_of_products(f: Faces) -> Told:
    skus = dict.fromkeys(a["sku"] for a in f.cli("advantage"))
    return rows([m for sku in skus for m in f.api(f"/api/products/{sku}")["markets"]], ("sku", "market"), *ADVANTAGE)


GOODS = (("7326.90.8688", "CN"), ("4202.92.3120", "VN"), ("8544.42.9090", "CN"), ("6306.22.9030", "CN"))


def bill(f: Faces, hts: str, origin: str) -> dict[str, Any]:
    """The bill of landing a hundred at 12.50, by the command."""
    told: dict[str, Any] = f.cli(
        "landed", "--hts", hts, "--origin", origin, "--value", "12.50USD", "--qty", "100", "--on", ON
    )
    return told


def bill_of_api(f: Faces, hts: str, origin: str) -> dict[str, Any]:
    told: dict[str, Any] = f.api("/api/landed", hts=hts, origin=origin, value="12.50", quantity=100, on=ON)
    return told


def quotes(f: Faces) -> Told:
    lines = {
        "hts": [h for h, _ in GOODS],
        "origin": [o for _, o in GOODS],
        "on": [date.fromisoformat(ON)] * len(GOODS),
        "value": [125_000] * len(GOODS),
    }
    names = ("total_duty", "total_duty_low", "total_duty_high")
    return {goods: {n: q[n] for n in names} for goods, q in zip(GOODS, f.python.quotes(lines), strict=True)}


def bill_lines(f: Faces) -> Told:
    """The sum of a bill's lines."""
    return {g: {"total_duty": sum(x["amount"] for x in bill(f, *g)["lines"])} for g in GOODS}


def states(f: Faces) -> Told:
    return {m: dict(c) for m, c in f.cli("declared")["counts"].items()}


def states_on_page(f: Faces) -> Told:
    page = f.page("/customs")
    names = [code(text_of(x)) for x in page.xpath("//section[@aria-labelledby='states']//thead//th")][1:]
    return {
        c[0].split()[0].removeprefix("CEB"): {s: number(n) for s, n in zip(names, c[1:], strict=True) if n}
        for c in table(page, "states")
    }


def documents_ready(f: Faces) -> Told:
    """How many documents the messages hold that would be sent."""
    found: Told = {}
    for m in f.cli("to send")["messages"]:
        told = found.setdefault(m["message"], {"ready": 0})
        told["ready"] += len(m["documents"])
    return found


def written(f: Faces, number: str, tell: Callable[[dict[str, list[str]]], dict[str, Any]]) -> Told:
    """By order, what a message says of trades in which no paper contradicts another."""
    bad = {t["order_id"] for v in ("contradicted", "suspicious") for t in f.cli("trades", "--verdict", v)["trades"]}
    return {order: tell(d) for (n, order), d in f.messages.items() if n == number and order not in bad}


def minor(texts: list[str]) -> int:
    return sum(round(100 * Decimal(text)) for text in texts)


def in_order(d: dict[str, list[str]]) -> dict[str, Any]:
    """What a 303 says an order came to: goods and freight."""
    goods, freight = minor(d["goodsValue"]), minor(d["freight"])
    return {"goods": goods, "freight": freight, "total": goods + freight}


def in_lines(d: dict[str, list[str]]) -> dict[str, Any]:
    return {"goods": minor(d["totalPrice"]), "freight": minor(d["freight"])}


def papers(f: Faces) -> Told:
    """What invoices say of some of these trades."""
    told = {name: f.cli("papers", name)["trade"] for name in list(written(f, "303", in_order))[:3]}
    return {
        n: {"goods": sum(x["amount"] for x in p["lines"]), "freight": p["freight"], "total": p["total"]}
        for n, p in told.items()
    }


def wanting_on_page(f: Faces) -> int:
    head = f.page("/customs").xpath("//h2[@id='wanting']")
    return number(text_of(head[0])) or 0 if head else 0


def page_screen(f: Faces) -> Told:
    told = text_of(f.page("/screen").xpath("//main/p[1]")[0])
    listings, marks = (number(x) for x in told.split(" against "))
    levels, _, rest = told.partition("· set aside ")
    named = levels.split("·")[1].split()
    return {
        "board": {
            "listings": listings,
            "marks": marks,
            "dismissed": number(rest.split("·")[0]),
            "undocumented": number(rest.split("·")[1]),
            "open": dict(zip(named[::2], map(int, named[1::2]), strict=True)),
        }
    }


def page_hits(f: Faces) -> Told:
    found: Told = {}
    for row in f.page("/screen", per_page=500).xpath("//div[@aria-label='Marks']//tbody/tr[not(td[@colspan])]"):
        risk, listing, mark = row.xpath("./td[1]")[0], row.xpath("./td[2]/a")[0], row.xpath("./td[4]")[0]
        found[text_of(listing), str(mark.text).strip()] = {"risk": number(text_of(risk))}
    return found


def deadlines(told: list[dict[str, Any]]) -> Told:
    return {d["limit"]["title"]: {"due": d["due"]["earliest"]} for d in told}


FIGURES: Figures = {
    "returns": {
        "cli": lambda f: of_returns(lambda k, n: returned(f.cli("return", k, n)["return"])),
        "api": lambda f: of_returns(lambda k, n: returned(f.api(f"/api/tax/returns/{k}/{n}")["computed"])),
        "page": lambda f: of_returns(lambda k, n: page_return(f, k, n)),
        "xlsx": lambda f: of_returns(lambda k, n: sheet_return(f, k, n)),
    },
    "returns filed": {
        "cli": lambda f: of_returns(lambda k, n: {"filed": f.cli("return", k, n)["filed"]}),
        "api": lambda f: of_returns(lambda k, n: {"filed": f.api(f"/api/tax/returns/{k}/{n}")["filed"]}),
    },
    "what is due": {
        "cli": lambda f: due(f.cli("tax calendar")),
        "api": lambda f: due(f.api("/api/tax/calendar")),
        "page": page_due,
    },
    "thresholds": {
        "cli": lambda f: nearness(f.cli("thresholds")),
        "api": lambda f: nearness(f.api("/api/tax/thresholds")),
        "page": Some(page_nearness),
    },
    "duty that comes back": {
        "cli": lambda f: refunds(f.cli("refunds")["refunds"]),
        "api": lambda f: {
            (s["reason"], s["certain"]): {"n": s["lines"], "amount": s["amount"]} for s in f.api("/api/refunds")["sums"]
        },
        "page": page_refunds,
    },
    "claims on duty": {
        "cli": lambda f: claims(f.cli("claims")["totals"]),
        "api": lambda f: claims(f.api("/api/claims")["totals"]),
    },
    "lines of duty that comes back": {
        "cli": lambda f: refund_lines(f.cli("refunds")["refunds"]),
        "api": lambda f: refund_lines(refund_rows(f)),
    },
    "price advantage": {
        "cli": lambda f: rows(f.cli("advantage"), ("sku", "market"), *ADVANTAGE),
        "api": lambda f: rows(f.api("/api/products"), ("sku", "market"), *ADVANTAGE),
        "product": sheets_of_products,
        "page": page_advantage,
    },
    "landed cost": {
        "cli": lambda f: {g: bill(f, *g) for g in GOODS},
        "api": lambda f: {g: bill_of_api(f, *g) for g in GOODS},
        "python": quotes,
        "lines": bill_lines,
    },
    "documents for customs": {
        "cli": states,
        "api": lambda f: {m: dict(c) for m, c in f.api("/api/customs")["counts"].items()},
        "page": states_on_page,
        "messages": documents_ready,
        "documents": lambda f: {
            m: {
                s: n["n"]
                for (m2, s), n in summed(f.cli("declared")["documents"], ("message", "state")).items()
                if m2 == m
            }  # type: ignore[misc]
            for m in f.cli("declared")["counts"]
        },
    },
    "what is declared in all": {
        "303": lambda f: written(f, "303", in_order),
        "403": lambda f: written(f, "403", lambda d: {"total": minor(d["charge"])}),
        "orders": lambda f: {
            k: v for k, v in rows(f.python.orders(), "order_id", "total").items() if k in written(f, "303", in_order)
        },
        "invoices": Some(papers),
    },
    "goods and freight declared": {
        "303": lambda f: written(f, "303", in_order),
        "303's lines": lambda f: written(f, "303", in_lines),
        "603": Some(lambda f: written(f, "603", in_lines)),
        "invoices": Some(papers),
    },
    "what customs lacks": {
        "cli": lambda f: {"all": {"n": sum(len(d["problems"]) for d in f.cli("declared")["documents"])}},
        "api": lambda f: {"all": {"n": f.api("/api/customs")["wanting"]}},
        "page": lambda f: {"all": {"n": wanting_on_page(f)}},
    },
    "marks": {
        "cli": lambda f: {"board": f.cli("screen")["board"]},
        "api": lambda f: {"board": f.api("/api/screen")["board"]},
        "page": page_screen,
    },
    "hits on marks": {
        "cli": lambda f: rows(f.cli("screen")["hits"], ("listing", "mark"), "risk", "level"),
        "api": lambda f: rows(f.api("/api/screen", per_page=500)["hits"], ("listing", "mark"), "risk", "level"),
        "page": page_hits,
    },
    "accused sales": {
        "cli": lambda f: {
            (s, c): {"units": u, "revenue": r, "orders": o}
            for s, c, u, r, o in f.cli("case", "valkore")["sales"]["totals"]
        },
        "api": lambda f: {
            (s, c): {"units": u, "revenue": r, "orders": o}
            for s, c, u, r, o in f.api("/api/cases/file/valkore")["sales"]["totals"]
        },
        "page": lambda f: {
            (c[0], next(iter(sums(c[3])))): {"units": number(c[2]), "revenue": cash(c[3]), "orders": number(c[1])}
            for c in table(f.page("/cases/file/valkore"), "sales")
        },
        "days": lambda f: {
            key: {"units": t["units"], "revenue": t["revenue"]}
            for key, t in summed(
                f.cli("case", "valkore")["sales"]["days"], ("sku", "currency"), "units", "revenue"
            ).items()
        },
    },
    "damages": {
        "cli": lambda f: {"range": f.cli("case", "valkore")["exposure"]},
        "api": lambda f: {"range": f.api("/api/cases/file/valkore")["exposure"]},
    },
    "clocks of a case": {
        "cli": lambda f: deadlines(f.cli("case", "valkore")["deadlines"]),
        "api": lambda f: deadlines(f.api("/api/cases/file/valkore")["deadlines"]),
        "page": lambda f: {c[2]: {"due": day(c[0])} for c in table(f.page("/cases/file/valkore"), "clocks")},
        "calendar": lambda f: deadlines([d["deadline"] for d in f.cli("case calendar")]),
        "calendar of the api": lambda f: deadlines([d["deadline"] for d in f.api("/api/cases/calendar")]),
        "calendar page": lambda f: {
            c[4]: {"due": day(c[1])} for c in table(f.page("/cases/calendar"), "Calendar of cases")
        },
    },
}

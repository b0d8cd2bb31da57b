"""eBay transaction report (Seller Hub, Payments, Reports; CSV), in English, German and French.

About ten lines of notes, then a header. Empty cells are "--". Rows of type Payout state what was paid; the other rows
of a payout add up to it in the payout's currency (net amount). Gross amounts and fees are in the transaction's
currency, and kept only where that is the payout's. An order of several goods has a row with its amounts, and a row for
each of the goods without: their fees are what the order's row leaves between its gross and its net amount (sample rows
in a public test: search for order_summary_rows_skipped). A payout that failed or was returned paid nothing.
French header: a public sample of the whole layout, in the tests of a repository at GitHub that reads "Rapport sur les
transactions" (search for "Ancien numéro de commande";"Pseudo de l'acheteur"). German header: the columns that eight
public programs name, among them two with sample rows (search for "Datum der Transaktionserstellung").
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from crossbook import money
from crossbook.sources import line_types, own_total
from crossbook.sources.frame import Column, Frame
from crossbook.sources.payout_sums import facts, note
from crossbook.sources.paypal import told_apart
from crossbook.sources.report import PART, TableReport, fact_table, rows_table
from crossbook.sources.source import Reading

_KINDS = {
    "order": "sale",
    "refund": "refund",
    "claim": "chargeback",
    "payment dispute": "chargeback",
    "dispute": "chargeback",
    "hold": "dispute_hold",
    "shipping label": "fee",
    "other fee": "fee",
    "payout": "withdrawal",
    "transfer": "deposit",
    "charge": "deposit",
    "adjustment": "adjustment",
    "credit": "adjustment",
    "purchase": "other",
    "withdrawal": "other",
    "bestellung": "sale",
    "rückerstattung": "refund",
    "erstattung": "refund",
    "andere gebühr": "fee",
    "versandetikett": "fee",
    "auszahlung": "withdrawal",
    "einbehalten": "dispute_hold",
    "einbehalt": "dispute_hold",
    "zahlungsanfechtung": "chargeback",
    "anpassung": "adjustment",
    "commande": "sale",
    "remboursement": "refund",
    "autres frais": "fee",
    "versement": "withdrawal",
    "blocage": "dispute_hold",
    "ajustement": "adjustment",
}
_EMPTY = ("--", "")
_FEES = ("fee_fixed", "fee_variable", "fee_regulatory", "fee_inad", "fee_standard", "fee_international", "fee_deposit")


# Words of a payout's status that say that its money did not leave.
_BACK = frozenset(
    "failed returned reversed canceled cancelled fehlgeschlagen zurückgegeben storniert échoué retourné annulé".split()
)


def _build(frame: Frame, state: dict[str, Any]) -> Iterator[tuple[str, pa.Table]]:
    frame = _without_goods(_without_dashes(frame), state)
    if not len(frame):
        return
    currency = frame.currency("currency", "USD")
    amount = frame.money("net", currency, required=True)
    texts = pc.unique(frame.raw("type").cast(pa.string())).to_pylist()
    kinds = {t.strip().lower(): _KINDS.get(t.strip().lower()) or line_types.shipped(t) or "other" for t in texts}
    kind = told_apart(frame.lookup("type", kinds, "other"), amount)
    fee: Column = pa.array([0] * len(frame), pa.int64())
    for name in _FEES:
        fee = pc.add(fee, pc.fill_null(frame.money(name, currency), 0))
    payout_id = frame.text("payout_id")
    back = frame.convert("status", lambda text: text.lower() in _BACK, pa.bool_(), "back")
    back = pc.and_(pc.fill_null(back, False), pc.is_valid(payout_id))
    if pc.any(back).as_py():
        out = pc.equal(kind.cast(pa.string()), "withdrawal")
        columns = {"id": payout_id, "currency": currency, "amount": amount, "line": frame.line, "out": out}
        columns["day"] = pc.coalesce(frame.day("payout_date"), frame.day("at"))
        for row in pa.table(columns).filter(back).to_pylist():
            note(state.setdefault("back", {}), row)
    same = _in_payout_currency(frame, currency)
    _hold(frame, currency, amount, same)
    if not set(_FEES) & frame.names:
        fee = pa.nulls(len(frame), pa.int64())  # the report was made without its columns of fees
    else:  # an order of several goods has its fees in their rows
        bare = pc.equal(pc.binary_join_element_wise(*(_text(frame, n) for n in _FEES), ""), "")
        fee = pc.if_else(bare, pc.fill_null(pc.subtract(amount, frame.money("gross", currency)), 0), fee)
    yield fact_table(
        "settlement",
        frame,
        state["account"],
        payout_id=payout_id,
        posted_at=frame.instant("at", required=True),
        day=frame.day("at"),
        kind=kind,
        type=frame.text("type"),
        order_id=frame.text("order_id"),
        item=frame.text("sku"),
        reference=frame.text("reference"),
        amount=amount,
        gross=pc.if_else(same, frame.money("gross", currency), None),
        fee=pc.if_else(same, fee, None),
        currency=currency,
        quantity=frame.units("quantity"),
        country=frame.text("country"),
    )
    out = pc.and_(pc.equal(kind.cast(pa.string()), "withdrawal"), pc.is_valid(payout_id))
    out = pc.and_(out, pc.invert(back))
    paid = frame.where(out)
    if len(paid):
        day = paid.day("payout_date")
        yield fact_table(
            "payout",
            paid,
            state["account"],
            payout_id=paid.text("payout_id"),
            currency=paid.currency("currency", "USD"),
            amount=pc.negate(amount.filter(out)),
            paid_on=pc.coalesce(day, paid.day("at")),
            basis="lines",
            reference=paid.text("payout_id"),
        )


def _hold(frame: Frame, currency: Column, amount: Column, same: Column) -> None:
    """Hold each row's net amount against its gross amount and its fees, where these are in one currency. Of a report
    without some of its columns of fees, and of an order whose fees are in the rows of its goods, nothing is proved."""
    if not {"fee_fixed", "fee_variable", "gross"} <= frame.names:
        return
    names = [name for name in frame.names if name in _FEES or name.startswith(PART)]
    bare = pc.equal(pc.binary_join_element_wise(*(_text(frame, n) for n in names), ""), "")
    untold = pc.or_(pc.invert(same), pc.and_(bare, pc.not_equal(_text(frame, "order_id"), "")))
    made = pc.add(frame.money("gross", currency, lenient=True), own_total.parts(frame, currency, names))
    told = " + ".join(frame.reading.headers[name] for name in ("gross", "fee_fixed")) + " …"
    own_total.hold(frame, "net", amount, currency, (told, pc.if_else(untold, None, made)))


def _text(frame: Frame, name: str) -> Column:
    return pc.utf8_trim_whitespace(frame.raw(name).cast(pa.string()))


def _without_goods(frame: Frame, state: dict[str, Any]) -> Frame:
    """The frame without the rows that tell one of the goods of an order whose amounts stand in a row of its own."""
    bare = pc.equal(_text(frame, "net"), "")
    told: set[str] = state.setdefault("told", set())
    order = _text(frame, "order_id")
    told |= {o for o in pc.unique(order.filter(pc.invert(bare))).to_pylist() if o}
    if not pc.any(bare).as_py():
        return frame
    goods = pc.and_(bare, pc.is_in(order, pa.array(sorted(told), pa.string())))
    goods = pc.and_(goods, pc.equal(_text(frame, "gross"), ""))
    state["goods"] = state.get("goods", 0) + pc.sum(pc.cast(goods, pa.int64())).as_py()
    return frame.where(pc.invert(goods))


def _say(state: dict[str, Any], reading: Reading) -> Iterator[tuple[str, pa.Table]]:
    """Tell the payouts that failed, and note what was left out."""
    if count := state.get("goods"):
        reading.notes.append(f"rows of goods whose order has its amounts in a row of its own, left out: {count}")
    if count := len(state.get("back", ())):
        reading.notes.append(
            f"payouts that failed: {count}; their lines are in the balance until a later one pays them"
        )
        failed = facts(state["account"], state["back"])
        yield rows_table("payout", [{**payout, "basis": "failed"} for payout in failed])


def _in_payout_currency(frame: Frame, currency: Column) -> Column:
    """Whether a row's gross amount and fees are in the currency of its net amount."""
    other = frame.convert("transaction_currency", money.currency, pa.string(), "currency")
    return pc.fill_null(pc.equal(other, currency.cast(pa.string())), True)


def _without_dashes(frame: Frame) -> Frame:
    table = frame.table
    for i, name in enumerate(table.column_names):
        if name == "line":
            continue
        text = table[name].cast(pa.string())
        trimmed = pc.utf8_trim_whitespace(text)
        table = table.set_column(i, name, pc.if_else(pc.equal(trimmed, "--"), "", text))
    return frame.over(table)


SOURCE = TableReport(
    name="ebay_transactions",
    title="eBay transaction report",
    columns={
        "at": (
            "transaction creation date",
            "datum der transaktionserstellung",
            "date de création de la transaction",
        ),
        "type": ("type", "typ"),
        "order_id": ("order number", "bestellnummer", "numéro de commande"),
        "country": ("ship to country", "versandziel - land", "pays de livraison"),
        "net": ("net amount", "betrag abzügl. kosten", "montant net"),
        "currency": ("payout currency", "auszahlungswährung", "devise du versement"),
        "payout_date": ("payout date", "auszahlungsdatum", "date du versement"),
        "payout_id": ("payout id", "auszahlung nr.", "numéro du versement"),
        "status": ("payout status", "auszahlungsstatus", "statut du versement"),
        "reference": ("transaction id", "transaktionsnummer", "numéro de la transaction"),
        "sku": ("custom label", "bestandseinheit", "libellé personnalisé"),
        "quantity": ("quantity", "stückzahl", "quantité"),
        "fee_fixed": (
            "final value fee - fixed",
            "fixer anteil der verkaufsprovision",
            "commission sur le prix final - fixe",
        ),
        "fee_variable": (
            "final value fee - variable",
            "variabler anteil der verkaufsprovision",
            "commission sur le prix final - variable",
        ),
        "fee_regulatory": ("regulatory operating fee", "frais d'exploitation réglementaires"),
        "fee_inad": (
            'very high "item not as described" fee',
            "gebühr für sehr hohe quote an „nicht wie beschriebenen artikeln“",
            "frais pour taux très élevé d'objets non conformes à la description",
        ),
        "fee_standard": (
            "below standard performance fee",
            "gebühr für unterdurchschnittlichen servicestatus",
            "frais pour performance insuffisante",
        ),
        "fee_international": (
            "international fee",
            "internationale gebühr",
            "frais de transactions internationales",
        ),
        "fee_deposit": ("deposit processing fee",),
        "gross": (
            "gross transaction amount",
            "transaktionsbetrag (inkl. kosten)",
            "montant brut de la transaction",
        ),
        "transaction_currency": ("transaction currency", "transaktionswährung", "devise de la transaction"),
    },
    required=("at", "type", "order_id", "net", "currency", "payout_date", "payout_id"),
    build=_build,
    finish=_say,
    delimiters=",;\t",
    amounts=("net", "gross"),
    dates=("at", "payout_date"),
    between=("fee_fixed", "gross"),
    account="ebay",
    authority=80,
    example="(notes)\nTransaction creation date,Type,Order number,Legacy order ID,…,Net amount,Payout currency,"
    "Payout date,Payout ID,Payout method,…\n"
    '"Mar 1, 2026",Order,11-00000-00001,…,38.12,USD,"Mar 3, 2026",6123456789,…',
)

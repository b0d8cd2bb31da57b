"""The vocabulary: one file per kind of fact. Columns, types, units, keys; no logic."""

from crossbook.facts.balance import BALANCE
from crossbook.facts.bank import BANK
from crossbook.facts.customs import CUSTOMS
from crossbook.facts.customs_return import CUSTOMS_RETURN
from crossbook.facts.dispute import DISPUTE
from crossbook.facts.entry import ENTRY_LINE
from crossbook.facts.invoice import INVOICE
from crossbook.facts.kind import Kind
from crossbook.facts.letter import LETTER
from crossbook.facts.listed_party import LISTED_PARTY
from crossbook.facts.listing import DOSSIER, LISTING
from crossbook.facts.mark import ENFORCEMENT, LICENCE, MARK
from crossbook.facts.order import ORDER, ORDER_ITEM
from crossbook.facts.payment import PAYMENT
from crossbook.facts.payment_account import PAYMENT_ACCOUNT
from crossbook.facts.payout import PAYOUT
from crossbook.facts.product import PRODUCT
from crossbook.facts.purchase_invoice import PURCHASE_INVOICE
from crossbook.facts.rate import RATE
from crossbook.facts.receipt import RECEIPT
from crossbook.facts.release import RELEASE
from crossbook.facts.settlement import SETTLEMENT
from crossbook.facts.shipment import SHIPMENT
from crossbook.facts.tariff import TARIFF
from crossbook.facts.tracking import TRACKING
from crossbook.facts.trade_flow import TRADE_FLOW
from crossbook.facts.transfer import TRANSFER

KINDS: dict[str, Kind] = {
    kind.name: kind
    for kind in (
        SETTLEMENT,
        RELEASE,
        PAYOUT,
        BALANCE,
        BANK,
        ORDER,
        ORDER_ITEM,
        PAYMENT,
        SHIPMENT,
        TRACKING,
        TRADE_FLOW,
        CUSTOMS,
        CUSTOMS_RETURN,
        RECEIPT,
        INVOICE,
        PURCHASE_INVOICE,
        DISPUTE,
        RATE,
        TARIFF,
        ENTRY_LINE,
        PRODUCT,
        MARK,
        LICENCE,
        ENFORCEMENT,
        LISTING,
        DOSSIER,
        LETTER,
        LISTED_PARTY,
        TRANSFER,
        PAYMENT_ACCOUNT,
    )
}

__all__ = ["KINDS", "Kind"]

"""Small settlement files for tests, in native formats."""

from __future__ import annotations

NAMES = (
    "settlement-id settlement-start-date settlement-end-date deposit-date total-amount currency transaction-type "
    "order-id amount-type amount-description amount posted-date posted-date-time sku quantity-purchased"
).split()


def amazon(
    number: str, total: str, lines: list[tuple[str, str, str]], currency: str = "USD", day: str = "2026-03-03"
) -> str:
    """A Flat File V2 report with these (order, description, amount) lines."""
    first = [number, "2026-03-01 08:00:00 UTC", "2026-03-15 08:00:00 UTC", "2026-03-17 08:00:00 UTC", total, currency]
    rows = ["\t".join(NAMES), "\t".join([*first, *[""] * 9])]
    for i, (order, what, amount) in enumerate(lines):
        kind = "ItemPrice" if what in ("Principal", "Tax") else "ItemFees" if order else "other-transaction"
        transaction = "Order" if order else "other-transaction"
        moment = f"{day} 05:{i // 60:02d}:{i % 60:02d} UTC"
        rows.append("\t".join([number, *[""] * 5, transaction, order, kind, what, amount, day, moment, "SKU", "1"]))
    return "\n".join(rows) + "\n"


COLUMNS = (
    '"CH","Transaction ID","Invoice ID","PayPal Reference ID","PayPal Reference ID Type","Transaction Event Code",'
    '"Transaction Initiation Date","Transaction Completion Date","Transaction Debit or Credit",'
    '"Gross Transaction Amount","Gross Transaction Currency","Fee Debit or Credit",'
    '"Fee Amount","Fee Currency","Custom Field","Consumer ID",'
    '"Payment Tracking ID","Store ID","Bank Reference ID"'
)


def paypal(day: str, opening: int, rows: list[tuple[str, str, str, int]]) -> tuple[str, int]:
    """A settlement report of one day with these (id, code, time, cents) rows; and the balance that it ends with."""
    date = day.replace("-", "/")
    body = []
    for name, code, time, cents in rows:
        when, side = f"{date} {time} +0000", "CR" if cents >= 0 else "DR"
        body.append(
            f'"SB","{name}","SO-{name}","","","{code}",{when},{when},"{side}",{abs(cents)},"USD","",,"","","","","",""'
        )
    closing = opening + sum(r[3] for r in rows)

    def balance(x: int) -> str:
        return f'"{"CR" if x >= 0 else "DR"}",{abs(x)}'

    text = "\n".join(
        [
            f'"RH",{date} 23:59:59 +0000,"A","M1",009,',
            '"FH",01',
            f'"SH",{date} 00:00:00 +0000,{date} 23:59:59 +0000,"M1",""',
            COLUMNS,
            *body,
            f'"SF","USD",0,0,0,0,{balance(opening)},{balance(closing)},"CR",0,"CR",0,"CR",0,"CR",0,{len(rows)}',
            f'"SC",{len(rows)}',
            f'"FF",{len(rows)}',
            "",
        ]
    )
    return text, closing


def camt(entries: list[tuple[str, str, str, str]], account: str = "BANK1", currency: str = "USD") -> str:
    """A camt.053 with these (day, amount, reference, text) entries; a negative amount is a debit."""
    head = '<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"><BkToCstmrStmt>'
    text = f"<Stmt><Acct><Id><Othr><Id>{account}</Id></Othr></Id><Ccy>{currency}</Ccy></Acct>\n"
    for day, amount, reference, words in entries:
        side = "DBIT" if amount.startswith("-") else "CRDT"
        text += (
            f'<Ntry><Amt Ccy="{currency}">{amount.lstrip("-")}</Amt><CdtDbtInd>{side}</CdtDbtInd>'
            f"<Sts><Cd>BOOK</Cd></Sts><BookgDt><Dt>{day}</Dt></BookgDt><AcctSvcrRef>{reference}</AcctSvcrRef>"
            f"<AddtlNtryInf>{words}</AddtlNtryInf></Ntry>\n"
        )
    return f"{head}\n{text}</Stmt></BkToCstmrStmt></Document>\n"

"""A case as goAML XML, the report format of UNODC's goAML that many financial intelligence units take.

Elements, their order and their lengths are those of goAML's schema 5.0.1 (25 February 2022), read in a copy that is not
UNODC's own: https://github.com/thecury/goAML (goAMLSchema.xsd, schemaVersion 5.0.1) and its documentation,
https://www.scribd.com/document/592774559/GoAMLSchema-v5-0-1. The copy states no licence and is not shipped. Each unit
has code lists of its own (`transmode_code`, `funds_code`, `report_indicators`): they are written as "-", the list's
"not set", and named as missing.
"""

from __future__ import annotations

import re
from typing import Any

from lxml import etree

from crossbook import money
from crossbook.filing.suspicion.draft import Asked, Report, Writer, as_file, setting
from crossbook.identifiers import is_iban

VERSION = "5.0.1"
LIST = "a code of the unit's own list"
NARRATIVE = 8000  # characters of `reason`
NOT_SET = "-"
_BIC = re.compile(r"[A-Z]{6}[A-Z0-9]{2}(?:[A-Z0-9]{3})?")


def goaml(asked: Asked) -> Report:
    """The report as XML. It is complete for the schema only once what is named as missing is filled in."""
    writer, case = Writer(), asked.told.case
    root = etree.Element("report")
    currency = asked.reporter.get("currency", "CNY")
    for tag, name in (("rentity_id", "rentity_id"), ("rentity_branch", "rentity_branch")):
        writer.put(root, tag, *setting(asked.reporter, name), most=255)
    writer.put(root, "submission_code", "E")
    writer.put(root, "report_code", "STR" if case.report == "suspicious" else "CTR")
    writer.put(root, "entity_reference", case.id)
    writer.put(root, "submission_date", f"{asked.on}T00:00:00")
    writer.put(root, "currency_code_local", currency)
    writer.put(root, "reporting_user_code", *setting(asked.reporter, "reporting_user_code"), most=50)
    _address(writer, root, asked)
    writer.put(root, "reason", asked.stories.get(asked.reporter.get("language", "en"), ""), most=NARRATIVE)
    for row in asked.told.transfers:
        _transaction(writer, root, row, currency)
    indicators = etree.SubElement(root, "report_indicators")
    writer.put(indicators, "indicator", NOT_SET)
    writer.note("report/report_indicators/indicator", LIST)
    missing = writer.told()
    data = as_file(root, missing)
    return Report(name=f"goaml-{case.id}.xml", data=data, media_type="application/xml", missing=missing)


def _address(writer: Writer, root: etree._Element, asked: Asked) -> None:
    place = etree.SubElement(root, "location")
    writer.put(place, "address_type", NOT_SET)
    writer.note("report/location/address_type", LIST)
    for tag, name, most in (
        ("address", "address", 100),
        ("city", "city", 255),
        ("zip", "zip", 10),
        ("country_code", "country", 0),
        ("state", "state", 255),
    ):
        if tag not in ("zip", "state") or asked.reporter.get(name):  # that are not asked for
            writer.put(place, tag, *setting(asked.reporter, name), most=most)


def _transaction(writer: Writer, root: etree._Element, row: dict[str, Any], currency: str) -> None:
    one = etree.SubElement(root, "transaction")
    writer.put(one, "transactionnumber", row["transfer_id"] or f"{row['evidence'][:12]}:{row['line']}", most=100)
    etree.SubElement(one, "transaction_location").text = ""
    writer.note("report/transaction/transaction_location", "not told; the schema takes an empty one")
    etree.SubElement(one, "transaction_description").text = f"{row['kind']}; {row['file']}:{row['line']}"[:8000]
    told = row["told_at"]  # the schema asks for a time of the day, too
    clock = f"{told[8:10]}:{told[10:12]}:{told[12:]}" if told else "00:00:00"
    writer.put(one, "date_transaction", f"{row['day']}T{clock}")
    if not told:
        writer.note("report/transaction/date_transaction", "midnight stands for a time of day that is not told")
    writer.put(one, "transmode_code", NOT_SET)
    writer.note("report/transaction/transmode_code", LIST)
    local = local_amount(row, currency)
    writer.put(one, "amount_local", None if local is None else money.plain(local, currency), f"no rate into {currency}")
    _side(writer, one, row, "payer", "from", currency)
    _side(writer, one, row, "payee", "to", currency)


def local_amount(row: dict[str, Any], currency: str) -> int | None:
    """What was paid, in minor units of the report's currency; None where no rate tells it."""
    if row["paid_currency"] == currency:
        return int(row["paid"])
    worth = {"CNY": row["paid_cny"], "USD": row["paid_usd"], row["unit_currency"]: row["unit"]}.get(currency)
    return None if worth is None else int(worth)


def _side(writer: Writer, one: etree._Element, row: dict[str, Any], end: str, way: str, currency: str) -> None:
    ours = row[f"{end}_tenant"] is not None
    side = etree.SubElement(one, f"t_{way}_my_client" if ours else f"t_{way}")
    writer.put(side, f"{way}_funds_code", NOT_SET)
    writer.note(f"{writer.path(side)}/{way}_funds_code", LIST)
    paid, code = (row["paid"], row["paid_currency"]) if end == "payer" else (row["received"], row["received_currency"])
    local = local_amount(row, currency)
    if code != currency and paid and local is not None:
        foreign = etree.SubElement(side, f"{way}_foreign_currency")
        writer.put(foreign, "foreign_currency_code", code)
        writer.put(foreign, "foreign_amount", money.plain(paid, code))
        rate = money.to_decimal(local, currency) / money.to_decimal(paid, code)
        writer.put(foreign, "foreign_exchange_rate", f"{rate:.6f}")
    account = row[f"{end}_account"]
    if account and not account.startswith("name:"):
        _account(writer, side, row, end, way, ours)
    else:
        party = etree.SubElement(side, f"{way}_entity")
        writer.put(party, "name", row[end], most=255)
        writer.note(f"{writer.path(side)}/{way}_entity", "written as an entity: known by name alone")
    country = row[f"{end}_country"]
    writer.put(side, f"{way}_country", country or NOT_SET)
    if not country:
        writer.note(f"{writer.path(side)}/{way}_country", "no file of the book tells it")


def _account(writer: Writer, side: etree._Element, row: dict[str, Any], end: str, way: str, ours: bool) -> None:
    place = etree.SubElement(side, f"{way}_account")
    institution = row[f"{end}_tenant"] or row[f"{end}_institution"]
    writer.put(place, "institution_name", institution, most=255)
    swift = bool(institution and _BIC.fullmatch(institution))
    writer.put(place, "swift" if swift else "institution_code", institution, most=0 if swift else 50)
    if ours:
        writer.put(place, "branch", None)
    writer.put(place, "account", row[f"{end}_account"], most=255)
    if ours:
        writer.put(place, "currency_code", row["paid_currency" if end == "payer" else "received_currency"])
    if ours or row[end]:
        writer.put(place, "account_name", row[end], most=255)
    if is_iban(row[f"{end}_account"]):
        writer.put(place, "iban", row[f"{end}_account"])
    if ours:
        writer.put(place, "client_number", row[f"{end}_party"], most=30)
        writer.put(place, "account_type", NOT_SET)
        writer.note(f"{writer.path(place)}/account_type", LIST)
        writer.note(f"{writer.path(place)}/signatory", "no file of the book tells who signs")
        opened = row[f"{end}_opened"]
        writer.put(place, "opened", f"{opened}T00:00:00" if opened else None)
        writer.put(place, "status_code", NOT_SET)
        writer.note(f"{writer.path(place)}/status_code", LIST)

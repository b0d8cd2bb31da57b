"""A case as a FinCEN Suspicious Activity Report (Form 111), batch XML of FinCEN's SAR XML Schema 2.0.

Elements and their order are those of FinCEN's EFL_SARXBatchSchema.xsd, version 1.2 (17 December 2021), a work of the
United States Government; what they mean is in its user guide, version 1.6 of August 2021 (both as copied:
https://github.com/moov-io/fincen, https://docslib.org/doc/4932495/fincen-sar-xml-user-guide). FinCEN's codes of the
parties: 35 transmitter, 37 its contact, 30 filer, 8 contact office, 34 where the activity was, 33 subject, 41 account.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from lxml import etree

from crossbook import money
from crossbook.filing.suspicion.draft import Asked, Report, Writer, as_file, cut, setting

NS = "www.fincen.gov/base"
PART, PARTS = 4000, 5  # characters of a narrative's part, and how many there may be
SUBJECTS = 200  # there may be
# FinCEN's kind of suspicious activity, as (subtype, type) of the schema's lists, for what a rule calls; of amounts just
# below a limit by the limit. What neither names is money laundering of another kind (8999).
BELOW = {"us_currency": ("114", "1"), "us_funds_record": ("113", "1")}
OTHER_BELOW, OTHER = ("1999", "1"), ("8999", "8")
KINDS = {"many_accounts": ("807", "8"), "chain": ("805", "8"), "pass_through": ("805", "8"), "dormant": ("812", "8")}


def fincen(asked: Asked) -> Report:
    """The report as a batch of one. Whoever files fills in what is named as missing."""
    writer, case = Writer(), asked.told.case
    root = etree.Element(_tag("EFilingBatchXML"), nsmap={"fc2": NS})
    writer.put(root, _tag("FormTypeCode"), "SARX")
    activity = etree.SubElement(root, _tag("Activity"))
    writer.put(activity, _tag("FilingDateText"), f"{asked.on:%Y%m%d}")
    etree.SubElement(etree.SubElement(activity, _tag("ActivityAssociation")), _tag("InitialReportIndicator")).text = "Y"
    _filers(writer, activity, asked.reporter)
    subjects = _subjects(asked.told.transfers, case.subject)
    if len(subjects) > SUBJECTS:
        many = f"the case has {len(subjects)} subjects, the form takes {SUBJECTS}: the rest is left out"
        writer.note("party 33", many)
        subjects = subjects[:SUBJECTS]
    for party, row, end in subjects:
        _subject(writer, activity, party, row, end)
    dollars = _dollars(asked)
    _what(writer, activity, asked, dollars)
    story = " ".join(asked.stories.get("en", "").split())
    for n, start in enumerate(range(0, min(len(story), PART * PARTS), PART), start=1):
        part = etree.SubElement(activity, _tag("ActivityNarrativeInformation"))
        writer.put(part, _tag("ActivityNarrativeSequenceNumber"), n)
        writer.put(part, _tag("ActivityNarrativeText"), story[start : start + PART])
    if len(story) > PART * PARTS:
        writer.note("Activity/ActivityNarrativeInformation", cut(len(story), PART * PARTS))
    root.set("TotalAmount", str(dollars or 0))  # of the amounts that are told, as its guide has it
    root.set("PartyCount", str(5 + len(subjects)))
    for name in ("ActivityCount", "ActivityAttachmentCount", "AttachmentCount"):
        root.set(name, "1" if name == "ActivityCount" else "0")
    for number, element in enumerate((e for e in activity.iter() if len(e) or e is activity), start=1):
        element.set("SeqNum", str(number))
    missing = writer.told()
    data = as_file(root, missing)
    return Report(name=f"fincen-sar-{case.id}.xml", data=data, media_type="application/xml", missing=missing)


def _tag(name: str) -> str:
    return f"{{{NS}}}{name}"


def _party(writer: Writer, activity: etree._Element, code: str, name: str | None, why: str) -> etree._Element:
    party = etree.SubElement(activity, _tag("Party"))
    writer.put(party, _tag("ActivityPartyTypeCode"), code)
    if name:
        told = etree.SubElement(party, _tag("PartyName"))
        writer.put(told, _tag("PartyNameTypeCode"), "L")
        writer.put(told, _tag("RawPartyFullName"), name, most=150)
    else:
        writer.note(f"party {code}/PartyName", why)
    return party


def _filers(writer: Writer, activity: etree._Element, reporter: Mapping[str, str]) -> None:
    for code, who in (("35", "name"), ("37", "contact"), ("30", "name"), ("8", "contact"), ("34", "name")):
        party = _party(writer, activity, code, *setting(reporter, who))
        if code in ("35", "30", "34"):
            place = etree.SubElement(party, _tag("Address"))
            names = (
                ("RawCityText", "city"),
                ("RawCountryCodeText", "country"),
                ("RawStateCodeText", "state"),
                ("RawStreetAddress1Text", "address"),
                ("RawZIPCode", "zip"),
            )
            for tag, name in names:
                value, why = setting(reporter, name)
                if value:
                    writer.put(place, _tag(tag), value)
                else:
                    writer.note(f"party {code}/Address/{tag}", why)
            if not len(place):
                party.remove(place)
        if code in ("35", "8"):
            phone, why = setting(reporter, "phone")
            if phone:
                writer.put(etree.SubElement(party, _tag("PhoneNumber")), _tag("PhoneNumberText"), phone, most=16)
            else:
                writer.note(f"party {code}/PhoneNumber", why)
        for kind, name in {"35": (("4", "tin"), ("28", "tcc")), "30": (("2", "tin"),), "34": (("2", "tin"),)}.get(
            code, ()
        ):
            value, why = setting(reporter, name)
            if value:
                told = etree.SubElement(party, _tag("PartyIdentification"))
                writer.put(told, _tag("PartyIdentificationNumberText"), value, most=25)
                writer.put(told, _tag("PartyIdentificationTypeCode"), kind)
            else:
                writer.note(f"party {code}/PartyIdentification ({name})", why)


def _subjects(transfers: list[dict[str, Any]], chief: str) -> list[tuple[str, dict[str, Any], str]]:
    """The parties that stand on a side whose account an institution of the book holds, the chief one first."""
    found: dict[str, tuple[str, dict[str, Any], str]] = {}
    for row in transfers:
        for end in ("payer", "payee"):
            party = row[f"{end}_party"]
            if party and (party == chief or row[f"{end}_tenant"] is not None):
                found.setdefault(party, (party, row, end))
    return sorted(found.values(), key=lambda s: s[0] != chief)


def _subject(writer: Writer, activity: etree._Element, party: str, row: dict[str, Any], end: str) -> None:
    one = etree.SubElement(activity, _tag("Party"))
    writer.put(one, _tag("ActivityPartyTypeCode"), "33")
    if row[f"{end}_kind"] == "legal":
        writer.put(one, _tag("PartyAsEntityOrganizationIndicator"), "Y")
    else:
        writer.put(one, _tag("BirthDateUnknownIndicator"), "Y")
        writer.note("party 33/IndividualBirthDateText", "no file of the book tells it")
    name = etree.SubElement(one, _tag("PartyName"))
    told = row[end] if row[end] and row[end] != row[f"{end}_account"] else None
    if not told:
        writer.put(name, _tag("EntityLastNameUnknownIndicator"), "Y")
        writer.note("party 33/PartyName", "no file of the book tells it")
    writer.put(name, _tag("PartyNameTypeCode"), "L")
    if told:
        writer.put(name, _tag("RawEntityIndividualLastName"), told, most=150)
        if row[f"{end}_kind"] != "legal":
            whole = "the whole name stands as last name: which part is which is not told"
            writer.note("party 33/RawIndividualFirstName", whole)
    place = etree.SubElement(one, _tag("Address"))
    writer.put(place, _tag("CityUnknownIndicator"), "Y")
    if row[f"{end}_country"]:
        writer.put(place, _tag("RawCountryCodeText"), row[f"{end}_country"])
    else:
        etree.SubElement(place, _tag("CountryCodeUnknownIndicator")).text = "Y"
    writer.put(place, _tag("StreetAddressUnknownIndicator"), "Y")
    writer.note("party 33/Address", "no file of the book tells more than the country")
    number = etree.SubElement(one, _tag("PartyIdentification"))
    writer.put(number, _tag("TINUnknownIndicator"), "Y")
    writer.note("party 33/PartyIdentification", "no file of the book tells it")
    account = row[f"{end}_account"]
    if account and not account.startswith("name:"):
        tied_to = "PartyAccountAssociation"
        tied = etree.SubElement(one, _tag(tied_to))
        writer.put(tied, _tag("PartyAccountAssociationTypeCode"), "7")
        where = etree.SubElement(tied, _tag("Party"))
        writer.put(where, _tag("ActivityPartyTypeCode"), "41")
        held = etree.SubElement(where, _tag("Account"))
        writer.put(held, _tag("AccountNumberText"), account, most=40)
        etree.SubElement(etree.SubElement(held, _tag(tied_to)), _tag("PartyAccountAssociationTypeCode")).text = "5"


def _dollars(asked: Asked) -> int | None:
    """What the subject paid or what it was paid, whichever is more, in whole dollars, rounded up; None where no rate
    tells what each transfer is in dollars."""
    rows, subject = asked.told.transfers, asked.told.case.subject
    if any(row["paid_usd"] is None for row in rows):
        return None
    sums = [sum(row["paid_usd"] for row in rows if row[f"{end}_party"] == subject) for end in ("payer", "payee")]
    return -(-max(sums) // int(10 ** money.exponent("USD"))) or None


def _what(writer: Writer, activity: etree._Element, asked: Asked, dollars: int | None) -> None:
    case = asked.told.case
    what = etree.SubElement(activity, _tag("SuspiciousActivity"))
    if dollars is None:
        writer.put(what, _tag("AmountUnknownIndicator"), "Y")
        writer.note("SuspiciousActivity/TotalSuspiciousAmountText", "no rate makes every amount US dollars")
    writer.put(what, _tag("SuspiciousActivityFromDateText"), f"{case.first_on:%Y%m%d}")
    writer.put(what, _tag("SuspiciousActivityToDateText"), f"{case.last_on:%Y%m%d}")
    if dollars is not None:
        writer.put(what, _tag("TotalSuspiciousAmountText"), dollars)
    below = {a["what"].rpartition(" ")[0] for a in asked.told.alerts if a["rule"] == "structuring"}
    kinds = [BELOW.get(limit, OTHER_BELOW) for limit in sorted(below)]
    kinds += [KINDS.get(rule, OTHER) for rule in case.rules if rule != "structuring"]
    for subtype, kind in dict.fromkeys(kinds):
        told = etree.SubElement(what, _tag("SuspiciousActivityClassification"))
        if subtype in ("1999", "8999"):
            writer.put(told, _tag("OtherSuspiciousActivityTypeText"), ", ".join(case.rules), most=50)
        writer.put(told, _tag("SuspiciousActivitySubtypeID"), subtype)
        writer.put(told, _tag("SuspiciousActivityTypeID"), kind)

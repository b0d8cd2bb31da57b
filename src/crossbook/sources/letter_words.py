"""What the words of a letter, complaint or order name: court, docket, plaintiff, listings, marks, days.

United States captions and docket numbers, and what a Chinese court's papers bear. A court is one whose caption or
docket is there: a letter that threatens to go to one names none.
"""

from __future__ import annotations

import re
from datetime import date
from typing import Any

# Where federal district courts sit: by name, the code of the state, and how citations shorten it.
_STATES = {
    "ALABAMA": ("AL", "Ala."),
    "ALASKA": ("AK", "Alaska"),
    "ARIZONA": ("AZ", "Ariz."),
    "ARKANSAS": ("AR", "Ark."),
    "CALIFORNIA": ("CA", "Cal."),
    "COLORADO": ("CO", "Colo."),
    "CONNECTICUT": ("CT", "Conn."),
    "DELAWARE": ("DE", "Del."),
    "COLUMBIA": ("DC", "D.C."),
    "FLORIDA": ("FL", "Fla."),
    "GEORGIA": ("GA", "Ga."),
    "HAWAII": ("HI", "Haw."),
    "IDAHO": ("ID", "Idaho"),
    "ILLINOIS": ("IL", "Ill."),
    "INDIANA": ("IN", "Ind."),
    "IOWA": ("IA", "Iowa"),
    "KANSAS": ("KS", "Kan."),
    "KENTUCKY": ("KY", "Ky."),
    "LOUISIANA": ("LA", "La."),
    "MAINE": ("ME", "Me."),
    "MARYLAND": ("MD", "Md."),
    "MASSACHUSETTS": ("MA", "Mass."),
    "MICHIGAN": ("MI", "Mich."),
    "MINNESOTA": ("MN", "Minn."),
    "MISSISSIPPI": ("MS", "Miss."),
    "MISSOURI": ("MO", "Mo."),
    "MONTANA": ("MT", "Mont."),
    "NEBRASKA": ("NE", "Neb."),
    "NEVADA": ("NV", "Nev."),
    "NEW HAMPSHIRE": ("NH", "N.H."),
    "NEW JERSEY": ("NJ", "N.J."),
    "NEW MEXICO": ("NM", "N.M."),
    "NEW YORK": ("NY", "N.Y."),
    "NORTH CAROLINA": ("NC", "N.C."),
    "NORTH DAKOTA": ("ND", "N.D."),
    "OHIO": ("OH", "Ohio"),
    "OKLAHOMA": ("OK", "Okla."),
    "OREGON": ("OR", "Or."),
    "PENNSYLVANIA": ("PA", "Pa."),
    "PUERTO RICO": ("PR", "P.R."),
    "RHODE ISLAND": ("RI", "R.I."),
    "SOUTH CAROLINA": ("SC", "S.C."),
    "SOUTH DAKOTA": ("SD", "S.D."),
    "TENNESSEE": ("TN", "Tenn."),
    "TEXAS": ("TX", "Tex."),
    "UTAH": ("UT", "Utah"),
    "VERMONT": ("VT", "Vt."),
    "VIRGINIA": ("VA", "Va."),
    "WASHINGTON": ("WA", "Wash."),
    "WEST VIRGINIA": ("WV", "W. Va."),
    "WISCONSIN": ("WI", "Wis."),
    "WYOMING": ("WY", "Wyo."),
}
_COURT = re.compile(
    rf"((?:(?:NORTHERN|SOUTHERN|EASTERN|WESTERN|MIDDLE|CENTRAL)\s+)?DISTRICT OF ({'|'.join(_STATES)}))\b", re.IGNORECASE
)
_SHORT = {short.replace(" ", ""): code for code, short in _STATES.values()}
_CITED = re.compile(
    r"(?<![A-Za-z.])((?:[NSEWMC]\. ?)?D\. ?("
    + "|".join(re.escape(short).replace(r"\.", r"\. ?").removesuffix(" ?") for _, short in _STATES.values())
    + r"))(?![A-Za-z])"
)  # N.D. Ill., S.D.N.Y., D. Mass.
_CAPTION = re.compile(r"UNITED STATES DISTRICT COURT")  # in capitals: the head of a paper, not a sentence of one
_COURT_ZH = re.compile(r"(?<![\u4e00-\u9fff])([\u4e00-\u9fff]{2,24}?人民法院)")
_HYPHENS = re.compile(r"[\u2010-\u2013\u2212]")
# 1:26-cv-01234, 26-CIV-1234, 26 cv 1234, over the end of a line, too; 337-TA-1234; 26 Civ. 1234 (ABC); No. 26 C 417
_DOCKET = re.compile(
    r"\b((?:\d{1,2}:)?\d{2}(?:- ?| )?ci?v(?:- ?| )?\d{3,6}|337-TA-\d{3,5}|\d{2} Civ\. ?\d{3,6}(?: \([A-Z]{2,4}\))?"
    r"|(?<=No\. )\d{2} C \d{2,6}\b)",
    re.IGNORECASE,
)
_DOCKET_ZH = re.compile(r"[((](\d{4})[))] ?([\u4e00-\u9fff]{1,3}\d{0,6}[\u4e00-\u9fff]{1,6}\d{1,8}号)")
_PLAINTIFF = re.compile(r"Plaintiffs?\b(?!['’]|s['’])")
_MARGIN = re.compile(
    r"(?m)(?:^| )[)§|](?: [^\n]*)?$"
)  # the line of marks beside the parties of a caption, and what follows
_FIRM = r"(?:, ?| )(?:Inc|LLC|Ltd|Corp|Co|Limited|L\.P|LP)\b\.?"
_WORD = r"[A-Z0-9][\w&'’-]{0,60}|of|and|&|de|du|la"
_AGAINST = re.compile(
    rf"(?:^|[,;:(\n] ?|\b[a-z]{{1,20}} )([A-Z][\w&'’-]{{0,60}}(?: (?:{_WORD})){{0,7}}?(?:{_FIRM}){{0,3}}) vs?\. "
)  # Valkore LLC v. The Partnerships
_PLAINTIFF_ZH = re.compile(r"(?<!被)(?:原告|申请人)[::] ?([^\n,,。;;((]{2,60})")
_BEFORE, _NEAR, _TRIED = re.compile(r"([A-Z0-9][^\n]{2,120}),?\s{0,3}\Z"), 126, 50
_LISTING = re.compile(r"\b(B0[A-Z0-9]{8})\b")
_NUMBER = r"\d{1,2}[,.]?\d{3}[,.]?\d{3}"
_MARKS = re.compile(
    r"Reg(?:istrations?)?\.?\s?(?:No|Number|Nos)?s?\.?\s?"
    rf"({_NUMBER}(?:(?:[;,]\s?|\s)(?:and\s|&\s)?{_NUMBER}){{0,60}})\b",
    re.IGNORECASE,
)
_MARK = re.compile(rf"\b{_NUMBER}\b")
_MARK_ZH = re.compile(r"第 ?(\d{5,9})号[^\n,,。;;]{0,20}商标")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = (
    r"(Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|Sep(?:t(?:ember)?)?|Oct(?:ober)?|"
    r"Nov(?:ember)?|Dec(?:ember)?)\b\.?"
)
_DAY = re.compile(rf"\b{_MONTH}\s(\d{{1,2}})(?:st|nd|rd|th)?,?\s(\d{{4}})\b")
_DAY_FIRST = re.compile(rf"\b(\d{{1,2}})(?:st|nd|rd|th)?(?:\sday\sof)?\s{_MONTH},?\s(\d{{4}})\b")
_ISO = re.compile(r"(?<![\d-])(\d{4})-(\d\d)-(\d\d)(?![\d-])")
_SLASHED = re.compile(r"(?<![\d/])(\d{1,2})/(\d{1,2})/(\d{4})(?![\d/])")
_AMERICAN = re.compile(r"\bU\.S\.|\bUnited States\b", re.IGNORECASE)
_DIGITS_ZH = {c: str(n) for n, c in enumerate("〇一二三四五六七八九")} | {"零": "0", "○": "0"}
_NUMERAL = "〇○零一二三四五六七八九十"
_DAY_ZH = re.compile(rf"([\d{_NUMERAL}]{{4}})\s?年\s?([\d{_NUMERAL}]{{1,3}})\s?月\s?([\d{_NUMERAL}]{{1,3}})\s?日")


def read_text(text: str) -> dict[str, Any]:
    """What the words of a letter name: court, state, docket, plaintiff, listings, marks, days; None where nothing."""
    text = re.sub(r"[^\S\n]+", " ", text)  # no pattern meets a long run of blanks
    text = _HYPHENS.sub("-", re.sub(r" ?\n\s*", "\n", text))
    line = text.replace("\n", " ")
    docket = _docket(line)
    court, state = _court(line) if docket or _CAPTION.search(line) else (None, None)
    court_zh = _COURT_ZH.search(text) if _DOCKET_ZH.search(line) else None
    plaintiff_zh = _PLAINTIFF_ZH.search(text)
    marks = {re.sub(r"[,.]", "", m) for told in _MARKS.findall(text) for m in _MARK.findall(told)}
    days = sorted({*_english(line), *_slashed(line), *_chinese(line)})
    return {
        "court": court or (court_zh[1] if court_zh else None),
        "state": state,
        "docket": docket,
        "plaintiff": plaintiff_zh[1].strip() if plaintiff_zh else _plaintiff(text, line if docket else ""),
        "listings": " ".join(sorted(set(_LISTING.findall(text)))) or None,
        "marks": " ".join(sorted(marks | set(_MARK_ZH.findall(line)))) or None,
        "days": " ".join(d.isoformat() for d in days) or None,
    }


def _court(text: str) -> tuple[str | None, str | None]:
    """The federal district court of a caption, or as a citation shortens it, and its state."""
    if found := _COURT.search(text):
        return re.sub(r"\s+", " ", found[1]).title(), _STATES[re.sub(r"\s+", " ", found[2]).upper()][0]
    if found := _CITED.search(text):
        return found[1], _SHORT[found[2].replace(" ", "")]
    return None, None


def _docket(text: str) -> str | None:
    if found := _DOCKET.search(text):
        told = found[1]
        if re.search(r"ci?v", told, re.IGNORECASE) and "." not in told:
            return re.sub(r"[- ]{0,2}ci?v[- ]{0,2}", "-cv-" if "civ" not in told.lower() else "-civ-", told.lower())
        return told
    found = _DOCKET_ZH.search(text)
    return f"({found[1]}){found[2]}" if found else None


def _plaintiff(text: str, line: str) -> str | None:
    """What stands before the word Plaintiff, on its line or the one above; else who is against somebody in `line`."""
    text = re.sub(r"\n+", "\n", _MARGIN.sub("", text))
    for match, _ in zip(_PLAINTIFF.finditer(text), range(_TRIED), strict=False):
        if found := _BEFORE.search(text[max(0, match.start() - _NEAR) : match.start()]):
            return re.sub(r"\s+", " ", _DOCKET.split(found[1])[-1]).strip(" ,")
    against = _AGAINST.search(line)
    return against[1] if against else None


def _real(year: str | int, month: str | int, day: str | int) -> list[date]:
    """The day, if there is one."""
    try:
        return [date(int(year), int(month), int(day))]
    except ValueError:
        return []


def _english(text: str) -> list[date]:
    told = [*_DAY.findall(text), *((month, day, year) for day, month, year in _DAY_FIRST.findall(text))]
    figures = [d for told_ in _ISO.findall(text) for d in _real(*told_)]
    return figures + [d for month, day, year in told for d in _real(year, _MONTHS.index(month[:3].lower()) + 1, day)]


def _slashed(text: str) -> list[date]:
    """Days as 12/04/2026: month first in a paper that speaks of the United States; what can be but one day anywhere."""
    american = bool(_AMERICAN.search(text))
    found = set()
    for one, two, year in _SLASHED.findall(text):
        month_first, day_first = _real(year, one, two), _real(year, two, one)
        may_be = month_first if american and month_first else {*month_first, *day_first}
        found |= set(may_be) if len(may_be) == 1 else set()
    return sorted(found)


def _chinese(text: str) -> list[date]:
    return [d for told in _DAY_ZH.findall(text) for d in _real(*map(_numeral, told))]


def _numeral(text: str) -> int:
    """二〇二六, 十二, 二十八 or 12 as a number; 0, which is no month and no day, for what is none."""
    if "十" in text:
        tens, _, ones = text.partition("十")
        text = (tens or "1") + (ones or "0")
    text = "".join(_DIGITS_ZH.get(c, c) for c in text)
    return int(text) if text.isdecimal() else 0

"""The text of an MT940 entry (:86:, or :NS: of German banks): free, or cut into parts by codes. What it says of whom.

Codes of German and Polish banks (?00 to ?63, any sign in place of the question mark), of :NS: (01 to 14 purpose, 15 and
16 the other party) and of Dutch ones (/EREF/, /REMI/, /NAME/, …), as public samples of such files have them: the
fixtures of https://github.com/wolph/mt940 (secondary: the banks' own descriptions were not read). The other party's
account is told where a part that is its place (?31, ?38, /IBAN/, the first of /CNTP/) is an IBAN: a bank's own number
alone could be of any bank.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from crossbook.identifiers import account_of, is_iban

_CODED = re.compile(r"^\s*(\d{3})\s*([?~<>^@|!&#+])(?=\d\d)")
_NS = re.compile(r"^(\d\d)(.*)$")
_PURPOSE = frozenset([*range(20, 30), *range(60, 64)])
_WIDTH = 27  # of a part: what fills it goes on in the next one within a word
_KEYS = (
    "ACCW ADDR BENM BIC CNTP CREF CSID EREF IBAN ID IREF ISDT MARF NAME NRTX ORDP OCMT PREF PURP REMI RREF RTRN SUBID "
    "SVCL TRCD TRTP ULTB ULTC ULTD"
).split()
_KEYED = re.compile(rf"/({'|'.join(_KEYS)})/")


@dataclass(frozen=True)
class Details:
    """What the text of an entry says: its purpose as one line, and what it tells of the other party and the payment."""

    purpose: str
    party: str = ""
    account: str = ""  # IBAN
    end_to_end: str = ""
    returned: bool = False  # whether it is a payment that came back


def details(lines: list[str]) -> Details:
    """Read the lines of a field :86:."""
    whole = "".join(lines)
    if (match := _CODED.match(whole)) and whole.count(match[2]) > 1:
        return _coded(whole[match.end() - 1 :], match[2])
    if len(keys := list(_KEYED.finditer(whole))) > 1:
        return _keyed(whole, keys)
    return Details(_line(" ".join(lines)))


def own_tags(lines: list[str]) -> Details:
    """Read the lines of a field :NS: behind an entry."""
    parts = [(int(m[1]), m[2].strip()) for line in lines if (m := _NS.match(line))]
    purpose = [text for code, text in parts if 1 <= code <= 14]
    return Details(_line(" ".join(purpose)), _line(" ".join(text for code, text in parts if code in (15, 16))))


def _coded(text: str, mark: str) -> Details:
    parts = [(int(p[:2]), p[2:]) for p in re.split(rf"{re.escape(mark)}(?=\d\d)", text) if p[:2].isdigit()]
    purpose = [part for code, part in parts if code in _PURPOSE]
    posting = [part for code, part in parts if code == 0]
    party = _joined([part for code, part in parts if code in (32, 33)])
    account = _iban(*("".join(part for code, part in parts if code == place) for place in (38, 31)))
    return Details(_joined(purpose) or _joined(posting), party, account)


def _iban(*told: str) -> str:
    """The first of these that is an IBAN; empty if none."""
    return next((number for text in told if is_iban(number := account_of(text).upper())), "")


def _joined(parts: list[str]) -> str:
    """Parts as one line: without a space where a part is full, for its last word may go on."""
    text = ""
    for part in parts:
        full = text == "" or len(text.rsplit("\n", 1)[-1]) >= _WIDTH
        text += ("\n" if text and full else "\n " if text else "") + part.rstrip()
    return _line(text.replace("\n", ""))


def _keyed(text: str, keys: list[re.Match[str]]) -> Details:
    ends = [*(k.start() for k in keys[1:]), len(text)]
    found: dict[str, str] = {}
    for key, end in zip(keys, ends, strict=True):
        found.setdefault(key[1], text[key.end() : end].strip("/ "))
    purpose = found.get("REMI", "").removeprefix("USTD//").removeprefix("STRD/CUR/")
    party = found.get("NAME", "")
    other = [*found.get("CNTP", "").split("/"), "", ""]  # account, BIC, name
    if not party:
        party = other[2]
    told = [t for t in (purpose, found.get("EREF", "")) if t and t != "NOTPROVIDED"]
    return Details(
        _line(" ".join(dict.fromkeys(told))) or _line(text),
        _line(party),
        _iban(found.get("IBAN", ""), other[0]),
        end_to_end=next((t for t in (found.get("EREF", ""),) if t != "NOTPROVIDED"), ""),
        returned="RTRN" in found,
    )


def _line(text: str) -> str:
    return " ".join(text.split())

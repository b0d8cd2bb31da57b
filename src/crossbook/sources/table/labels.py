"""Labels by which the lines above a table name its account and its currency, in the languages of its headers."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from stdnum import iban

from crossbook.sources.table.amounts import bare, is_amount

_AT_MARK = r"(?=\s*(?:[:：=#\t]|$))"  # words that mean more than an account do so before a mark only
_OF_ACCOUNT = (
    r"(?:(?:银行|客户|查询|本方|己方|支付宝|銀行|存款)?[账帐賬帳]\s*[号號]|"
    r"[账帐賬帳][户戶戸](?:[号號]|号码|號碼)|(?:查询|支付宝)[账帐]户|"
    r"[户戶]口?(?:[号號]|号码|號碼)|卡\s*[号號]|iban|konto(?:nummer|nr\.?|-nr\.?)|"
    r"číslo účtu|számlaszám|n(?:[uú]mero|[º°]|ro\.?)(?: de)? cuenta|(?:num[ée]ro|n[°º])(?: de)? compte|"
    r"(?:n[uú]mero|n[º°])(?: da)? conta|numero (?:di )?conto|rekeningnummer|(?:nomor|no\.?) rekening|"
    r"口座番号|계좌\s?번호|(?:nume?r|nr) rachunku|(?:номер|№) сч[её]та|"
    r"hesap (?:no|numarası)|(?:số )?tài khoản|เลข(?:ที่)?บัญชี|"
    r"(?:(?:bank\s*)?account\s*(?:number|no\.?|nr\.?|id)?|(?:acct|a/c)\.?\s*(?:number|no\.?)?|"
    r"[账帐賬帳][户戶]|[户戶]口|口座|계좌|konto|účet|cuenta(?: corriente)?|compte(?: courant)?(?: n[°º])?|"
    r"conta(?: corrente)?|conto(?: corrente)?(?: n[°º.]?)?|rekening|rachunek|сч[её]т|hesap)" + _AT_MARK + ")"
)
_OF_CURRENCY = (
    r"(?:[账帐賬帳]?[户戶]?[币幣]\s*[种種别別]|[货貨]\s*[币幣](?:名称|名稱)?|currency|ccy"
    + _AT_MARK
    + r"|w[äa]e?hrung|devise|divisa|moneda|moeda|valuta|通貨|통화|waluta|валюта|para birimi|měna|"
    r"pénznem|loại tiền|mata uang|สกุลเงิน)"
)
_END = r"[\s\u3000]*(?:\[\s[^\]\d]*\]\s*)?[:：=\t]?[\s\u3000]*[\[【(（\"]?[\s\u3000]*"
_ACCOUNT = re.compile(_OF_ACCOUNT + _END + r"(?P<value>[0-9A-Za-z*][0-9A-Za-z*@._\- ]{2,40})", re.IGNORECASE)
_CURRENCY = re.compile(_OF_CURRENCY + _END + r"(?P<value>[^\t,，;；\]】]{1,20})", re.IGNORECASE)
# What stands before a label that is of the other side of a payment, or of either.
_OF_OTHERS = re.compile(
    r"(?:[对對](?:方|手方?)|交易[对對]手方?|往来|他行|收款(?:人|方|单位)?|付款(?:人|方|单位)?|汇款人|受益人|"
    r"(?:counter-?party|beneficiary|payee|payer|recipient|remitter|sender)(?:['’]s)?|beneficiario|empfänger|"
    r"auftraggeber|gegen|b[ée]n[ée]ficiaire|相手|受取人|振込先)"
    r"[\s:：_-]{0,9}(?:的|の)?(?:开户行|银行|銀行|bank)?[\s_-]{0,9}$",
    re.IGNORECASE,
)
_SIDES = re.compile(r"[\t,，;；|]+")  # between several labels on one line
_WHOLE = {
    of: re.compile(
        rf"\W*{words}[\s\u3000]*(?:[(（\[][^)）\]]*[)）\]])?[\s\u3000]*(?P<mark>[:：=#]?)[\s\u3000]*(?P<value>.*)", re.I
    )
    for of, words in (("account", _OF_ACCOUNT), ("currency", _OF_CURRENCY))
}


def accounts(line: str) -> Iterator[str]:
    """The accounts that a line names under a label, its cells apart by tabs; of a short one the whole cell."""
    told = (m for m in _ACCOUNT.finditer(line) if re.search(r"[0-9@]", m["value"]) and not of_others(line, m.start()))
    found = [_number(m["value"].strip()) for m in told]
    yield from found or (value for value in _alone(line, "account"))


def is_account(text: str) -> bool:
    """Whether a text is the label of an account and nothing else."""
    match = _WHOLE["account"].fullmatch(text)
    return match is not None and not match["value"].strip()


def of_others(line: str, place: int) -> bool:
    """Whether the label at a place in a line is, by what stands before it, not of the account that the table is of."""
    return _OF_OTHERS.search(line, 0, place) is not None


def others(line: str) -> list[str]:
    """The accounts that a line names as of the other side of a payment."""
    return [m["value"].split()[0] for m in _ACCOUNT.finditer(line) if of_others(line, m.start())]


def _number(value: str) -> str:
    """An account's number of what stands behind its label, without the label that follows it on the line ("12345678
    Currency: GBP", "1234567890 EUR"): of groups that people read it by, those up to the first in letters alone. An
    IBAN, whose groups may be of letters, ends where it proves itself."""
    groups = value.split()
    if re.match(r"[A-Za-z]{2}\d{2}", value):
        for end in range(len(groups), 0, -1):
            if iban.is_valid("".join(groups[:end])):
                return " ".join(groups[:end])
    first = next(i for i, group in enumerate(groups) if re.search(r"[0-9@]", group))
    ends = (i for i in range(first + 1, len(groups)) if not re.search(r"[0-9@*]", groups[i]))
    return " ".join(groups[: next(ends, len(groups))])


def currencies(line: str) -> Iterator[str]:
    """What a line has under a label for the currency."""
    yield from (m["value"] for m in _CURRENCY.finditer(line) if not of_others(line, m.start()))


def _alone(line: str, of: str) -> Iterator[str]:
    """The values in a line whose parts are a label and, behind a mark or in the next part, a value."""
    parts = [part.strip(" \u3000") for part in _SIDES.split(line)]
    for i, part in enumerate(parts):
        match = _WHOLE[of].fullmatch(part)
        if match is None or (match["value"] and not match["mark"]):
            continue
        value = match["value"] or (parts[i + 1] if i + 1 < len(parts) and not _names(parts[i + 1]) else "")
        if value.strip(" -\"'“”"):
            yield value.strip(" \"'“”")


def _names(text: str) -> bool:
    """Whether a text is a label with or without its value."""
    return ":" in text or "：" in text or any(p.fullmatch(text) is not None for p in _WHOLE.values())


def are_told(cells: Sequence[str]) -> bool:
    """Whether the cells of a line are labels and their values, so that it is no line of a header: each holds its own
    value, or it is of an account or a currency whose value is in the next one."""
    texts = [c for c in cells if c]
    if texts and all(re.fullmatch(r"[^:：]+[:：]\s*\S.*", c) for c in texts):
        return True
    line = "\t".join(texts)
    if any(re.search(r"\d\d|\*\*", value) for value in _alone(line, "account")):
        return True
    return any(re.fullmatch(r"[A-Z]{3}", value) for value in _alone(line, "currency"))


_BALANCE = re.compile(r"余额|结余|balance|saldo|solde|остаток|繰越|kontostand", re.IGNORECASE)


def balance_in(text: str, match: re.Match[str] | None) -> str | None:
    """The balance that a line of text states behind its name, which `match` found; None where it states none."""
    if match is None or not _BALANCE.search(text[match.start() : match.end() + 10]):
        return None
    words = _BALANCE.sub(" ", text[match.end() :]).replace("：", " ").replace(":", " ").split()
    return bare(words[0])[0] if words and is_amount(words[0]) else None

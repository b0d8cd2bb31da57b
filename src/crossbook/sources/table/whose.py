"""Whose account a file is: a person's word, what the file says, and what its mapping does, in this order."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import Any

from crossbook.errors import CrossbookError
from crossbook.sources.source import Reading
from crossbook.sources.table import owner


def account(spec: Mapping[str, Any], stated: owner.Stated, reading: Reading) -> str:
    """The account, which no constant changes: the person's word, else the mapping's, unless the file names another;
    then the file's own number, where the mapping's account is such a number. Raises CrossbookError."""
    said, reference = str(spec.get("account", "")), str(spec.get("stated", ""))
    found = stated.account or (stated.called if reference else None)
    if found is None and reference and stated.several:
        found = next((told for told in stated.several if owner.is_one(told, reference)), stated.several[0])
    if reading.account or "account" in spec["columns"]:
        return reading.account or said
    if found is None and "named" in spec:
        return _named(said, str(spec["named"]), reading)
    if "shipped" in spec:
        return _shipped(spec["shipped"], stated, reading)
    if found is None or (owner.is_one(found, reference) if reference else owner.same(found, said) is not False):
        return said
    if reference and owner.compact(reference) == owner.compact(said):
        return owner.compact(found)
    if reading.again:  # it was taken so
        return said
    raise CrossbookError(
        f"the file is of the account {found}, the mapping of {reference or said}",
        where=f"{reading.name}:{stated.line}" if stated.line else reading.name,
        todo="say whose it is with --account NAME, or map the file anew",
    )


def _named(said: str, reference: str, reading: Reading) -> str:
    """The account, where only the name of the mapping's file had it: that in this file's name, if any."""
    number = owner.in_name(Path(reading.name).stem)
    if number is None or owner.same(number, reference) is not False:
        return said
    if owner.compact(reference) == owner.compact(said):
        return number
    raise CrossbookError(
        f"the file's name is of the account {number}, the mapping of {reference}",
        where=reading.name,
        todo="say whose it is with --account NAME, or map the file anew",
    )


def _shipped(told: Mapping[str, Any], stated: owner.Stated, reading: Reading) -> str:
    """The account that a file of a shipped layout names itself, above its table or in its name; a number that is masked
    may be of several accounts. Of a platform's report it is the platform. Raises CrossbookError where it names none."""
    pattern = told.get("account")
    in_name = re.search(pattern, Path(reading.name).name) if pattern else None
    found = stated.account or (in_name[1] if in_name else None)
    if found and "*" not in found:
        return owner.compact(found)
    if platform := told.get("platform"):
        return str(platform)
    what = f"the file names its account only as {found}" if found else "the file does not say whose account it is"
    raise CrossbookError(what, where=reading.name, todo="say it: crossbook add FILE --account NAME")


# A header that may name the account of each row, and what shows it to be the other side's, or no account.
_MAY_NAME = re.compile(
    r"(?<![^\W_])(?:sub-?)?(?:account|acct|konto|compte|cuenta|conta|conto|rekening|wallet)(?![^\W_])"
    r"|账户|帐户|账号|帐号|帳戶|帳號|口座|계좌|сч[её]т"
)
_NOT_OWN = re.compile(
    r"(?<![^\W_])(?:counter\w*|contra\w*|other|third|payee|payer|beneficiary|recipient|sender|receiver|remitter|"
    r"originator|creditor|debtor|to|from|destination|target|customer|merchant|buyer|vendor|offset|type|balance|"
    r"currency|amount|status|code|category|"
    r"owner|holder|gl|ledger|destino|destinat\w*|origen|origem|ordenante|ordinante|bénéficiaire|"
    r"beneficiari\w*|tegen\w*|gegen\w*|empf\w*|auftraggeber|zahlung\w*|saldo)(?![^\W_])"
    r"|对方|對方|对手|收款|付款|收\(付\)|转入|转出|類|类型|余额|餘額|币种|名称|名稱|户名|相手|振込|残高|科目"
)


def column_aside(spec: Mapping[str, Any], headers: Sequence[str], named: Collection[str]) -> int | None:
    """The place of a column `named` as an account's, else of one that may be such, in a statement whose mapping reads
    no account of its rows."""
    if spec["kind"] != "bank" or "shipped" in spec or "account" in spec["columns"]:
        return None
    used = {" ".join(h.split()).lower() for h in spec["columns"].values()}
    left = [(i, h) for i, h in enumerate(headers) if h not in used]
    sure = (i for i, h in left if h in named)
    return next(sure, next((i for i, h in left if may_name(h)), None))


def may_name(header: str) -> bool:
    """Whether a header (lower case) that no list has may be that of the account whose each row is."""
    return bool(_MAY_NAME.search(header)) and not _NOT_OWN.search(header)


def aside(header: str, names: Collection[str], reference: str, read: str) -> list[tuple[str, str]]:
    """Where such a column names several accounts, or another than the mapping was made of: a key, and a sentence."""
    told = ", ".join(sorted(names)[:5])
    if len(names) > 1:
        text = f"the column {header} names the accounts {told}, and all rows are read as of {read}"
    elif names and reference and not owner.is_one(told, reference):
        text = f"the column {header} names the account {told}, and the mapping is of {reference}"
    else:
        return []
    return [(f"{header.split()[0]} names {told}", text)]

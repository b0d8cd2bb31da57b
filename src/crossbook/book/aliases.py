"""Other names of an account, as book.toml states them: `also = ["DE44…", "6222 **** 1111"]` in `[accounts.NAME]`.

Facts keep the name that their file has; whoever reads them sees the account's own.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Collection, Iterable
from difflib import get_close_matches

from crossbook.book.bank_names import alike, iban_of, may_be_one, within
from crossbook.book.book import CONFIG, Book
from crossbook.errors import CrossbookError
from crossbook.facts import KINDS

OF_BANKS = ("bank", "balance")  # kinds whose facts name bank accounts
NEAR = 3  # names like one that no file has, as they are shown


def aliases(book: Book) -> dict[str, str]:
    """By each other name, the account's own. Raises CrossbookError where two accounts claim one name."""
    accounts = book.config.get("accounts", {})
    claimed: dict[str, tuple[str, str]] = {}
    own = {alike(name): name for name in accounts}
    for account, settings in accounts.items():
        for name in _also(book, account, settings):
            other = own.get(alike(name))
            if other is not None and other != account:
                raise CrossbookError(
                    f"{name} is another name of {account}, and has settings of its own",
                    where=_place(book, name),
                    todo=f'move what [accounts."{other}"] says into [accounts."{account}"], or leave the name out',
                )
            before = claimed.setdefault(alike(name), (name, account))
            if before[1] != account:
                raise CrossbookError(
                    f"{name} is claimed by two accounts, {before[1]} and {account}",
                    where=_place(book, name),
                    todo="leave it in the `also` of the account that it is of",
                )
    return {name: account for name, account in claimed.values() if alike(name) != alike(account)}


def own_names(names: Iterable[str], told: dict[str, str]) -> dict[str, str]:
    """By each of these names that is another name of an account, the account's own: as it is written, or as the bank
    code and number inside an IBAN that is one."""
    by_name = {alike(name): account for name, account in told.items()}
    ibans = {code: account for name, account in told.items() if (code := iban_of(name))}
    found = {}
    for name in names:
        inside = {account for code, account in ibans.items() if within(name, code) or iban_of(name) == code}
        account = by_name.get(alike(name)) or (inside.pop() if len(inside) == 1 else None)
        if account and account != name:
            found[name] = account
    return found


def unheard(book: Book, account: str, others: Iterable[str]) -> dict[str, list[str]]:
    """Of an account and other names of it those that no file in the book has, each with names there that are near."""
    there = _names(book, {kind for kind, told in KINDS.items() if "account" in told.columns})
    plain = {alike(name): name for name in there}
    found = {}
    for name in dict.fromkeys((account, *others)):
        if alike(name) not in plain and (name == account or not own_names(there, {name: account})):
            found[name] = [plain[near] for near in get_close_matches(alike(name), plain, n=NEAR)]
    return found


def _names(book: Book, kinds: Collection[str]) -> set[str]:
    """What facts of these kinds call their accounts."""
    import pyarrow.parquet as pq  # not loaded where only the names are read

    names: set[str] = set()
    for path in {file.path for file in book.fact_files() if file.kind in kinds}:
        names.update(filter(None, pq.read_table(path, columns=["account"])["account"].unique().to_pylist()))
    return names


def suggested(book: Book) -> list[tuple[str, str]]:
    """Pairs of an account and another name in the book's bank files that may be of it, but is not said to be."""
    told, names = aliases(book), _names(book, OF_BANKS)
    own = own_names(names, told)
    return may_be_one({own.get(n, n) for n in names} | {a for a in book.config.get("accounts", {}) if a in names})


def add_alias(book: Book, account: str, name: str) -> Book:
    """Write into book.toml that `name` is another name of `account`; the book as it is then.

    Raises CrossbookError, nothing changed, where another account has the name.
    """
    path = book.path / CONFIG
    before = path.read_text(encoding="utf-8")
    said = _also(book, account, book.account(account))
    if alike(name) in {alike(account), *map(alike, said)}:
        raise CrossbookError(f"{name} is a name of {account} already", where=str(path))
    text = _with_also(before, account, [*said, name])
    wanted = json.loads(json.dumps(book.config, default=str))
    wanted.setdefault("accounts", {}).setdefault(account, {})["also"] = [*said, name]
    if json.loads(json.dumps(tomllib.loads(text), default=str)) != wanted:
        raise CrossbookError(
            "book.toml is written so that this cannot be put in", where=str(path), todo=f'write also = ["{name}"] there'
        )
    _refuse_clash(book, account, name)
    part = path.with_suffix(".part")
    part.touch(mode=0o600)
    part.write_text(text, encoding="utf-8")
    part.chmod(path.stat().st_mode & 0o777)
    part.replace(path)
    return Book(book.path)


def _refuse_clash(book: Book, account: str, name: str) -> None:
    """Raise CrossbookError when another account has this name, or is called so."""
    for other, settings in book.config.get("accounts", {}).items():
        if other != account and alike(name) in {alike(other), *map(alike, _also(book, other, settings))}:
            raise CrossbookError(
                f"{name} is a name of {other}",
                where=_place(book, name),
                todo=f'take it out of [accounts."{other}"] first, if it is of {account}',
            )


def _also(book: Book, account: str, settings: object) -> list[str]:
    said = settings.get("also", []) if isinstance(settings, dict) else []
    if not isinstance(said, list) or not all(isinstance(name, str) and alike(name) for name in said):
        raise CrossbookError(
            f"accounts.{account}: also must be a list of names",
            where=str(book.path / CONFIG),
            todo='write it as also = ["DE44 5001 0517 5407 3249 31"]',
        )
    return said


def _place(book: Book, name: str) -> str:
    """book.toml, and the last line that has this name."""
    path = book.path / CONFIG
    lines = path.read_text(encoding="utf-8").splitlines()
    found = [n for n, line in enumerate(lines, start=1) if name in line and not line.lstrip().startswith("#")]
    return f"{path}:{found[-1]}" if found else str(path)


def _with_also(text: str, account: str, names: list[str]) -> str:
    """book.toml with this list in the account's table, which is made where there is none."""
    line = "also = [" + ", ".join(json.dumps(name, ensure_ascii=False) for name in names) + "]\n"
    quoted = json.dumps(account, ensure_ascii=False)
    head = re.compile(rf"^\[accounts\.(?:{re.escape(account)}|{re.escape(quoted)})\][^\n]*\n?", re.MULTILINE)
    found = head.search(text)
    if found is None:
        return f"{text.rstrip()}\n\n[accounts.{quoted}]\n{line}"
    end = re.compile(r"^\[", re.MULTILINE).search(text, found.end())
    table = text[found.end() : end.start() if end else len(text)]
    rest = text[end.start() :] if end else ""
    table = re.sub(r"^also\s*=\s*\[[^\]]*\][^\n]*\n?", "", table, flags=re.MULTILINE)
    return text[: found.end()].rstrip("\n") + "\n" + line + table + rest

"""The group book: what is in it is whole, what was read from it, which evidence is used, who may use it."""

from __future__ import annotations

import sys
from collections import Counter
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from crossbook.cli.checking import check
from crossbook.cli.choices import choice, of
from crossbook.cli.decide import file
from crossbook.cli.deciding import a_command
from crossbook.cli.keeping import backup, compact, recover, repair, upgrade
from crossbook.cli.options import GROUPS, HERE, AsJson, BookPath, Commands, group
from crossbook.cli.stamping import stamp
from crossbook.errors import CrossbookError
from crossbook.i18n import t, translated


def register(app: typer.Typer) -> None:
    """Add this group's commands."""
    text = "The book itself: check it, read it anew, who may use it. 账簿维护"
    book = group(
        app,
        "book",
        text,
        {
            "check": check,
            "backup": backup,
            "recover": recover,
            "repair": repair,
            "rebuild": rebuild,
            "compact": compact,
            "upgrade": upgrade,
            "stamp": stamp,
            "retire": a_command("file", file),
            "alias": alias,
        },
        GROUPS,
    )
    users: Commands = {"add": add_user, "key": user_key, "remove": remove_user, "list": list_users}
    group(book, "user", "Who may use the book over a network. 用户管理", users)


def rebuild(
    file: Annotated[
        str,
        typer.Argument(
            help="Of one original alone: its name, or how its SHA-256, or that of a file of facts, begins. 只重建此文件"
        ),
    ] = "",
    book: BookPath = HERE,
    json: AsJson = False,
) -> None:
    """Make every fact file anew from its evidence, or those of one FILE. 由证据重建"""
    from crossbook.book import open_book
    from crossbook.book.checking import rebuild as rebuild_book
    from crossbook.cli import show

    opened = open_book(book)
    total = 1 if file else len(opened.evidence())
    with show.progress(quiet=json) as step:
        count = Counter[str]()

        def one(done: int) -> None:
            count["done"] += done
            step(t("rebuilding"), count["done"], total)

        report = rebuild_book(opened, one, only=file)
    if json:
        show.as_json(report)
    else:
        show.say(t("{e} evidence files read again, {f} fact files written", e=report.evidence, f=report.fact_files))
        for text in report.problems:
            show.say(f"[{show.BAD}]{show.clean(translated(text))}[/]")
    if report.problems:
        raise typer.Exit(1)


def alias(
    account: Annotated[
        str | None, typer.Argument(metavar="ACCOUNT", help="The account, by its own name. 账户名称")
    ] = None,
    names: Annotated[
        list[str] | None,
        typer.Argument(metavar="NAME...", help="What files call it: an IBAN, a masked number. 别名"),
    ] = None,
    book: BookPath = HERE,
    json: AsJson = False,
) -> None:
    """Say that files call an account by other names, too; without a name list them, and which may be so. 账户别名"""
    from crossbook.book import open_book
    from crossbook.book.aliases import add_alias, aliases, suggested, unheard
    from crossbook.cli import show

    opened = open_book(book)
    if account is not None and not names:
        raise CrossbookError(
            f"no other name of {account} is given", todo='give one: crossbook book alias ACCOUNT "6222 **** 1111"'
        )
    for name in names or ():
        opened = add_alias(opened, str(account), name)
    told, maybe = aliases(opened), suggested(opened)
    absent = unheard(opened, account, names or ()) if account is not None else {}
    if json:
        listed = [{"account": a, "name": n} for a, n in maybe]
        missing = [{"name": name, "near": near} for name, near in absent.items()]
        show.as_json({"aliases": told, "suggested": listed, "in_no_file": missing})
        return
    if told:
        show.table([t("name"), t("account")], [[show.clean(n), show.clean(a)] for n, a in sorted(told.items())])
    for name, near in absent.items():
        said = t("{name} is in no file of the book yet", name=show.clean(name))
        said += f": {t('there are {names}', names=show.clean(', '.join(near)))}" if near else ""
        show.say(f"[{show.WARN}]{said}[/]")
    for own, name in maybe:
        show.say(f"[{show.WARN}]{show.clean(translated(may_be_named(own, name)))}[/]")


def may_be_named(account: str, name: str) -> str:
    """The sentence on a name that may be another one of an account."""
    from shlex import quote

    said = f"crossbook book alias {quote(account)} {quote(name)}"
    return f"{name} may be the account {account}: if it is, say so: {said}"


def add_user(
    name: Annotated[str, typer.Argument(help="The name to log in with. 用户名")],
    book: BookPath = HERE,
    role: Annotated[
        str, choice("role", of("book.accounts", "ROLES"), text="reader, preparer or approver. 角色")
    ] = "reader",
    json: AsJson = False,
    password_stdin: Annotated[
        bool, typer.Option("--password-stdin", help="Read the password from standard input. 从标准输入读取密码")
    ] = False,
) -> None:
    """Add a user, or give one another role and password. 添加用户"""
    from crossbook.book import open_book
    from crossbook.book.accounts import put_user
    from crossbook.cli import show

    opened = open_book(book)
    if password_stdin:
        password = sys.stdin.readline().rstrip("\r\n")
    elif sys.stdin.isatty():
        password = typer.prompt(t("password"), hide_input=True, confirmation_prompt=True)
    else:
        raise CrossbookError("a password is needed", todo="run it in a terminal, or give --password-stdin")
    new = put_user(opened, name, role, password)
    if json:
        show.as_json({"name": name, "role": role, "new": new})
        return
    text = "added {name} as {role}" if new else "{name} is {role} now, with the new password"
    show.say(t(text, name=show.clean(name), role=t(role)))


def user_key(
    name: Annotated[str, typer.Argument(help="The user's name. 用户名")],
    public_key: Annotated[
        Path | None, typer.Argument(metavar="PUB", help="The public key: KEY.pub of OpenSSH, or PEM. 公钥文件")
    ] = None,
    book: BookPath = HERE,
    remove: Annotated[bool, typer.Option("--remove", help="Take the key away. 删除公钥")] = False,
    json: AsJson = False,
) -> None:
    """Give a user the public key that signs what she decides here, or another. 用户公钥"""
    from crossbook.book import open_book, signing
    from crossbook.book.keys import put_key
    from crossbook.cli import show

    if (public_key is None) != remove:
        raise CrossbookError("one of PUB and --remove is needed", todo="crossbook book user key NAME KEY.pub")
    key = signing.public(public_key) if public_key else ""
    replaced = put_key(open_book(book), name, key)
    if json:
        show.as_json({"name": name, "key": signing.fingerprint(key) if key else None, "replaced": replaced})
        return
    text = "{name} has no key any more" if remove else "{name} may decide with the key {key}"
    show.say(t(text, name=show.clean(name), key=signing.fingerprint(key)))
    if replaced and key:
        show.say(t("the key before it signs nothing any more; what it signed stands"))


def remove_user(
    name: Annotated[str, typer.Argument(help="The user's name. 用户名")],
    book: BookPath = HERE,
    json: AsJson = False,
) -> None:
    """Take a user's account away. 删除用户"""
    from crossbook.book import open_book
    from crossbook.book.accounts import remove_user as take_away
    from crossbook.cli import show

    take_away(open_book(book), name)
    if json:
        show.as_json({"name": name, "removed": True})
        return
    show.say(t("{name} cannot log in any more", name=show.clean(name)))


def list_users(book: BookPath = HERE, json: AsJson = False) -> None:
    """List the users. 用户列表"""
    from crossbook.book import open_book, signing
    from crossbook.book.accounts import users
    from crossbook.book.keys import keys
    from crossbook.cli import show

    opened = open_book(book)
    held = keys(opened.journal())
    found = [{**asdict(u), "key": signing.fingerprint(held[u.name]) if u.name in held else None} for u in users(opened)]
    if json:
        show.as_json(found)
        return
    rows = [[show.clean(u["name"]), t(u["role"]), u["added_at"], u["key"] or ""] for u in found]
    show.table([t("name"), t("role"), t("added"), t("key")], rows)

"""The commands web and user: the book in a browser, and who may use it over a network."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from crossbook.cli.options import HERE, AsJson, BookPath
from crossbook.errors import CrossbookError
from crossbook.i18n import t


def register(app: typer.Typer) -> None:
    """Add this group's commands."""
    app.command("web")(web)
    group = typer.Typer(
        no_args_is_help=True, help="Who may use the book over a network. 用户管理", rich_markup_mode=None
    )
    group.command("add")(add)
    group.command("remove")(remove)
    group.command("list")(listing)
    app.add_typer(group, name="user")


def web(
    book: BookPath = HERE,
    host: Annotated[str, typer.Option(help="Where to listen; others than this machine need accounts. 监听地址")] = (
        "127.0.0.1"
    ),
    port: Annotated[int, typer.Option(min=0, max=65535, help="0 takes a free one. 端口")] = 8765,
    browser: Annotated[bool, typer.Option(help="Open a browser. 打开浏览器")] = True,
    certificate: Annotated[Path | None, typer.Option(help="TLS certificate (PEM). 证书")] = None,
    key: Annotated[Path | None, typer.Option(help="Its key (PEM). 私钥")] = None,
    behind_proxy: Annotated[bool, typer.Option(help="A proxy with TLS is before it. 位于反向代理之后")] = False,
    name: Annotated[list[str] | None, typer.Option(help="A host name that browsers use for it. 主机名")] = None,
    max_upload: Annotated[int, typer.Option(min=1, help="MiB of one upload at the most. 上传上限")] = 1024,
) -> None:
    """Open the book in a browser. 在浏览器中打开账簿"""
    from crossbook.web.serving import Where, serve

    def say(line: str) -> None:
        sys.stdout.write(line + "\n")
        sys.stdout.flush()

    where = Where(host, port, certificate, key, behind_proxy, tuple(name or ()))
    serve(book, where, browser=browser and sys.stdout.isatty(), limit=max_upload << 20, say=say)


def add(
    name: Annotated[str, typer.Argument(help="The name to log in with. 用户名")],
    book: BookPath = HERE,
    role: Annotated[str, typer.Option(help="reader, preparer or approver. 角色")] = "reader",
    password_stdin: Annotated[
        bool, typer.Option(help="Read the password from standard input. 从标准输入读取密码")
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
    text = "added {name} as {role}" if new else "{name} is {role} now, with the new password"
    show.say(t(text, name=show.clean(name), role=t(role)))


def remove(
    name: Annotated[str, typer.Argument(help="The user's name. 用户名")],
    book: BookPath = HERE,
) -> None:
    """Take a user's account away. 删除用户"""
    from crossbook.book import open_book
    from crossbook.book.accounts import remove_user
    from crossbook.cli import show

    remove_user(open_book(book), name)
    show.say(t("{name} cannot log in any more", name=show.clean(name)))


def listing(book: BookPath = HERE, json: AsJson = False) -> None:
    """List the users. 用户列表"""
    from crossbook.book import open_book
    from crossbook.book.accounts import users
    from crossbook.cli import show

    found = users(open_book(book))
    if json:
        show.as_json(found)
        return
    show.table([t("name"), t("role"), t("added")], [[show.clean(u.name), t(u.role), u.added_at] for u in found])

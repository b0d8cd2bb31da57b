"""The people who may use a book over the network: names, roles and Argon2 hashes of their passwords."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache

import sqlalchemy as sa

from crossbook.book import catalog, chain
from crossbook.book.book import Book
from crossbook.book.people import alike
from crossbook.errors import CrossbookError, NotFoundError

ROLES = ("reader", "preparer", "approver")  # each may do what those before it may
SHORTEST = 12  # length is all that is asked of a password
LONGEST = 1_024
_NAME = re.compile(r"\w(?:[\w .@-]{0,62}[\w.@-])?")


@dataclass(frozen=True)
class User:
    """Someone with an account."""

    name: str
    role: str
    added_at: str


def users(book: Book) -> list[User]:
    """Everyone with an account, by name."""
    with book.engine.connect() as connection:
        if not sa.inspect(connection).has_table(catalog.users.name):
            return []
        rows = connection.execute(sa.select(catalog.users).order_by(catalog.users.c.name)).mappings()
        return [User(r["name"], r["role"], r["added_at"]) for r in rows]


def put_user(book: Book, name: str, role: str, password: str, who: str | None = None) -> bool:
    """Add an account, or give one another role and password. Returns whether it is new. Raises CrossbookError."""
    from argon2 import PasswordHasher

    if not _NAME.fullmatch(name):
        raise CrossbookError(f"{name!r} cannot be a user's name", todo="use letters, digits, spaces and . @ - _")
    known_as = [u.name for u in users(book)]
    if name not in known_as and (like := next((n for n in known_as if alike(n, name)), None)):
        raise CrossbookError(f"{name!r} looks like the user {like}", todo="take a name that nobody confuses with it")
    if role not in ROLES:
        raise CrossbookError(f"no role {role!r}", todo=f"use one of {', '.join(ROLES)}")
    if not SHORTEST <= len(password) <= LONGEST:
        raise CrossbookError(f"a password needs {SHORTEST} characters or more", todo="take four or five words")
    row = {
        "role": role,
        "password": PasswordHasher().hash(password),
        "added_at": datetime.now(UTC).isoformat(timespec="microseconds"),
    }
    with book.writing() as connection:
        catalog.users.create(connection, checkfirst=True)
        known = connection.execute(catalog.users.update().where(catalog.users.c.name == name).values(**row)).rowcount
        if not known:
            connection.execute(catalog.users.insert().values(name=name, **row))
        chain.link(connection, chain.of_user(name, row))
    book.decide("user", name, {"role": role, "new": not known}, who)
    return not known


def remove_user(book: Book, name: str, who: str | None = None) -> None:
    """Take an account away. Raises NotFoundError."""
    if name not in {u.name for u in users(book)}:
        raise NotFoundError(f"no user {name!r}", todo="see `crossbook book user list`")
    with book.writing() as connection:
        connection.execute(catalog.users.delete().where(catalog.users.c.name == name))
        chain.link(connection, chain.of_user(name, None))
    book.decide("user", name, {"removed": True}, who)


def check_password(book: Book, name: str, password: str) -> User | None:
    """The user when the password is right. Takes as long for a name that does not exist."""
    from argon2 import PasswordHasher
    from argon2.exceptions import Argon2Error, InvalidHashError

    known = {u.name: u for u in users(book)}
    with book.engine.connect() as connection:
        held = (
            connection.execute(sa.select(catalog.users.c.password).where(catalog.users.c.name == name)).scalar()
            if known
            else None
        )
    try:
        PasswordHasher().verify(held or _nobody(), password[:LONGEST])
    except (Argon2Error, InvalidHashError):
        return None
    return known.get(name)


@lru_cache(maxsize=1)
def _nobody() -> str:
    """A hash that no password fits, with the cost of a real one."""
    from argon2 import DEFAULT_RANDOM_SALT_LENGTH, PasswordHasher

    hasher = PasswordHasher()
    return hasher.hash("\0", salt=b"\0" * DEFAULT_RANDOM_SALT_LENGTH)

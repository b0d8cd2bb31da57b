"""A catalog on a server: what is refused and how it is said, and what a server that fails or is set up oddly may do."""

from __future__ import annotations

import stat
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from crossbook.book import Book, catalog, init_book, journal, open_book, postgres
from crossbook.book.accounts import put_user
from crossbook.book.adding import add
from crossbook.book.checking import check
from crossbook.book.opening import inputs
from crossbook.demo import make, settings_for
from crossbook.errors import CrossbookError
from tests.book.server import PASSWORD, Server
from tests.cli.running import data, run
from tests.conftest import GOLDEN

SECRETS = (PASSWORD, "p%40ss", "hidden")


def said(error: CrossbookError) -> str:
    """The error's text, in which no password may stand nor anything that the libraries say."""
    text = str(error)
    for word in (*SECRETS, "psycopg.", "FATAL", "ERROR", "sqlalche", "sqlalche.me", "SELECT", "connection to server"):
        assert word not in text, text
    assert error.todo, text
    return text


@pytest.mark.parametrize(
    ("url", "what"),
    [
        ("postgresql://anna:hidden@localhost:1/books", "anna@localhost:1/books: the database server cannot be reached"),
        ("postgresql+psycopg://anna:hidden@nowhere.invalid/b", "the database server cannot be reached"),
        ("postgresql://anna:hidden@localhost:1/b?colour=red", "an option that PostgreSQL does not know"),
        ("postgresql://anna:hidden@localhost:port/b", "the address of the catalog cannot be read"),
        ("my database", "the address of the catalog cannot be read"),
        ("mysql://anna:hidden@localhost/b", "a catalog cannot be kept on 'mysql'"),
        ("postgresql+asyncpg://anna:hidden@localhost/b", "a catalog cannot be kept on 'postgresql+asyncpg'"),
        ("sqlite:///elsewhere.sqlite", "a SQLite catalog lies in the book's folder"),
    ],
)
def test_an_address_that_leads_nowhere(tmp_path: Path, url: str, what: str) -> None:
    with pytest.raises(CrossbookError) as error:
        init_book(tmp_path / "b", url=url)
    assert what in said(error.value)
    assert list(tmp_path.iterdir()) == []


def test_without_the_driver(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "psycopg", None)
    with pytest.raises(CrossbookError, match="needs the package psycopg") as error:
        init_book(tmp_path / "b", url="postgresql://anna:hidden@localhost/b")
    assert "pip install 'crossbook[postgres]'" in said(error.value)


def test_a_url_that_is_no_text(book: Book) -> None:
    (book.path / "book.toml").write_text("[catalog]\nurl = 5\n")
    with pytest.raises(CrossbookError, match=r"catalog\.url must be a text"):
        open_book(book.path).journal()


@pytest.fixture
def shared(server: Server, tmp_path: Path) -> Book:
    """A new, empty book with its catalog on the server."""
    return init_book(tmp_path / "shared", url=server.url(server.database()))


def database_of(book: Book) -> str:
    return str(book.engine.url.database)


@pytest.mark.services
@pytest.mark.parametrize(
    ("address", "what"),
    [
        (lambda s: s.url("no_such"), "the server has no such database"),
        (lambda s: s.url("postgres", password="hidden"), "refuses this user or password"),
        (lambda s: s.url("postgres", password=None), "refuses this user or password"),
        (lambda s: s.url("postgres", user="nobody"), "refuses this user or password"),
        (lambda s: s.url(s.database("ENCODING 'LATIN1' TEMPLATE template0")), "keeps text as LATIN1"),
        (lambda s: s.network_url("postgres") + "?sslmode=require", "no protected connection"),
    ],
)
def test_a_database_that_cannot_be_used(
    server: Server, tmp_path: Path, address: Callable[[Server], str], what: str
) -> None:
    with pytest.raises(CrossbookError) as error:
        init_book(tmp_path / "b", url=address(server))
    assert what in said(error.value)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.services
def test_a_server_that_speaks_another_language(server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(postgres, "_REFUSED", postgres._REFUSED[3:])  # nothing that it says is known
    with pytest.raises(CrossbookError) as error:
        init_book(tmp_path / "b", url=server.url("postgres", password="hidden"))
    assert "lets nobody in" in said(error.value)


@pytest.mark.services
def test_the_file_with_the_password_is_its_owners(server: Server, tmp_path: Path) -> None:
    url = server.url(server.database())
    shown = run("init", tmp_path / "b", "--catalog", url)
    assert shown.returncode == 0 and "only you may read it" in shown.stdout
    assert stat.S_IMODE((tmp_path / "b" / "book.toml").stat().st_mode) == 0o600
    open_one = server.url(server.database(), password=None)
    shown = run("init", tmp_path / "c", "--catalog", open_one, env={"PGPASSWORD": PASSWORD})
    assert shown.returncode == 0 and "only you" not in shown.stdout
    assert PASSWORD not in (tmp_path / "c" / "book.toml").read_text() and "p%40ss" not in shown.stdout
    again = run("init", tmp_path / "d", "--catalog", url, lang="zh")
    assert again.returncode == 2 and "该数据库中已有账簿" in again.stderr and "p%40ss" not in again.stderr


@pytest.mark.services
def test_a_database_of_others_is_left_alone(server: Server, tmp_path: Path) -> None:
    """Tables of the same names, in the schema that everybody uses, are not ours."""
    name = server.database()
    server.sql("CREATE TABLE setting (name text, value text); INSERT INTO setting VALUES ('schema', '9')", name)
    book = init_book(tmp_path / "b", url=server.url(name))
    book.decide("match", "p1", {}, "anna")
    assert server.sql("SELECT value FROM setting", name) == "9"
    assert server.sql("SELECT tablename FROM pg_tables WHERE schemaname = 'public'", name) == "setting"


@pytest.mark.services
def test_a_database_without_a_book(server: Server, shared: Book) -> None:
    server.sql("DROP SCHEMA crossbook CASCADE", database_of(shared))
    with pytest.raises(CrossbookError, match="there is no book in this database") as error:
        open_book(shared.path).journal()
    said(error.value)
    assert run("payouts", book=shared.path).returncode == 2


@pytest.mark.services
def test_a_writer_waits_so_long_and_is_told(shared: Book, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(postgres, "_TURN", "SELECT set_config('lock_timeout', '200ms', true)")
    other = open_book(shared.path)
    with catalog.writing(shared.engine) as connection:
        journal.append(connection, "anna", "match", "p1", {})
        with pytest.raises(CrossbookError, match="another writer has held the catalog") as error:
            other.decide("match", "p2", {}, "bo")
        said(error.value)
    other.decide("match", "p2", {}, "bo")
    assert [(e.seq, e.subject) for e in other.journal()] == [(1, "p1"), (2, "p2")]


@pytest.mark.services
def test_a_writer_that_hangs_loses_its_turn(shared: Book, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(postgres, "_TURN", "SELECT set_config('idle_in_transaction_session_timeout', '200ms', true)")
    with (
        pytest.raises(CrossbookError, match="connection to the database was lost; nothing was written") as error,
        catalog.writing(shared.engine) as connection,
    ):
        journal.append(connection, "bo", "match", "half", {})
        open_book(shared.path).decide("match", "p1", {}, "anna")  # waits until the server has ended the other one
        journal.append(connection, "bo", "match", "more", {})
    said(error.value)
    assert [e.subject for e in shared.journal()] == ["p1"]


@pytest.mark.services
def test_a_connection_lost_while_it_is_committed(server: Server, shared: Book) -> None:
    """Nobody can know then whether it was written, and that is what is said."""
    shared.decide("match", "p1", {}, "anna")
    server.sql(
        "CREATE FUNCTION crossbook.die() RETURNS trigger LANGUAGE plpgsql AS "
        "'BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); RETURN NULL; END';"
        "CREATE CONSTRAINT TRIGGER die AFTER INSERT ON crossbook.journal DEFERRABLE INITIALLY DEFERRED "
        "FOR EACH ROW EXECUTE FUNCTION crossbook.die()",
        database_of(shared),
    )
    with pytest.raises(CrossbookError, match="whether it was written is not known") as error:
        shared.decide("match", "p2", {}, "anna")
    said(error.value)
    assert [e.subject for e in shared.journal()] == ["p1"]


@pytest.mark.services
def test_a_server_that_was_restarted(server: Server, shared: Book) -> None:
    shared.decide("match", "p1", {}, "anna")
    server.control("stop", "-m", "immediate")  # as a crash: what was confirmed is in the log
    with pytest.raises(CrossbookError, match="the database server cannot be reached") as error:
        shared.journal()
    said(error.value)
    server.control("start")
    assert [e.subject for e in shared.journal()] == ["p1"]
    shared.decide("match", "p2", {}, "anna")


@pytest.fixture
def careless(server: Server) -> Iterator[None]:
    """The server with a setting by which a power cut loses what it confirmed."""
    server.sql("ALTER SYSTEM SET fsync = off")
    server.control("reload")
    yield
    server.sql("ALTER SYSTEM RESET fsync")
    server.control("reload")


@pytest.mark.services
def test_a_server_that_may_lose_what_it_confirmed(shared: Book, careless: None) -> None:
    book = open_book(shared.path)
    with pytest.raises(CrossbookError, match="its setting fsync is off") as error:
        book.decide("match", "p1", {}, "anna")
    said(error.value)
    assert book.journal() == []


@pytest.mark.services
def test_settings_that_would_break_the_promise_are_not_used(server: Server, shared: Book) -> None:
    name = database_of(shared)
    for setting in ("synchronous_commit = off", "default_transaction_isolation = serializable", "search_path = public"):
        server.sql(f"ALTER DATABASE {name} SET {setting}")
    book = open_book(shared.path)
    with catalog.writing(book.engine) as connection:
        held = [
            connection.exec_driver_sql(f"SHOW {name}").scalar()
            for name in ("synchronous_commit", "transaction_isolation", "search_path")
        ]
    assert held == ["on", "read committed", "crossbook"]


@pytest.mark.services
def test_a_database_that_takes_no_changes(server: Server, shared: Book) -> None:
    server.sql(f"ALTER DATABASE {database_of(shared)} SET default_transaction_read_only = on")
    book = open_book(shared.path)
    with pytest.raises(CrossbookError, match="the database takes no changes") as error:
        book.decide("match", "p1", {}, "anna")
    said(error.value)


@pytest.mark.services
def test_colleagues_with_rights_of_their_own(server: Server, shared: Book) -> None:
    """One may read, one may also decide and add files; neither may change the journal."""
    name = database_of(shared)
    for user in ("clerk", "preparer"):
        server.sql(
            f"DROP ROLE IF EXISTS {user}; CREATE ROLE {user} LOGIN PASSWORD 'hidden'; "
            f"GRANT USAGE ON SCHEMA crossbook TO {user}; GRANT SELECT ON ALL TABLES IN SCHEMA crossbook TO {user}",
            name,
        )
    server.sql(
        "GRANT INSERT ON crossbook.journal, crossbook.link, crossbook.evidence TO preparer;"
        "GRANT INSERT, DELETE ON crossbook.fact_file TO preparer",
        name,
    )
    config, was = shared.path / "book.toml", server.url(name)
    text = config.read_text()
    try:
        config.write_text(text.replace(was, server.url(name, user="clerk", password="hidden")))
        clerk = open_book(shared.path)
        assert clerk.journal() == []
        with pytest.raises(CrossbookError, match="does not allow this user") as error:
            clerk.decide("match", "p1", {}, "clerk")
        said(error.value)
        config.write_text(text.replace(was, server.url(name, user="preparer", password="hidden")))
        preparer = open_book(shared.path)
        preparer.decide("match", "p1", {}, "preparer")
        with pytest.raises(CrossbookError, match="does not allow this user"), catalog.writing(preparer.engine) as c:
            c.execute(catalog.journal.delete())
        assert len(preparer.journal()) == 1
        (item,) = inputs([GOLDEN / "amazon_settlement.txt"])
        assert add(preparer, item).status == "added" and check(preparer).sound
    finally:
        server.sql("DROP OWNED BY clerk, preparer; DROP ROLE clerk, preparer", name)


@pytest.mark.services
def test_a_text_that_the_database_cannot_keep(shared: Book) -> None:
    with pytest.raises(CrossbookError, match="takes only text"):
        shared.decide("match", "p\0", {}, "anna")
    row = {"seq": 1, "at": "", "who": "", "action": "", "subject": "p\0", "body": "{}", "prev": "", "hash": ""}
    with (
        pytest.raises(CrossbookError, match="a character that the database cannot keep") as error,
        catalog.writing(shared.engine) as connection,
    ):
        connection.execute(catalog.journal.insert().values(**row))
    said(error.value)
    with pytest.raises(CrossbookError, match="cannot be a user's name"):
        put_user(shared, "a\0", "reader", "four words are enough")
    assert shared.journal() == []


def everyday(book: Path) -> list[Any]:
    """What the commands of a day tell: the bank before and after decisions, payouts, the decisions, the check."""
    before = data("bank", book=book)
    pairs = [(*m["payouts"], *m["credits"]) for m in before["matches"]]
    payout, credit = next(pair for pair in pairs if len(pair) == 2)
    statement = next(e["name"] for e in open_book(book).evidence() if e["source"] == "camt")
    for words in (("undo", "match", payout, "--why", "另一笔"), ("decide", "file", statement, "--why", "twice")):
        assert run(*words, book=book).returncode == 0
    between = data("bank", book=book)
    assert between != before
    assert run("undo", "file", statement, "--why", "not twice", book=book).returncode == 0
    assert run("decide", "match", payout, credit, book=book).returncode == 0
    assert run("book", "rebuild", book=book).returncode == 0
    decided = [(e.seq, e.action, e.subject, e.body) for e in open_book(book).journal()]
    assert [d[:2] for d in decided] == [(1, "unmatch"), (2, "retire"), (3, "reinstate"), (4, "match")]
    checked = {name: told for name, told in data("book", "check", book=book).items() if name != "head"}  # has the time
    return [before, between, data("payouts", book=book), decided, checked]


ADDED = ("paypal-settlement-2025", "bank-usd-2025", "招行流水-2025", "海桥打款", "海桥订单-2025", "人民币中间价")


@pytest.mark.services
@pytest.mark.slow
def test_the_everyday_path(server: Server, tmp_path: Path) -> None:
    """The same files and decisions give the same figures, whichever the catalog."""
    inbox = make(tmp_path / "sample", orders=600).inbox
    files = sorted(p for p in inbox.rglob("*") if p.name.startswith(ADDED))
    told = []
    for name, words in (("own", ()), ("shared", ("--catalog", server.url(server.database())))):
        book = tmp_path / name
        assert run("init", book, "--name", "样本公司", *words).returncode == 0
        settings_for(open_book(book))
        added = data("add", *files, book=book)
        assert len(added["added"]) > 30 and not added["errors"]
        told.append([[(a["name"], a["status"], a["facts"]) for a in added["added"]], *everyday(book)])
    assert told[0] == told[1]
    assert not list((tmp_path / "shared").glob("catalog.sqlite*"))

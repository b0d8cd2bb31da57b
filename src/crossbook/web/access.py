"""Who may do what: a one-time link on one's own machine, accounts with roles beyond it; sessions and their tokens."""

from __future__ import annotations

import hashlib
import hmac
import secrets
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from crossbook.book import Book
from crossbook.book.accounts import ROLES, check_password, users
from crossbook.book.book import system_user
from crossbook.errors import CrossbookError
from crossbook.printable import is_text

LASTS = 12 * 3600  # seconds without a request after which a session ends
MOST_SESSIONS = 10_000
MOST_FAILURES = 5  # of one name, before it must wait
WAIT = 60.0


def same_token(told: str, ours: str) -> bool:
    """Whether a token that somebody sent, which may be no text, is ours; compared in a time that does not tell."""
    return is_text(told) and hmac.compare_digest(told.encode(), ours.encode())


@dataclass
class Session:
    """Someone at work: name, role, and the token that forms must carry."""

    user: str
    role: str
    since: str = ""  # when the account's password was set; another one ends the session
    csrf: str = field(default_factory=lambda: secrets.token_urlsafe(32))
    seen: float = field(default_factory=time.monotonic)

    def may(self, role: str) -> bool:
        """Whether this session's role is `role` or above it."""
        return ROLES.index(self.role) >= ROLES.index(role)


class Access:
    """The sessions of one server. With `accounts`, those of a book, people log in by name; else by the one-time
    link."""

    def __init__(
        self, book: Book | None, *, accounts: bool, announce: Callable[[str], None] = lambda token: None
    ) -> None:
        self.book, self.accounts = book, accounts and book is not None
        self._announce = announce  # tells a new one-time token to whoever sits at the server
        self._sessions: dict[str, Session] = {}
        self._failures: dict[str, list[float]] = {}
        self._lock = threading.Lock()
        self._token = secrets.token_urlsafe(32)

    @property
    def token(self) -> str:
        """The one-time token that opens the next session."""
        return self._token

    def by_token(self, token: str) -> str | None:
        """A session's key for a one-time token, which is spent with it; None when it is not right."""
        with self._lock:
            if self.accounts or not same_token(token, self._token):
                return None
            self._token = secrets.token_urlsafe(32)
        self._announce(self._token)
        return self._open(Session(system_user(), ROLES[-1]))

    def by_password(self, name: str, password: str) -> str | None:
        """A session's key for a name and its password; None when they do not fit. Raises CrossbookError after many."""
        if not is_text(name) or not is_text(password):
            return None
        now = time.monotonic()
        with self._lock:
            recent = [t for t in self._failures.get(name, []) if now - t < WAIT]
            if len(recent) >= MOST_FAILURES:
                raise CrossbookError("too many attempts", todo="wait a minute and try again")
            self._failures[name] = [*recent, now]  # counted before it is looked at: attempts at one moment count too
            if len(self._failures) > MOST_SESSIONS:
                self._failures = {n: t for n, t in self._failures.items() if now - t[-1] < WAIT}
        user = check_password(self.book, name, password) if self.book and self.accounts else None
        if user is None:
            return None
        with self._lock:
            self._failures.pop(name, None)
        return self._open(Session(user.name, user.role, user.added_at))

    def session(self, key: str | None) -> Session | None:
        """The session that a cookie's key opens, if it has not ended."""
        if not key:
            return None
        now = time.monotonic()
        with self._lock:
            session = self._sessions.get(_hash(key))
            if session is None or now - session.seen > LASTS:
                return None
            session.seen = now
        if self.book and self.accounts:
            user = next((u for u in users(self.book) if u.name == session.user), None)
            if user is None or user.added_at != session.since:
                self.close(key)
                return None
            session.role = user.role
        return session

    def role_of(self, key: str) -> str:
        """The role of the session that a cookie's key opens, as it was when it was last looked up; empty of none.
        It costs nothing: for limits, never to let somebody do something."""
        with self._lock:
            session = self._sessions.get(_hash(key)) if key else None
            return session.role if session and time.monotonic() - session.seen <= LASTS else ""

    def close(self, key: str) -> None:
        """End a session."""
        with self._lock:
            self._sessions.pop(_hash(key), None)

    def _open(self, session: Session) -> str:
        key = secrets.token_urlsafe(32)
        with self._lock:
            if len(self._sessions) >= MOST_SESSIONS:
                oldest = min(self._sessions, key=lambda k: self._sessions[k].seen)
                del self._sessions[oldest]
            self._sessions[_hash(key)] = session
        return key


def _hash(key: str) -> str:
    return hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()

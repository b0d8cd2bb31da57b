"""A book's pages under an address of the fleet: links, forms and redirects lead to that address instead of to `/`."""

from __future__ import annotations

import re
from collections.abc import Callable, MutableMapping
from typing import Any
from urllib.parse import quote

App = Callable[..., Any]
OURS = ("static/", "settings", "logout", "login", "books/", "book/")  # of the fleet's server: they stay as they are
# An attribute of a tag: a quote in a text, or in another attribute's value, is written &#34; by the templates.
_LINK = re.compile(
    rb' (href|src|action|formaction|hx-get|hx-post|hx-push-url)="/(?!/|' + "|".join(OURS).encode() + rb")"
)
_NEXT = re.compile(rb' name="next" value="/')  # where the settings lead back to


def moved(page: bytes, prefix: str) -> bytes:
    """A page of a book with its own links under `prefix`.

    >>> moved(b'<a href="/payouts">x</a> <link href="/static/style.css">', "/book/a")
    b'<a href="/book/a/payouts">x</a> <link href="/static/style.css">'
    """
    there = prefix.encode() + b"/"
    page = _LINK.sub(lambda m: b" " + m[1] + b'="' + there, page)
    return _NEXT.sub(lambda m: m[0][:-1] + there, page)


class Under:
    """Wraps the app of a book that is served under `path`: it sees its own addresses, readers see the fleet's."""

    def __init__(self, app: App, path: str) -> None:
        self.app, self.path, self.prefix = app, path, quote(path)

    async def __call__(self, scope: MutableMapping[str, Any], receive: App, send: App) -> None:
        path = scope["path"].removeprefix(self.path) or "/"
        kept = ("type", "asgi", "http_version", "method", "scheme", "query_string", "headers", "client", "server")
        inside = {name: scope[name] for name in kept if name in scope}
        inside |= {
            "path": path,
            "raw_path": quote(path).encode(),
            "root_path": "",
            "state": dict(scope.get("state", {})),
        }
        await self.app(inside, receive, _Sent(send, self.prefix))


class _Sent:
    """Sends on what a book's app answers; a page waits until it is whole."""

    def __init__(self, send: App, prefix: str) -> None:
        self.send, self.prefix = send, prefix
        self._start: MutableMapping[str, Any] | None = None
        self._parts: list[bytes] = []

    async def __call__(self, message: MutableMapping[str, Any]) -> None:
        if message["type"] == "http.response.start":
            headers = [(n, self._there(v) if n == b"location" else v) for n, v in message.get("headers", [])]
            message = {**message, "headers": headers}
            if dict(headers).get(b"content-type", b"").startswith(b"text/html"):
                self._start = message
                return
        elif self._start is not None:
            self._parts.append(bytes(message.get("body", b"")))
            if message.get("more_body"):
                return
            body = moved(b"".join(self._parts), self.prefix)
            length = (b"content-length", str(len(body)).encode())
            headers = [(n, v) for n, v in self._start["headers"] if n != b"content-length"]
            await self.send({**self._start, "headers": [*headers, length]})
            message = {**message, "body": body}
        await self.send(message)

    def _there(self, location: bytes) -> bytes:
        path = location.decode("latin-1")
        ours = path.startswith(tuple(f"/{name}" for name in OURS))
        return location if ours or not path.startswith("/") else self.prefix.encode() + location

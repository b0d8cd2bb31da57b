"""What stands before every page, as plain ASGI: known hosts, a limit on what is sent, headers, the language."""

from __future__ import annotations

from collections.abc import Callable, MutableMapping
from typing import Any

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import cookie_parser
from starlette.responses import PlainTextResponse

from crossbook.i18n import LANGUAGES, choose, language

Scope = MutableMapping[str, Any]
App = Callable[..., Any]

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


class Guard:
    """Wraps the app. `hosts` are the names it answers to (None: any); `limit` is the most bytes of one request."""

    def __init__(self, app: App, *, hosts: frozenset[str] | None, limit: int) -> None:
        self.app, self.hosts, self.limit = app, hosts, limit

    async def __call__(self, scope: Scope, receive: App, send: App) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        send = _with_headers(scope, send)
        if self.hosts is not None and _host(headers.get("host", "")) not in self.hosts:
            # a page elsewhere may have pointed its own name at this machine
            await PlainTextResponse("This server does not answer to that name.", 421)(scope, receive, send)
            return
        length = headers.get("content-length", "0")
        if not length.isdigit() or int(length) > self.limit:
            await PlainTextResponse(f"More than {self.limit} bytes in one request.", 413)(scope, receive, send)
            return
        chosen = cookie_parser(headers.get("cookie", "")).get("lang") or _preferred(headers.get("accept-language", ""))
        choose(chosen if chosen in LANGUAGES else None)
        scope.setdefault("state", {})["lang"] = language()
        await self.app(scope, _limited(receive, self.limit), send)


def _host(value: str) -> str:
    if value.startswith("["):
        return value.split("]")[0].lstrip("[").lower()
    return value.rsplit(":", 1)[0].lower()


def _preferred(accepted: str) -> str | None:
    first = accepted.split(",")[0].strip().lower()
    return next((name for name in LANGUAGES if first.startswith(name)), None)


def _limited(receive: App, limit: int) -> App:
    seen = 0

    async def limited() -> Any:
        nonlocal seen
        message = await receive()
        seen += len(message.get("body", b""))
        if seen > limit:
            return {"type": "http.disconnect"}  # sent in pieces without a length: cut off
        return message

    return limited


def _with_headers(scope: Scope, send: App) -> App:
    async def wrapped(message: MutableMapping[str, Any]) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in HEADERS.items():
                headers.setdefault(name, value)
            # figures are private: no copy stays in a cache. What has its version in its address may stay for good
            versioned = scope["path"].startswith("/static/") and b"v=" in scope.get("query_string", b"")
            headers.setdefault("Cache-Control", "public, max-age=31536000, immutable" if versioned else "no-store")
            if scope.get("scheme") == "https":
                headers.setdefault("Strict-Transport-Security", "max-age=31536000")
        await send(message)

    return wrapped

"""Serving the first pages while the others are still to be imported: who asks for one of those waits for all."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Collection
from typing import Any

App = Callable[..., Any]


class Once:
    """Runs something the first time that it is called, from whichever thread; whoever calls it meanwhile waits."""

    def __init__(self, load: Callable[[], None]) -> None:
        self.done = False
        self._load, self._lock = load, threading.Lock()

    def __call__(self) -> None:
        with self._lock:
            if not self.done:
                self._load()
                self.done = True


class Later:
    """Wraps the app. Requests for `first` paths, and for what lies under `/static/`, are served at once.

    `rest` adds all the rest: with the first request that needs it, or behind the first page that was served.
    """

    def __init__(self, app: App, *, rest: Once, first: Collection[str]) -> None:
        self.app, self.rest, self.first = app, rest, frozenset(first)

    async def __call__(self, scope: Any, receive: App, send: App) -> None:
        if self.rest.done or scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        if scope["path"] not in self.first and not scope["path"].startswith("/static/"):
            await asyncio.to_thread(self.rest)
        await self.app(scope, receive, send)
        if scope["path"] == "/":  # the first page is there: now the rest
            threading.Thread(target=self.rest, daemon=True).start()

"""Serving the first pages while the others are still to be imported: who asks for one of those waits for all."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Collection
from typing import Any

App = Callable[..., Any]


class Later:
    """Wraps the app. Requests for `first` paths, and for what lies under `/static/`, are served at once.

    `load` adds all the rest; it runs in a thread, once: with the first request that needs it, or behind the first that
    was served.
    """

    def __init__(self, app: App, *, load: Callable[[], None], first: Collection[str]) -> None:
        self.app, self.first = app, frozenset(first)
        self._load, self._lock, self._loaded = load, threading.Lock(), False

    async def __call__(self, scope: Any, receive: App, send: App) -> None:
        if self._loaded or scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        at_once = scope["path"] in self.first or scope["path"].startswith("/static/")
        if not at_once:
            await asyncio.to_thread(self._once)
        await self.app(scope, receive, send)
        if scope["path"] == "/":  # the first page is there: now the rest
            threading.Thread(target=self._once, daemon=True).start()

    def _once(self) -> None:
        with self._lock:
            if not self._loaded:
                self._load()
                self._loaded = True

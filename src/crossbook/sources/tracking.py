"""What the sources of tracking events share: telling JSON by its keys, and the event that a tracker's code means."""

from __future__ import annotations

from collections.abc import Mapping

from crossbook.sources.source import Head, Recognition


def recognise(head: Head, *keys: str) -> Recognition:
    """Sure of JSON whose start has all these keys."""
    if not head.text.lstrip("\ufeff \r\n\t").startswith(("{", "[")):
        return Recognition(0.0, "not JSON")
    missing = [key for key in keys if f'"{key}"' not in head.text]
    if missing:
        return Recognition(0.0, f"no {' and '.join(missing)}")
    return Recognition(0.97, f"parcels with {' and '.join(keys)}")


def event(code: str, table: Mapping[str, str]) -> str:
    """The event of a code such as InTransit_002, else of what stands before its underscore; not known: exception."""
    return table.get(code) or table.get(code.partition("_")[0], "exception")

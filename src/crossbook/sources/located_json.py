"""JSON in which every object knows the line that it begins on."""

from __future__ import annotations

import json
from bisect import bisect_right
from itertools import accumulate
from json import decoder, scanner
from pathlib import Path
from typing import Any

from crossbook.errors import CrossbookError

LINE = "__line__"  # the key under which an object keeps its line, from 1


def read(path: Path, name: str) -> Any:
    """What the file holds. Raises CrossbookError, with the line, for text that is not JSON or not UTF-8."""
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise CrossbookError(f"not UTF-8 text: {error.reason}", where=name, todo="export it again") from None
    try:
        return parse(text)
    except json.JSONDecodeError as error:
        raise CrossbookError(
            "not well-formed JSON", where=f"{name}:{error.lineno}:{error.colno}", todo="download it again"
        ) from None
    except RecursionError:
        raise CrossbookError("JSON nested too deeply", where=name) from None
    except ValueError:  # of Python's limit, which JSON has none of
        raise CrossbookError("a number of absurdly many digits", where=name, todo="download it again") from None


def texts(value: Any, *path: str) -> str:
    """The text or number at a path of keys, as trimmed text; empty where there is none."""
    for key in path:
        value = value.get(key) if isinstance(value, dict) else None
    return str(value).strip() if isinstance(value, (str, int, float)) and not isinstance(value, bool) else ""


def objects(value: Any, *path: str) -> list[dict[str, Any]]:
    """The objects in the list at a path of keys; empty where there is none."""
    for key in path:
        value = value.get(key) if isinstance(value, dict) else None
    return [v for v in value if isinstance(v, dict)] if isinstance(value, list) else []


def parse(text: str) -> Any:
    """What a text holds. Raises json.JSONDecodeError or RecursionError."""
    ends = list(accumulate(len(line) + 1 for line in text.split("\n")))
    objects = json.JSONDecoder()

    def located(start: tuple[str, int], *rest: Any) -> tuple[Any, int]:
        found, end = decoder.JSONObject(start, *rest)  # type: ignore[attr-defined]
        found[LINE] = bisect_right(ends, start[1] - 1) + 1
        return found, end

    objects.parse_object = located  # type: ignore[attr-defined]
    objects.scan_once = scanner.py_make_scanner(objects)  # type: ignore[attr-defined]
    return objects.decode(text)

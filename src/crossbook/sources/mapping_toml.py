"""A mapping as text: TOML that people can read and correct."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

REMARKS = {"date_order": "ymd, mdy or dmy"}


def as_toml(spec: Mapping[str, Any], remarks: Mapping[str, str] | None = None) -> str:
    """The text of a mapping; `remarks` stand behind the settings that they are on."""
    told = {**REMARKS, **(remarks or {})}
    lines, tables = [], []
    for key, value in spec.items():
        if isinstance(value, Mapping):
            tables += ["", f"[{_key(key)}]", *(f"{_key(k)} = {_value(v)}" for k, v in value.items())]
        elif value is not None and value != "":
            remark = f"      # {told[key]}" if key in told else ""
            lines.append(f"{_key(key)} = {_value(value)}{remark}")
    return "\n".join([*lines, *tables]) + "\n"


def with_setting(text: str, setting: Mapping[str, Any]) -> str:
    """The text of a mapping with one more setting, before its tables."""
    head, mark, rest = text.partition("\n[")
    return head.rstrip("\n") + "\n" + as_toml(setting) + ("\n[" + rest if mark else "")


def _value(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(_value(v) for v in value) + "]"
    return f'"{_quoted(str(value))}"'


def _key(column: str) -> str:
    return column if column.isidentifier() and column.isascii() else f'"{_quoted(column)}"'


def _quoted(text: str) -> str:
    printable = "".join(c if c.isprintable() else " " for c in text)
    return printable.replace("\\", "\\\\").replace('"', '\\"')

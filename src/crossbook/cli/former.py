"""What commands were called at the top before they were grouped: scripts that call them so go on, and are told."""

from __future__ import annotations

NOW = {
    "check": "book check",
    "rebuild": "book rebuild",
    "retire": "book retire",
    "user": "book user",
    "verify": "trade verify",
    "papers": "trade papers",
    "identify": "trade identify",
    "screen": "marks screen",
    "brand": "marks",
    "broker": "customs broker",
    "takedown": "cases takedown",
    "landed": "duty landed",
    "advantage": "duty advantage",
    "refunds": "duty refunds",
}
_BACK = "--undo"  # of `retire`


def words(given: list[str]) -> tuple[list[str], str]:
    """The words of a command as it is called today, and what of them is another name now ("" where nothing is)."""
    now = NOW.get(given[0], "") if given else ""
    if not now:
        return given, ""
    rest = given[1:]
    if given[0] == "retire" and _BACK in rest:
        now, rest = "undo file", [word for word in rest if word != _BACK]
    return [*now.split(), *rest], now

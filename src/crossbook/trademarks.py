"""Whether a trademark lives, by the status that its office gives it."""

from __future__ import annotations

# The USPTO's status codes of cases that are over: abandoned (6xx), cancelled (7xx) and expired (9xx). Read in public
# programs that sort the office's case files by them (July 2026); other codes up to 899 are of live cases.
US_DEAD = frozenset([*range(400, 418), *range(600, 610), 612, 614, 618, 622, 626, *range(710, 715), 716, 900, 969, 970])
_LIVE_WORDS = (
    "registered",
    "live",
    "active",
    "pending",
    "filed",
    "published",
    "application",
    "examin",
    "opposition",
    "protected",
    "accepted",
    "注册",
    "有效",
    "申请",
    "初审",
    "公告",
    "审查",
    "等待",
)
_DEAD_WORDS = (
    "dead",
    "expired",
    "cancel",
    "abandon",
    "refused",
    "withdrawn",
    "invalid",
    "surrender",
    "ended",
    "removed",
    "lapsed",
    "revoked",
    "terminated",
    "无效",
    "失效",
    "撤销",
    "驳回",
    "注销",
    "撤回",
    "宣告",
)


def us_live(code: str) -> str:
    """Whether a case with this USPTO status code is live, dead, or unknown."""
    if not code.isdigit():
        return "unknown"
    number = int(code)
    if number in US_DEAD or (number >= 900 and number != 973):
        return "dead"
    return "live" if number else "unknown"


def live_by_words(status: str) -> str:
    """The same by the words of an office that writes its status out (English, Chinese)."""
    told = status.casefold()
    if any(w in told for w in _DEAD_WORDS):
        return "dead"
    return "live" if any(w in told for w in _LIVE_WORDS) else "unknown"


def classes(text: str) -> str:
    """Nice classes as "9 18 25", of any text that has them ("009; 018", "9,18", "第25类"). Raises ValueError."""
    import re

    found = sorted({int(n) for n in re.findall(r"\d+", text)})
    wrong = [n for n in found if not 1 <= n <= 45 and n not in (200, 0)]  # 200: US collective membership, A and B: 000
    if wrong or (text.strip() and not found):
        raise ValueError("no Nice class (1 to 45)")
    return " ".join(str(n) for n in found if 1 <= n <= 45)

"""The journal as sentences: every action has one, in both languages; what is taken back does not stand."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from crossbook import i18n
from crossbook.book import Book, layout
from crossbook.book import journal as entries
from crossbook.cases.case import (
    ABOUT,
    CHANGED,
    CLOSED,
    KEPT,
    NOT_ABOUT,
    NOT_HAPPENED,
    NOT_KEPT,
    OPENED,
    REOPENED,
    WITHDRAWN,
)
from crossbook.cases.takedown import NEW, NOT_COME, NOT_TAKEN, STEP
from crossbook.decisions import kinds
from crossbook.decisions.telling import ACTS, journal, of_kind
from crossbook.exchange import letters, store
from crossbook.watch import outside

ENTRIES = {
    "match": (
        "P1",
        {"payouts": ["P1"], "credits": ["ab:3"], "why": "", "difference": 0},
        "P1 arrived as ab:3",
        "以 ab:3 到账",
    ),
    "unmatch": ("P1", {"payouts": ["P1"], "credits": ["ab:3"]}, "P1 did not arrive as ab:3", "并非以 ab:3 到账"),
    "same or two": (
        "ab12:3",
        {
            "second": "cd34:7",
            "answer": "same",
            "amount": 6050,
            "currency": "USD",
            "booked_on": "2026-01-05",
            "files": ["a.sta", "b.xml"],
            "why": "the bank says so",
        },
        "60.50 USD on 2026-01-05 in a.sta and in b.xml is counted once",
        "只计一次",
    ),
    "same or two unsaid": (
        "ab12:3",
        {"second": "cd34:7"},
        "whether ab12:3 and cd34:7 are one entry is left to the files again",
        "恢复由文件内容判断",
    ),
    "accept": (
        "P2",
        {"missing": ["A"], "added": ["B", "C"], "probability": 0.25, "rivals": 4, "why": "mail"},
        "explanation of P2 accepted, odds 25.00%: without A; with B, C",
        "不含 A；另含 B, C",
    ),
    "unaccept": ("P2", {}, "the explanation of P2 is taken back", "撤销对 P2"),
    "set aside": (
        "O1",
        {"rule": "payer_country", "why": "she moved"},
        "payer_country is set aside for O1",
        "O1 排除规则 payer_country",
    ),
    "take up again": (
        "O1",
        {"rule": "payer_country"},
        "payer_country counts again for O1",
        "O1 恢复适用规则 payer_country",
    ),
    "state fact": (
        "P1",
        {"fact": "count", "value": 14, "currency": "USD", "why": "mail"},
        "stated of P1: 14 orders",
        "P1 补充信息",
    ),
    "withdraw fact": ("P1", {"fact": "count"}, "the count of P1 is withdrawn", "已撤回"),
    "dismiss hit": ("L1", {"mark": "valkore", "why": "ours"}, "the hit on valkore is set aside for L1", "命中已排除"),
    "reopen hit": ("L1", {"mark": "valkore"}, "the hit on valkore counts again for L1", "命中重新计入"),
    "retire": ("ab12", {"name": "x.csv", "why": "draft"}, "x.csv is no longer used", "x.csv 已停用"),
    "reinstate": ("ab12", {"name": "x.csv", "why": ""}, "x.csv is in use again", "x.csv 已恢复使用"),
    "tax filed": (
        "ioss 2026-05",
        {"kind": "ioss", "period": "2026-05", "on": "2026-06-02", "amount": 123456, "currency": "EUR"},
        "return ioss 2026-05 was filed on 2026-06-02: 1,234.56 EUR",
        "已于 2026-06-02 申报：1,234.56 EUR",
    ),
    "tax not filed": (
        "ioss 2026-05",
        {"kind": "ioss", "period": "2026-05"},
        "return ioss 2026-05 is not filed",
        "未申报",
    ),
    "customs message": (
        "guid",
        {"number": "603", "file": "CEB603.xml", "documents": [["a", "b"], ["c", "d"]]},
        "message CEB603 written with 2 documents: CEB603.xml",
        "含 2 份单证",
    ),
    "customs go": ("G1", {}, "message G1 may go to customs", "可以发送"),
    "customs withdrawn": ("G1", {}, "message G1 is not to go to customs", "不发送"),
    "customs posted": (
        "G1",
        {"number": "603", "file": "CEB603.xml", "folder": "/box/out"},
        "message G1 was laid out for customs: CEB603.xml",
        "已放入",
    ),
    OPENED: ("c1", {"procedure": "us_suit"}, "case c1 is open: us_suit", "案件 c1 已建立"),
    CHANGED: (
        "c1",
        {"happened": {"served": "2026-01-26"}, "accounts": ["amazon"]},
        "case c1: served 2026-01-26, amazon",
        "案件 c1：",
    ),
    CLOSED: ("c1", {"why": "settled"}, "case c1 is closed", "案件 c1 已结案"),
    NEW: (
        "n1",
        {"on": "2026-02-01", "listing": "B0X", "complainant": "Owner"},
        "notice n1 came on 2026-02-01: Owner on B0X",
        "收到通知 n1",
    ),
    STEP: (
        "n1",
        {"step": "seller_told", "on": "2026-02-02", "note": ""},
        "notice n1: seller_told on 2026-02-02",
        "通知 n1",
    ),
    WITHDRAWN: ("c1", {}, "case c1 is gone: it was opened in error", "案件 c1 已撤销：误建"),
    NOT_HAPPENED: ("c1", {"event": "served"}, "served did not happen in case c1", "案件 c1 中 served 并未发生"),
    ABOUT: ("c1", {"skus": ["S1", "S2"], "right": "patent"}, "case c1: patent, S1 S2", "案件 c1：patent"),
    NOT_ABOUT: ("c1", {}, "case c1 says again what it said before", "案件 c1 恢复此前的内容"),
    KEPT: (
        "c1",
        {"limit": "answer", "on": "2026-02-16"},
        "case c1: answer was kept on 2026-02-16",
        "已于 2026-02-16 履行",
    ),
    NOT_KEPT: ("c1", {"limit": "answer"}, "case c1: answer was not kept", "answer 未履行"),
    REOPENED: ("c1", {}, "case c1 is open again", "案件 c1 重新立案"),
    NOT_COME: ("n1", {}, "notice n1 is gone: it was journalled in error", "通知 n1 已撤销：误记"),
    NOT_TAKEN: (
        "n1",
        {"step": "seller_told", "on": "2026-02-02"},
        "notice n1: seller_told on 2026-02-02 was journalled in error",
        "属误记",
    ),
    "unmap": ("house", {}, "no table is read by the mapping house any more", "不再有表格按映射 house 读取"),
    "approve": ("P1", {"entry": 7, "hash": ""}, "entry 7 is approved", "7"),
    "unapprove": ("P1", {"entry": 7}, "entry 7 is not approved any more", "7"),
    "user": ("li", {"role": "preparer", "new": True}, "li may log in as preparer", "li 可登录，角色为经办"),
    "add": ("ab12", {"name": "x.csv", "source": "camt"}, "x.csv was added", "x.csv 已添加"),
    "recover": (
        "snapshot 3",
        {"snapshot": 3, "made_at": "2026-03-01"},
        "the book was recovered from snapshot 3 of 2026-03-01",
        "账簿由快照 3（2026-03-01）恢复",
    ),
    "repair": (
        "quarantine/1",
        {"moved": 3, "folder": "quarantine/1"},
        "the book was repaired: 3 files that the catalog did not name were moved away",
        "账簿已修复：移走了目录未登记的 3 个文件",
    ),
    "compact": (
        "facts",
        {"files": 40, "into": 2},
        "40 files of facts were merged into 2",
        "40 个事实文件已合并为 2 个",
    ),
    "upgrade": ("layout 2", {"before": 1}, "the book was brought over from layout 1", "账簿由格式 1 升级而来"),
    "watch intake": (
        "watch",
        {"on": "2026-03-20", "cases": {}, "new": 3, "grown": 1},
        "3 cases are taken in; 1 have new alerts",
        "已纳入 3 个案例",
    ),
    "watch intake back": (
        "watch",
        {"new": 3},
        "3 cases are not taken in any more: their limits of days run anew",
        "3 个案例不再视为已纳入",
    ),
    "watch outcome": ("w1", {"outcome": "escalated"}, "watch case w1 is escalated", "监测案例 w1：已上报主管"),
    "watch outcome back": (
        "w1",
        {"outcome": "escalated", "again": "open"},
        "watch case w1 is not escalated: it is open again",
        "监测案例 w1 不再是已上报主管：恢复为进行中",
    ),
    "watch remark": ("w1", {"text": "called"}, "a note is kept on watch case w1", "监测案例 w1 已记录备注"),
    "watch remark back": ("w1", {}, "the last note on watch case w1 does not hold any more", "最后一条备注不再有效"),
    "watch narrative": (
        "w1",
        {"language": "en", "text": "As told."},
        "the narrative of watch case w1 (en) is as it was edited",
        "监测案例 w1 的叙述（en）以编辑稿为准",
    ),
    "watch narrative back": (
        "w1",
        {"language": "en"},
        "the narrative of watch case w1 (en) is the draft again",
        "监测案例 w1 的叙述（en）恢复为草稿",
    ),
    "watch figure": (
        "fan_in",
        {"figure": "days", "value": 9, "before": 7},
        "figure days of rule fan_in is 9",
        "规则 fan_in 的参数 days 为 9",
    ),
    "watch figure back": (
        "fan_in",
        {"figure": "days", "value": 7},
        "figure days of rule fan_in is 7 again",
        "规则 fan_in 的参数 days 恢复为 7",
    ),
    "exchange": (
        "0a1b",
        {"number": 3, "to": "US desk", "transfers": 5, "of": 900},
        "message 3 of session 0a1b went to US desk: so far it was told of 5 of 900 transfers",
        "会话 0a1b 的第 3 条消息已发给 US desk：至今共披露 900 笔中的 5 笔",
    ),
    "exchange letter": (
        "0a1b",
        {"number": 2, "to": "US desk", "what": "31 characters about case 0a1b-3"},
        "letter 2 went to US desk: 31 characters about case 0a1b-3",
        "第 2 封函件已发给 US desk：关于案卷 0a1b-3 的 31 个字符",
    ),
    "exchange letter taken": (
        "0a1b",
        {"number": 4, "from": "US desk", "part": "case attach", "refused": "an empty document"},
        "letter 4 of US desk was taken: case attach; not accepted: an empty document",
        "已收到 US desk 的第 4 封函件：案卷文件；未接受：空文件",
    ),
    "watch outside": (
        "flag-0a1b2c3d",
        {"other": "US desk"},
        "US desk told of a party: flag-0a1b2c3d",
        "US desk 告知某主体的风险标记：flag-0a1b2c3d",
    ),
    "watch outside back": (
        "flag-0a1b2c3d",
        {"other": "US desk"},
        "US desk withdrew what it told of a party: flag-0a1b2c3d",
        "US desk 撤回了就某主体所告知的内容：flag-0a1b2c3d",
    ),
    "map": ("x.csv", {"mapping": ""}, "the columns of x.csv were mapped", "列映射"),
}


@pytest.fixture(autouse=True)
def english_again() -> Iterator[None]:
    yield
    i18n.choose("en")


def test_every_action_that_is_journalled_has_a_sentence() -> None:
    source = Path(i18n.__file__).parent
    written = {
        a for p in source.rglob("*.py") for a in re.findall(r'\.decide\(\s*"([^"]+)"', p.read_text(encoding="utf-8"))
    }
    keeping = {
        entries.RECOVERED,
        entries.REPAIRED,
        entries.COMPACTED,
        layout.ACTION,
        store.ACTION,
        letters.SENT,
        letters.HEARD,
        outside.OUTSIDE,
        outside.OUTSIDE_BACK,
    }  # in a transaction of their own, or named by a constant
    assert written | keeping >= set(ACTS)
    known = set(ACTS) | {a for k in kinds().values() for a in (k.done, k.undone) if a}
    assert written <= known
    assert set(ENTRIES) == known


@pytest.mark.parametrize("action", ENTRIES)
def test_sentences_in_both_languages(book: Book, action: str) -> None:
    subject, body, english, chinese = ENTRIES[action]
    book.decide(action, subject, body, "li")
    (told,) = journal(book)
    assert (told.text, told.who, told.kind in of_kind(), told.why) == (english, "li", True, body.get("why", ""))
    i18n.choose("zh")
    assert chinese in i18n.translated(told.text)


def test_keys_of_accounts(book: Book) -> None:
    """The fingerprint is what `ssh-keygen -l` says of the key."""
    for key in ("qEGdX7Geal0PpTQRcm7DhpvMwd6Wu3xPfmgU+MG9zJo=", ""):
        book.decide("user", "li", {"key": key}, "root")
    given = "li may decide with the key SHA256:jFK8RLIV1JmennuqtivMKtO/47hNMfPlXd1Afg2r1SY"
    assert [told.text for told in journal(book)] == ["li has no key any more", given]
    i18n.choose("zh")
    assert [i18n.translated(told.text)[:9] for told in journal(book)] == ["li 已无密钥", "li 可用密钥 S"]


def test_what_is_taken_back_does_not_stand_and_what_is_decided_anew_does(book: Book) -> None:
    for action, rule in (("set aside", "a"), ("set aside", "b"), ("take up again", "a"), ("set aside", "a")):
        book.decide(action, "O1", {"rule": rule, "why": "seen"})
    book.decide("retire", "sha", {"name": "x.csv", "why": ""})
    assert [d.standing for d in reversed(journal(book, "finding"))] == [False, True, True, True]
    assert [d.kind for d in journal(book)] == ["file", "finding", "finding", "finding", "finding"]
    book.decide("of a newer version", "S", {})
    assert journal(book)[0].text == "of a newer version: S" and journal(book)[0].kind == ""


def test_what_is_within_a_case_or_a_notice_goes_with_it(book: Book) -> None:
    """One of the same name that is opened later starts with nothing."""
    for of in ("c1", "c2"):
        book.decide(OPENED, of, {"procedure": "us_suit"})
        book.decide(CHANGED, of, {"happened": {"served": "2026-01-26"}})
        book.decide(KEPT, of, {"limit": "answer", "on": "2026-02-16"})
    book.decide(WITHDRAWN, "c1", {})
    book.decide(OPENED, "c1", {"procedure": "us_suit"})
    book.decide(NEW, "n1", {"on": "2026-02-01", "listing": "B0X", "complainant": "Owner"})
    book.decide(STEP, "n1", {"step": "seller_told", "on": "2026-02-02", "note": ""})
    book.decide(NOT_COME, "n1", {})
    assert [t.seq for t in reversed(journal(book)) if not t.standing] == [1, 2, 3, 9, 10]
    assert [t.seq for t in reversed(journal(book)) if t.undoable] == [4, 5, 6, 8]

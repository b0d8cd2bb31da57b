"""English and Chinese: chosen by option or environment; every text shown has a Chinese one; errors are translated."""

from __future__ import annotations

import ast
import csv
import re
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path

import pytest

from crossbook import ceb, i18n
from crossbook import errors as our_errors
from crossbook.book.accounts import ROLES
from crossbook.brand.desk import NOTE as BRAND_NOTE
from crossbook.brand.matching import KINDS as BRAND_KINDS
from crossbook.brand.plan import fee_rows
from crossbook.brand.risk import LEVELS, WHY
from crossbook.cases.case import RIGHTS
from crossbook.cases.exposure import NOTE as CASE_NOTE
from crossbook.cases.exposure import NOTE_IF, Quotes, weigh
from crossbook.cases.procedure import names, procedure
from crossbook.cases.takedown import STEPS as STEPS_OF_NOTICES
from crossbook.cli.cases.procedure import NO_ADVICE
from crossbook.decisions import kinds as decisions
from crossbook.exchange.reading import TOLD
from crossbook.exchange.talk import PHASES
from crossbook.facts import KINDS
from crossbook.facts.settlement import LINE_KINDS
from crossbook.filing.customs.sending import STATES
from crossbook.fleet.rules import rules as crossing
from crossbook.settle.desk import ARRIVALS
from crossbook.settle.no_order import KINDS as BESIDE
from crossbook.settle.position import PLACES
from crossbook.settle.unplaced import WHAT as UNPLACED
from crossbook.sources.brands import BASIS, PAPERS
from crossbook.sources.registry import formats
from crossbook.tax.period import RETURNS, TITLES
from crossbook.tax.thresholds import thresholds
from crossbook.verify.audience import AUDIENCES, requirements
from crossbook.verify.rule import VERDICTS
from crossbook.verify.rules import rules
from crossbook.verify.trade import MATCH, MATCHED
from crossbook.views.overview import ALERTS
from crossbook.views.passport import STEPS
from crossbook.watch.alerts import NOT_FOLLOWED, UNMEASURED
from crossbook.watch.rule import GRAVITY
from crossbook.watch.rules import rules as watched
from crossbook.watch.thresholds import thresholds as limits
from crossbook.watch.transfers import REASONS
from crossbook.web.navigation import NAVIGATION
from crossbook.web.pages.overview import _ALERTS
from crossbook.web.rendering import _TONE, THEMES

SOURCE = Path(i18n.__file__).parent


@pytest.fixture(autouse=True)
def english_again() -> Iterator[None]:
    yield
    i18n.choose("en")


def test_choice(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("CROSSBOOK_LANG", "LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    i18n.choose(None)
    assert i18n.language() == "en"
    monkeypatch.setenv("LANG", "zh_CN.UTF-8")
    i18n.choose(None)
    assert i18n.language() == "zh"
    with pytest.raises(ValueError, match="language 'fr'"):
        i18n.choose("fr")


def texts() -> set[str]:
    """Every literal text that the command line and the pages translate."""
    found: set[str] = set()
    for path in (SOURCE / "web").rglob("*.html"):
        code = path.read_text(encoding="utf-8")
        told = re.findall(r"""\bt\(\s*(?:"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)')""", code)
        found |= {(a or b).replace("\\'", "'") for a, b in told}
    for path in [*(SOURCE / "cli").rglob("*.py"), *(SOURCE / "web").rglob("*.py")]:
        code = path.read_text(encoding="utf-8")
        for node in ast.walk(ast.parse(code)):
            match node:
                case ast.Call(func=ast.Name("t"), args=[ast.Constant(str(text)), *_]):
                    found.add(text)
        for listed in re.findall(r"columns = \[([^\]]*)\]", code):
            found |= set(re.findall(r'"([^"]+)"', listed))
    return found


def codes() -> set[str]:
    """Every code of ours that a page shows in words."""
    listed = (PLACES, STEPS, ARRIVALS, BESIDE, ALERTS, ROLES, decisions(), LINE_KINDS, KINDS, THEMES, _TONE)
    columns = {c for kind in KINDS.values() for c in kind.columns}
    told = {text for r in rules() for text in (r.title, r.why, r.todo)}
    shown = {v.paper for said in (*MATCH.values(), *(r.values for r in rules())) for v in said} | set(MATCHED)
    more = {
        *told,
        *shown,
        *(
            text
            for r in watched()
            for text in (r.title, r.why, r.todo, r.unless, r.gravity, *(m for _, m in r.settings.values()))
        ),
        *(text for x in limits() for text in (x.title, x.who, x.what, x.border, x.per)),
        *(text for r in crossing() for text in (r.title, r.unless)),
        *(NOT_FOLLOWED, UNMEASURED, *GRAVITY, *REASONS),
        *MATCH,
        *UNPLACED.values(),
        *VERDICTS,
        *AUDIENCES,
        *(r.kind for r in requirements()),
        "rule",
        "rate",
        *STATES,
        *(*TOLD.values(), *PHASES),
        *RETURNS,
        *TITLES.values(),
        *{text for x in thresholds() for text in (x.period, x.counts, x.note) if text},
        *(m.title for m in ceb.messages().values()),
        *BRAND_KINDS,
        *WHY,
        *(name for name, _ in LEVELS),
        *STEPS_OF_NOTICES,
        *BASIS.values(),
        *PAPERS.values(),
        *("obstacle", "near", "other class", "dead", "live", "unknown", "answer", "settle", "default"),
        *(BRAND_NOTE, NO_ADVICE, CASE_NOTE, NOTE_IF, *RIGHTS),
        *(c.rests_on for c in weigh(Quotes(answer=1, settle=1, judgment=1, frozen=1)).choices),
        *(f["item"] for f in fee_rows()),
        *(x.who for n in names() for x in procedure(n).limits),
    }
    return {code for codes in listed for code in codes} | columns | {text for text, _ in _ALERTS.values()} | more


def test_every_text_has_a_chinese_one() -> None:
    wanted = texts() | codes() | {page.name for page in NAVIGATION}
    missing = sorted(text for text in wanted if text not in i18n._catalogue())
    assert not missing, missing


def errors() -> Iterator[tuple[str, str]]:
    """Every text of an error of ours, with the file it is in: what is filled in stands as Q1x, Q2x."""
    ours = {name for name in vars(our_errors) if name.endswith("Error")}
    for path in SOURCE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ours:
                for said in [*node.args[:1], *(k.value for k in node.keywords if k.arg == "todo")]:
                    parts = said.values if isinstance(said, ast.JoinedStr) else [said]
                    whole = isinstance(said, ast.JoinedStr | ast.Constant)
                    told = (p.value if isinstance(p, ast.Constant) else f"Q{n}x" for n, p in enumerate(parts))
                    yield path.name, "".join(map(str, told)) if whole else ""


# what is typed as it stands: a command, an option, a line of a settings file, a name in one
TYPED = re.compile(r"(crossbook |pip install |--)[^;]*|\w+ = .*|\[\w+\] \w+|[\W\d]*(Q\d+x[\W\d]*)*(--\w+)?(Q\d+x|\W)*")
# words in the middle of what is put together from others
PARTS = {"off", "for", "Q0x here", "has no Q1x", "Q0x Q2x needs Q4x", "facts Q1x: Q3x", "Q0x, column Q2x: Q4x"}


def test_every_error_is_told_in_chinese() -> None:
    i18n.choose("zh")
    told = [(name, text) for name, text in errors() if not TYPED.fullmatch(text) and text not in PARTS]
    assert len(told) > 1_000
    assert not [(name, text) for name, text in told if i18n.translated(text) == text]
    # nor half of it: a template of a few words that fits by chance leaves a run of English words
    left = re.compile(r"[a-z]{2,} [a-z]{2,} [a-z]{2,}|\b(?:the|an|of|to|is|needs) ")
    typed = re.compile(r"`[^`]*`|crossbook [^，；（）]*|--[^，；（）]*")
    said = {text: typed.sub("", i18n.translated(text)) for _, text in told}
    assert {text: chinese for text, chinese in said.items() if left.search(chinese)} == {}


def test_every_format_has_a_chinese_title() -> None:
    i18n.choose("zh")
    titles = [f.title for f in formats()]
    assert len(titles) > 60 and not [text for text in titles if i18n.t(text) == text]
    assert i18n.t("Wise statement (CSV)") == "Wise 对账单（CSV）"


def test_what_a_message_quotes_stays_as_it_is() -> None:
    i18n.choose("zh")
    assert i18n.translated("12 × sale") == "12 × 销售"
    assert i18n.translated("credit on A, booked 2026-01-02: bank") == "A 的入账，2026-01-02 记账：bank"


def test_places_agree_between_languages() -> None:
    for english, chinese in i18n._catalogue().items():
        assert set(re.findall(r"\{(\w+)\}", english)) == set(re.findall(r"\{(\w+)\}", chinese)), english


def test_errors_are_translated_by_template() -> None:
    i18n.choose("zh")
    assert i18n.translated("no such file") == "文件不存在"
    assert i18n.translated("unknown currency 'XYZ'") == "未知币种 'XYZ'"
    assert i18n.translated("nobody wrote a template for this") == "nobody wrote a template for this"


def test_no_template_cuts_a_sentence_up() -> None:
    i18n.choose("zh")
    hint = 'if it is so all the same, name it: --yes out (API: "yes": ["out"]); it is shown from then on'
    assert i18n.translated(hint) == '若确实如此，请注明：--yes out（API："yes": ["out"]）；此后会一直显示'
    unknown = "look at it, and say what it is: --yes out; it counts from then on"
    assert i18n.translated(unknown) == unknown
    assert i18n.translated("3 months from 2026-01-05") == "自 2026-01-05 起 3 months"
    assert i18n.translated("3 of 12") == "12 中的 3"
    short = "8513.10 is too short: 2 lines are under it\n  8513.10.2000 Flashlights\n  8513.10.4000 Other"
    assert i18n.translated(short).split("\n")[0] == "8513.10 太短：其下有 2 个税目"
    deadline = "if so, a protest is taken until 2027-04-15; if it was extended or suspended, no time runs yet"
    assert i18n.translated(deadline) == "若是，异议受理截止 2027-04-15；若已展期或中止，则期限尚未起算"
    for sentence in ("a sentence of ours without a template", "a whole sentence needs one of its own"):
        assert i18n.translated(sentence) == sentence
    assert i18n.translated("an amount of 10000 JPY needs the rate of JPY") == "10000 JPY 的金额需要 JPY 的汇率"


def test_the_kinds_of_decisions_are_no_homonyms() -> None:
    i18n.choose("zh")
    named = {name: i18n.kind_of_decision(name) for name in decisions()}
    assert all(re.search(r"[\u4e00-\u9fff]", told) for told in named.values()), named
    assert len(set(named.values())) == len(named)
    right = {"closing": "结案", "limit": "期限", "reading": "表格读取（映射）", "approval": "复核"}
    assert {name: named[name] for name in right} == right
    assert i18n.t("closing") == "期末余额"  # of an account, still
    assert i18n.kind_of_decision("message") == "报文"
    assert i18n.translated("a limit needs on") == "期限需要 on"
    assert i18n.translated("an approval needs entry") == "复核需要 entry"
    assert i18n.translated("a closing is not taken back") == "结案不能撤销"
    assert i18n.translated("this reading cannot be:") == "这项表格读取（映射）无法成立："
    i18n.choose("en")
    assert i18n.kind_of_decision("closing") == "closing"


def test_kinds_of_lines_beside_the_platforms_word_are_in_chinese() -> None:
    for kind in LINE_KINDS:
        told = i18n.in_chinese(f"{kind} (订单)")
        assert told.endswith("（订单）") and not told.startswith(kind), kind


def test_every_place_has_a_name() -> None:
    """A place without one is found in no message."""
    assert not [text for text in i18n._catalogue() if "{}" in text]


def test_of_a_citation_our_own_words_are_chinese_and_titles_stay() -> None:
    i18n.choose("zh")
    told = {
        "value added tax; collected by: importer": "增值税；征收方：进口商",
        "Proc 11021, 91 FR 18201; note 16(e): 95 % of the metal American": (
            "Proc 11021, 91 FR 18201；注释 16(e)：95 % 的金属为美国产"
        ),
        "HTSUS 7323.93.00, as in force from 2025-01-01": "HTSUS 7323.93.00，自 2025-01-01 起有效的文本",
        "91 FR 18183; note 40(a) of HTSUS 2026 revision 14 (secondary)": (
            "91 FR 18183；注释 40(a) of HTSUS 2026 revision 14（二手来源）"
        ),
        "ru.61_2022_25.04.2022.pdf": "ru.61_2022_25.04.2022.pdf",
    }
    assert {source: i18n.cited(source) for source in told} == told
    doubt = "the duty of 61: the general rate of clothing since 2015-01-01, from which lines may differ"
    assert i18n.translated(doubt) == "61 的关税：自 2015-01-01 起服装的一般税率，个别税目可能不同"
    i18n.choose("en")
    assert i18n.cited("value added tax; collected by: importer") == "value added tax; collected by: importer"


def test_what_a_bill_says_of_taxes_abroad_is_chinese() -> None:
    """But for titles of laws, which stay."""
    i18n.choose("zh")
    with (files("crossbook") / "data/duty/destinations.csv").open(encoding="utf-8") as rows:
        parts = {part for row in csv.DictReader(rows) for part in row["note"].split("; ") if part}
    titles = re.compile(r"(Cabinet|Decision|Decree|Dubai|Federal|Nigeria|PMK|RA|Remessa|Customs Act) ?[^;]*")
    assert [x for x in parts if not re.search(r"[\u4e00-\u9fff]", i18n.cited(x)) and not titles.fullmatch(x)] == []

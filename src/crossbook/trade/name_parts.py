"""A name taken apart: its words without titles and particles, whether a company's, and what stands beside it."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import NamedTuple

from crossbook.trade.name_tables import simplified, words
from crossbook.trade.transliteration import plain, script, scripts, written_out

NO_NAME = frozenset({"", "na", "none", "null", "nil", "unknown", "未知", "无", "不详", "匿名", "tba", "tbd"})


class Word(NamedTuple):
    """A word of a name: without accents, and with umlauts written out (muller, mueller)."""

    plain: str
    out: str


@dataclass(frozen=True, slots=True)
class Name:
    """One way to read a name. `whole` also has the particles; `surname_last` where a comma told it."""

    words: tuple[Word, ...]
    whole: str
    script: str  # "mixed" where words are of several
    forms: frozenset[str] = frozenset()  # legal forms: a company
    generation: str = ""
    surname_last: bool = False
    double: bool = False  # the last two words have a hyphen
    foreign: bool = False  # kana with a middle dot: surname last
    beside: bool = False  # stands in brackets, or is a maiden name
    full: tuple[Word, ...] = ()  # with the particles, which are syllables in East Asia: Kim Do Yun, Wang De Ming

    plain: tuple[str, ...] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "plain", tuple([w.plain for w in self.words]))

    def __hash__(self) -> int:
        return hash(self.plain)


_BRACKETS = re.compile(r"[(\[{（【「『]([^)\]}）】」』]{0,200})[)\]}）】」』]")
_DOTTED = re.compile(r"\b(?:[^\W\d_]\.\s?){2,}")
_APOSTROPHES = re.compile(r"(?<=\w)['’ʼ`´‘′\"״׳](?=\w)")
_HAN_TITLES = tuple(
    w
    for w, (kind, _) in words().items()
    if kind == "title" and not w.isascii() and len(w) > 1 and scripts(w) <= {"han", "kana"}
)
_THAI_TITLES = ("นางสาว", "นาย", "นาง", "คุณ")
_LEGAL_AFFIXES = tuple(
    sorted(
        (
            w
            for w, (kind, _) in words().items()
            if kind == "legal" and not w.isascii() and scripts(w) & {"han", "hangul"}
        ),
        key=len,
        reverse=True,
    )
)
_SARL = re.compile(r"\bs\.?\s?à\.?\s?r\.?\s?l\b\.?", re.IGNORECASE)
_LONG_FORMS = tuple(
    (re.compile(rf"\b(?:{words_})(?!\w)", re.IGNORECASE), f" {form} ")
    for words_, form in (
        (r"ges(?:ellschaft|\.)?\s*(?:m\.?\s?b\.?\s?h\.?|mit\s+beschr(?:ä|ae|a)nkter\s+haftung)", "gmbh"),
        (r"soci[eé]t[eé]\s+[aà]\s+responsabilit[eé]\s+limit[eé]e", "sarl"),
        (r"societ(?:à|a'|a)\s+a\s+responsabilit(?:à|a'|a)\s+limitata", "srl"),
        (r"societ(?:à|a'|a)\s+per\s+azioni", "spa"),
        (r"sociedad\s+(?:de\s+responsabilidad\s+)?limitada", "sociedadlimitada"),
        (r"sociedad\s+an[oó]nima", "sociedadanonima"),
        (r"besloten\s+vennootschap", "bv"),
        (r"naamloze\s+vennootschap", "nv"),
        (r"limited\s+liability\s+company", "llc"),
        (r"limited\s+liability\s+partnership", "llp"),
        (r"public\s+limited\s+company", "plc"),
        (r"общество\s+с\s+ограниченной\s+ответственностью", "ооо"),
        (r"sp[oó][lł]ka\s+z\s+ograniczon[aą]\s+odpowiedzialno[sś]ci[aą]|sp\.?\s?z\s?o\.?\s?o\.?", "spzoo"),
    )
)
_LONG_FORM = re.compile(r"\bges|\bsoc|ennoots|limited l|public|общество|\bsp", re.IGNORECASE)
_ASCII = re.compile("[A-Za-z0-9]+")
_HYPHENED = re.compile(r"\w-\w+\W*$")
_SHORTENED = {"s.a.": "sociedadanonima", "s.l.": "sociedadlimitada"}  # legal forms only where dots are written
_RUSSIAN_TITLES = re.compile(r"\bг-(?:н|жа)\b", re.IGNORECASE)


@lru_cache(maxsize=100_000)
def readings(text: str) -> tuple[Name, ...]:
    """The ways to read a name, the first as it stands; none where the text names nobody."""
    text = unicodedata.normalize("NFKC", text)
    inside = [] if "(株)" in text or "(주)" in text else _BRACKETS.findall(text)
    outside = _BRACKETS.sub(" ", text) if inside else text
    parted = _name(outside)
    if parted is None:
        return tuple([n[0] for x in inside if (n := _name(x))][:1])
    main, maiden = parted
    found = [main]
    for part in inside:
        if other := _name(part):
            name, born = other
            if born:
                maiden = born
            elif len(name.words) > 1 or name.script != main.script:
                found.append(replace(name, beside=True))
    if main.script == "mixed" and not main.forms:  # 王伟 Wang Wei
        found += _by_script(main)
    if maiden and len(main.words) > 1:
        kept = main.words[:-1]
        for more in (maiden, (main.words[-1], *maiden)):
            now = (*kept, *more)
            found.append(replace(main, words=now, whole="".join(w.plain for w in now), beside=True))
    return tuple(found)


def _by_script(name: Name) -> list[Name]:
    by: dict[str, list[Word]] = {}
    for w in name.words:
        by.setdefault("/".join(sorted(scripts(w.plain))), []).append(w)
    parts = [(of, tuple(ws)) for of, ws in by.items() if of and sum(len(w.plain) for w in ws) > 1]
    return [Name(ws, "".join(w.plain for w in ws), of, beside=True) for of, ws in parts if "/" not in of]


def _name(text: str) -> tuple[Name, tuple[Word, ...]] | None:
    """A name and the maiden name that it tells."""
    if _LONG_FORM.search(text):
        for pattern, form in _LONG_FORMS:
            text = pattern.sub(form, text)
    if "." in text:
        text = _DOTTED.sub(lambda m: _undotted(m.group()), text if text.isascii() else _SARL.sub(" sarl ", text))
    if not text.isascii():
        text = _RUSSIAN_TITLES.sub(" ", text)
    text, forms = _affixes(text)
    text = _APOSTROPHES.sub("", text)
    parts = text.split(",")
    raw = [[w for w in _split(part) if w.plain] for part in parts]
    raw = [p for p in raw if p]
    told = [[w for w in p if words().get(w.plain, ("", ""))[0] not in ("title", "legal", "generation")] for p in raw]
    comma = len([p for p in told if p]) == 2 and len(raw[0]) <= 3 and not _legal(raw)
    if comma:
        raw = [*raw[1:], raw[0]]
    flat = _mc([w for p in raw for w in p])
    if "".join(w.plain for w in flat) in NO_NAME:
        return None
    name, maiden = _sorted_out(flat, forms, comma)
    return replace(name, foreign="・" in text, double=bool(_HYPHENED.search(parts[0] if comma else text))), maiden


def _sorted_out(flat: list[Word], forms: frozenset[str], comma: bool) -> tuple[Name, tuple[Word, ...]]:
    kept: list[Word] = []
    maiden: list[Word] = []
    whole: list[Word] = []
    generation = ""
    born = False
    legal = {w.plain for w in flat if words().get(w.plain, ("", ""))[0] == "legal"} if len(flat) > 1 else set()
    last_is_legal = len(flat) > 1 and flat[-1].plain in legal
    company = bool(forms) or last_is_legal or (flat[0].plain in legal and scripts(flat[0].plain) != {"latin"})
    for i, w in enumerate(flat):
        kind, means = words().get(w.plain, ("", ""))
        if kind == "legal" and company:
            forms |= frozenset(means.split())
        elif kind == "maiden" and (kept or not whole) and i < len(flat) - 1:
            born = True
        elif born:
            maiden.append(w)
        elif kind == "title" and len(flat) > 1:
            continue
        elif kind == "generation" and len(kept) > 1:
            generation = means
        else:
            whole.append(w)
            if kind != "particle" or not kept or i == len(flat) - 1 or company:
                kept.append(w)
    if len(kept) < 2 and len(whole) > 1:
        kept = [w for w in flat if w in whole]
    if company:
        kept = [w for w in kept if w.plain not in ("the", "and", "und", "et", "y")] or kept
    kept = kept or [w for w in flat if w not in maiden]
    of = {s for w in kept for s in scripts(w.plain)}
    name = Name(
        words=tuple(kept),
        whole="".join(w.plain for w in whole),
        script=next(iter(of)) if len(of) == 1 else "mixed",
        forms=forms,
        generation=generation,
        surname_last=comma,
        full=tuple(whole),
    )
    return name, tuple(maiden)


def _legal(parts: list[list[Word]]) -> bool:
    return any(words().get(p[-1].plain, ("", ""))[0] == "legal" for p in parts)


def _undotted(text: str) -> str:
    """L.L.C. is llc; J. R. R. is three initials."""
    bare = re.sub(r"[.\s]", "", text)
    lower = text.casefold().replace(" ", "")
    if lower in _SHORTENED:
        return f" {_SHORTENED[lower]} "
    return f" {bare} " if words().get(plain(bare), ("", ""))[0] == "legal" else " ".join(bare) + " "


def _affixes(text: str) -> tuple[str, frozenset[str]]:
    """Text without the legal forms and titles that are written onto a name, and what those forms mean."""
    forms: frozenset[str] = frozenset()
    if text.isascii():
        return text, forms
    low = plain(text)
    for form in _LEGAL_AFFIXES:
        if form in low and low.strip() != form:
            low = low.replace(form, " ")
            forms |= frozenset(words()[form][1].split())
    if forms:
        return low, forms
    bare = low.strip()
    for title in _HAN_TITLES:
        if bare.endswith(title) and len(bare) > len(title) + 1:
            return bare[: -len(title)], forms
    if bare.endswith(("様", "殿", "氏")) and len(bare) >= 4:
        return bare[:-1], forms
    if bare.endswith(("님", "씨")) and len(bare.replace(" ", "")) >= 4:
        return bare[:-1], forms
    for title in _THAI_TITLES:
        if bare.startswith(title) and len(bare) > len(title) + 3:
            return bare[len(title) :], forms
    return text, forms


def _split(text: str) -> list[Word]:
    """The words of a text: runs of letters, each run of one kind of script."""
    if text.isascii():
        return [_word(run) for run in _ASCII.findall(text)]
    found: list[Word] = []
    run = ""
    of = ""
    for c in f"{text} ":
        s = script(c) or ("digit" if c.isdigit() else "")
        if unicodedata.category(c)[0] == "M" and run:
            s = of
        if s and (not run or s == of or {s, of} == {"han", "kana"} or "digit" in (s, of)):
            run, of = run + c, of or s
            continue
        if run:
            found.append(_word(run))
        run, of = (c, s) if s else ("", "")
    return found


@lru_cache(maxsize=65536)
def _word(run: str) -> Word:
    bare = plain(run)
    if any("\u3400" <= c <= "\u9fff" for c in bare):
        bare = simplified(bare)
        return Word(bare, bare)
    return Word(bare, written_out(run))


# Irish surnames that are seldom written without their O': before any other word an O by itself is an initial.
_AFTER_O = frozenset(
    "beirne brien callaghan connell connor dea doherty donnell donoghue donohue donovan dowd driscoll dwyer flaherty "
    "gara gorman grady halloran hanlon hanrahan hara herlihy keefe keeffe leary looney loughlin mahoney mahony malley "
    "mara meara neal neil neill rahilly reilly riordan rorke rourke shaughnessy shea sullivan toole".split()
)


def _mc(flat: list[Word]) -> list[Word]:
    """Mc Donald is McDonald, O Neil is O'Neil; the O of Silvia O Winslow is an initial."""
    found: list[Word] = []
    for w in flat:
        before = found[-1].plain if len(found) > 1 else ""
        if (before in ("mc", "mac") and len(w.plain) > 2) or (before == "o" and w.plain in _AFTER_O):
            last = found.pop()
            w = Word(last.plain + w.plain, last.out + w.out)
        found.append(w)
    return found

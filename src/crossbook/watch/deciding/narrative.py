"""The story of a case as a person edited it: it takes the place of the draft in reports."""

from __future__ import annotations

import difflib

from crossbook.book.journal import Entry
from crossbook.decisions import Asked, Choice, Kind, Look, Objection, Opened, Wish, by, taken_back
from crossbook.errors import one_of
from crossbook.watch.casefile import case_file
from crossbook.watch.deciding.common import case, choices, opens, page, ready
from crossbook.watch.history import NARRATIVE, NARRATIVE_BACK
from crossbook.watch.narrative import LANGUAGES, draft, narrative

MOST = 17_000  # characters: what FinCEN's five parts of a narrative hold, and most authorities' fields less


def _look(opened: Opened, wish: Wish, who: str | None) -> Look:
    known, language = case(opened, wish), str(wish["language"])
    one_of("language", language, LANGUAGES)
    text = str(wish["text"]).replace("\r\n", "\n").strip()
    told = case_file(ready(opened), opened.book, known.id)
    before = narrative(told, language)
    refused = []
    if len(text) > MOST:
        refused.append(Objection(f"a narrative of {len(text)} characters", f"use {MOST} at most"))
    if text == before:
        same = f"the narrative of watch case {known.id} says so already"
        refused.append(Objection(same + by(opened.book.journal(), NARRATIVE, _key, (known.id, language))))
    return Look(
        subject=known.id,
        body={"language": language, "text": text, "draft": draft(told, language) == before},
        effects=() if refused else (_written(known.id, language), *_differences(before, text)),
        refused=tuple(refused),
        links=page(known.id),
    )


def _differences(before: str, after: str) -> tuple[str, ...]:
    """How many lines are new and gone; the text itself is shown where it is edited."""
    told = list(difflib.ndiff(before.splitlines(), after.splitlines()))
    more, fewer = (sum(line.startswith(sign) for line in told) for sign in ("+ ", "- "))
    return (f"{more} lines of it are new, {fewer} are gone",)


def _back(opened: Opened, wish: Wish, who: str | None) -> Look:
    known, language = case(opened, wish), str(wish["language"])
    one_of("language", language, LANGUAGES)
    effects = (_gone(known.id, language),)
    nothing = f"nobody edited the narrative of watch case {known.id} ({language})"
    return taken_back(opened, NARRATIVE_OF_CASE, (known.id, language), effects, nothing)


def _written(case: str, language: str) -> str:
    return f"the narrative of watch case {case} ({language}) is as it was edited"


def _gone(case: str, language: str) -> str:
    return f"the narrative of watch case {case} ({language}) is the draft again"


def _key(entry: Entry) -> tuple[str, str]:
    return entry.subject, entry.body["language"]


def _languages(opened: Opened, wish: Wish) -> list[Choice]:
    return [Choice(language, language) for language in LANGUAGES]


NARRATIVE_OF_CASE = Kind(
    name="narrative",
    title="The story of a watch case as a person edited it",
    done=NARRATIVE,
    undone=NARRATIVE_BACK,
    asked=(
        Asked(name="case", text="The case", key=True, choices=choices),
        Asked(name="language", text="In which language: en or zh", key=True, choices=_languages),
        Asked(name="text", text="The text, a sentence a line", of="lines"),
    ),
    look=_look,
    back=_back,
    key=_key,
    sentence=lambda e: (_gone if e.action == NARRATIVE_BACK else _written)(e.subject, e.body["language"]),
    links=lambda e: page(e.subject),
    checks=("The text beside the one that stood: how many lines are new, and how many are gone.",),
    refuses=(f"It says the same as before, or is longer than {MOST} characters.",),
    opens=opens,
    rests_on=("retire", "reinstate"),
)

"""A figure of a rule of the watch is another from now on: versioned by the journal, shown by what it would call."""

from __future__ import annotations

from datetime import date

from crossbook.book.journal import Entry
from crossbook.decisions import Asked, Choice, Kind, Look, Objection, Opened, Wish, by, taken_back
from crossbook.errors import CrossbookError, ParameterError
from crossbook.watch.alerts import backtest, figures_of
from crossbook.watch.history import FIGURE, FIGURE_BACK
from crossbook.watch.rules import rule, rules
from crossbook.watch.settings import decided, settings_of

FIRST, LAST = date(1970, 1, 1), date(2199, 12, 31)


def _look(opened: Opened, wish: Wish, who: str | None) -> Look:
    name, figure, value = str(wish["rule"]), str(wish["figure"]), int(wish["value"])
    _known(name)
    now = figures_of(settings_of(opened.book))[name]
    refused = _against(opened, name, figure, value, now)
    effects: tuple[str, ...] = ()
    if not refused:
        effects = (_is(name, figure, value), *_called(opened, name, {figure: value}, now[figure], value))
    return Look(
        subject=name,
        body={"figure": figure, "value": value, "before": now.get(figure)},
        effects=effects,
        refused=refused,
        links=_page(name),
    )


def _known(name: str) -> None:
    names = [r.name for r in rules()]
    if name not in names:
        raise ParameterError("rule", name, names, todo="see `crossbook watch rules`")


def _against(opened: Opened, name: str, figure: str, value: int, now: dict[str, int]) -> tuple[Objection, ...]:
    try:
        rule(name).figures({figure: value})
    except CrossbookError as error:
        return (Objection(error.what, error.todo),)
    if now[figure] == value:
        text = f"figure {figure} of rule {name} is {value} already"
        return (Objection(text + by(opened.book.journal(), FIGURE, _key, (name, figure))),)
    return ()


def _called(opened: Opened, name: str, tried: dict[str, int], before: int, value: int) -> tuple[str, ...]:
    """How many alerts the rule calls on all transfers of the book, with the figures that hold and with the other."""
    told = backtest(opened.database, opened.book, name, FIRST, LAST, tried)
    if not told["now"]["ran"]:
        return (told["now"]["note"],)
    now, then = len(told["now"]["alerts"]), len(told["tried"]["alerts"])
    return (f"alerts that rule {name} calls: {then} with {value}, {now} with {before}",)


def _back(opened: Opened, wish: Wish, who: str | None) -> Look:
    name, figure = str(wish["rule"]), str(wish["figure"])
    _known(name)
    settings = settings_of(opened.book)
    effects: tuple[str, ...] = ()
    if figure in decided(opened.book).get(name, {}):
        before = settings.stated.get(name, {}).get(figure, rule(name).figures({})[figure])
        effects = (_again(name, figure, before),)
    look = taken_back(opened, FIGURE_OF_RULE, (name, figure), effects, f"nobody set figure {figure} of rule {name}")
    return Look(
        subject=name,
        body={"figure": figure, **({"value": before} if effects else {})},
        effects=look.effects,
        refused=look.refused,
        links=_page(name),
    )


def _is(name: str, figure: str, value: int) -> str:
    return f"figure {figure} of rule {name} is {value}"


def _again(name: str, figure: str, value: int) -> str:
    return f"figure {figure} of rule {name} is {value} again"


def _key(entry: Entry) -> tuple[str, str]:
    return entry.subject, entry.body["figure"]


def _sentence(entry: Entry) -> str:
    body = entry.body
    return (_again if entry.action == FIGURE_BACK else _is)(entry.subject, body["figure"], body["value"])


def _page(name: str) -> dict[str, str]:
    return {name: f"/watch/rules#{name}"}


def _rules(opened: Opened, wish: Wish) -> list[Choice]:
    return [Choice(r.name, r.title) for r in rules() if r.settings]


def _figures(opened: Opened, wish: Wish) -> list[Choice]:
    if wish.get("rule") not in {r.name for r in rules()}:
        return []
    return [Choice(name, text) for name, (_, text) in rule(str(wish["rule"])).settings.items()]


FIGURE_OF_RULE = Kind(
    name="figure",
    title="A figure of a rule of the watch is another",
    done=FIGURE,
    undone=FIGURE_BACK,
    asked=(
        Asked(name="rule", text="The rule", key=True, choices=_rules),
        Asked(name="figure", text="Which of its figures", key=True, choices=_figures),
        Asked(name="value", text="What it is from now on", of="number"),
    ),
    look=_look,
    back=_back,
    key=_key,
    sentence=_sentence,
    links=lambda e: _page(e.subject),
    checks=("What the rule calls on all transfers of the book with the new figure, beside what it calls now.",),
    refuses=("The rule has no such figure, the figure cannot be, or it is so already.",),
    why="say why the rule is to call more, or less",
    rests_on=("retire", "reinstate"),
)

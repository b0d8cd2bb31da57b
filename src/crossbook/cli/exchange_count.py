"""The group exchange count: ask the other side for counts that the agreement names, told with noise."""

from __future__ import annotations

from typing import Annotated

import typer

from crossbook.cli.exchange_options import KeyPath, opened_book, speaking_book
from crossbook.cli.options import HERE, AsJson, BookPath, Commands, group
from crossbook.i18n import t, translated


def register_count(exchange: typer.Typer) -> None:
    """Add this group's commands."""
    commands: Commands = {"ask": ask, "list": list_}
    group(exchange, "count", "Counts of the other side, with noise. 加噪统计", commands)


def ask(
    agreement: Annotated[str, typer.Argument(help="Its number, as adopt prints it. 协议号")],
    statistic: Annotated[str, typer.Argument(help="As the agreement names it. 统计名称")],
    since: Annotated[str, typer.Option(metavar="MONTH", help="First month: 2026-03. 起始月份")],
    until: Annotated[str, typer.Option(metavar="MONTH", help="Last month. 截止月份")],
    key: KeyPath,
    book: BookPath = HERE,
    json: AsJson = False,
) -> None:
    """Ask for a count of whole months that are over. 请求统计"""
    from crossbook.cli import show
    from crossbook.exchange import adopting, keys, statistics

    opened = speaking_book(book)
    mine, found = keys.read(key), adopting.agreement_of(opened, agreement)
    name = statistics.ask(opened, mine, found, statistic, since, until)
    if json:
        show.as_json(next(c for c in statistics.counts(opened) if c.name == name))
    else:
        show.say(t("written: {name}; hand it over: {command}", name=name, command="crossbook exchange mail"))


def list_(book: BookPath = HERE, json: AsJson = False) -> None:
    """Counts asked for and given, the newest first: each with the span that holds the true one. 统计列表"""
    from crossbook.cli import show
    from crossbook.exchange import statistics

    found = statistics.counts(opened_book(book))
    if json:
        show.as_json(found)
        return
    if not found:
        show.say(t("no counts yet: crossbook exchange count ask AGREEMENT STATISTIC --since MONTH --until MONTH"))
        return
    for c in found:
        who = t("to {who}", who=show.clean(c.other)) if c.mine else t("of {who}", who=show.clean(c.other))
        show.say(f"[bold]{show.clean(c.statistic)}[/] {c.since} – {c.until} · {c.name} · {who}")
        if c.refused:
            show.say(f"  [{show.WARN}]{t('no count')}: {show.clean(translated(c.refused))}[/]")
        elif not c.answered_at:
            show.say(f"  {t('not answered yet')}")
        else:
            cells = [(map(show.clean, statistics.labels(c, cell)), value) for *cell, value in c.cells]
            rows = [[*labels, f"{value:,}", _span(value, c.half)] for labels, value in cells]
            show.table([*map(t, c.by), t("count"), t("95 in 100")], rows, right=(len(c.by), len(c.by) + 1))
            show.say(f"  [dim]{noise(c.scale, c.epsilon, c.contributes)}[/]")


def noise(scale: float | None, epsilon: str, contributes: int | None) -> str:
    """What was added to a count, in words."""
    return t(
        "discrete Laplace noise of scale {scale}; epsilon {epsilon} where one party counts {n} times at most",
        scale=scale,
        epsilon=epsilon,
        n=contributes,
    )


def _span(value: int, half: int | None) -> str:
    return "—" if half is None else f"{max(value - half, 0):,} – {max(value + half, 0):,}"

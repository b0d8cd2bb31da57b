"""The command exchange demo: two authorities, from empty folders to the chains that they find together."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from crossbook.cli.options import AsJson
from crossbook.i18n import t


def demo(
    folder: Annotated[Path, typer.Argument(help="Where to put it. 文件夹")] = Path("exchange-demo"),
    transfers: Annotated[int, typer.Option(min=1_000, max=1_000_000, help="How many in all. 交易数")] = 6_000,
    seed: Annotated[int, typer.Option(min=0, help="Another seed, other transfers. 随机种子")] = 1,
    json: AsJson = False,
) -> None:
    """Two authorities, each a process with its own book and keys, find planted chains together. 演示"""
    from crossbook.book import open_book
    from crossbook.cli import show
    from crossbook.demo import authorities, meeting
    from crossbook.errors import CrossbookError
    from crossbook.exchange import keys, reading, store

    keys.need()
    if folder.exists():
        raise CrossbookError("there is something already", where=str(folder), todo="name another folder, or remove it")
    if not json:
        where = show.clean(folder)
        show.say(t("writing two books that share {n} transfers, to {folder}", n=f"{transfers:,}", folder=where))
    made = authorities.make(folder, transfers, chains=transfers // 500, seed=seed)
    with show.progress(quiet=json) as step:
        passed = meeting.talk(made, lambda message: step(t("messages"), int(message.path.stem), 0))
    told = {}
    for side, its in made.folders.items():
        session = store.sessions(open_book(its / "book"))[0]
        found = {member["transfer_id"] for case in reading.cases(session) for member in case["members"]}
        held = set(session.talk.border.rows["transfer_id"].to_pylist())
        mine = [set(chain) & held for chain in made.planted]
        told[side] = {
            **reading.of_session(session),
            "messages": sum(message.sender == side for message in passed),
            "planted": len(mine),
            "found": sum(len(chain & found) * 2 > len(chain) for chain in mine),
            "bytes": sum(message.path.stat().st_size for message in passed if message.sender == side),
        }
    if json:
        show.as_json(told)
        return
    columns = ["side", "messages", "bytes", "met", "told of", "in long chains", "seen alone", "planted chains found"]
    rows = [
        [
            authorities.SIDES[side],
            str(r["messages"]),
            f"{r['bytes']:,}",
            f"{r['met']:,} / {r['border']:,}",
            f"{r['told']:,} / {r['transfers']:,}",
            str(r["together"]),
            str(r["alone"]),
            f"{r['found']} / {r['planted']}",
        ]
        for side, r in told.items()
    ]
    show.table([t(name) for name in columns], rows, right=(1, 2, 3, 4, 5, 6, 7))
    its = made.folders["CN"]
    words = f"--book {its / 'book'}"
    show.say(t("cases of one side: {command}", command=f"crossbook exchange cases {told['CN']['session']} {words}"))
    show.say(t("what left it: {command}", command=f"crossbook exchange ledger {told['CN']['session']} {words}"))
    show.say(t("both as pages, for an auditor too: {command}, then /exchange", command=f"crossbook web {words}"))

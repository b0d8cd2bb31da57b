"""Commands that keep a book: its backup, its recovery from one, its compacting, its repair, its upgrade."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from crossbook.cli.options import HERE, AsJson, BookPath
from crossbook.i18n import t, translated


def backup(
    to: Annotated[Path, typer.Argument(metavar="TO", help="The folder of the backup, outside the book. 备份文件夹")],
    book: BookPath = HERE,
    json: AsJson = False,
) -> None:
    """Add a snapshot of the book to a backup, while others write; what it holds is verified. Exit 1 when the book lacks
    something. 备份账簿"""
    from crossbook.book import open_book
    from crossbook.book.backup import backup as back_up
    from crossbook.cli import show

    with show.progress(quiet=json) as step:
        done = back_up(open_book(book), to, lambda stage, n, total: step(t(stage), n, total))
    if json:
        show.as_json(done)
    else:
        show.say(
            t(
                "snapshot {n}: {e} evidence files, {f} fact files, {j} journal entries, {o} other files",
                n=done.number,
                e=done.evidence,
                f=done.fact_files,
                j=done.journal,
                o=done.others,
            )
        )
        show.say(t("{c} files copied, the others were there; all were read and verified", c=done.copied))
        if done.mended:
            show.say(t("{n} damaged files of the backup were replaced", n=done.mended))
        for text in done.notes:
            show.say(f"[{show.WARN}]{show.clean(translated(text))}[/]")
        for text in done.problems:
            show.say(f"[{show.BAD}]{show.clean(translated(text))}[/]")
    if done.problems:
        raise typer.Exit(1)


def recover(
    source: Annotated[Path, typer.Argument(metavar="FROM", help="The folder of the backup. 备份文件夹")],
    book: BookPath = HERE,
    snapshot: Annotated[int | None, typer.Option(help="Another snapshot than the newest. 快照编号")] = None,
    replace: Annotated[bool, typer.Option("--replace", help="Set aside what is in the folder. 替换")] = False,
    json: AsJson = False,
) -> None:
    """Make a book from a backup, verified before it replaces anything. 由备份恢复"""
    from crossbook.book.recovery import recover as bring_back
    from crossbook.cli import show

    with show.progress(quiet=json) as step:
        done = bring_back(
            source, book, number=snapshot, replace=replace, progress=lambda s, n, total: step(t(s), n, total)
        )
    if json:
        show.as_json(done)
        return
    show.say(
        t(
            "recovered snapshot {n} of {at}: {e} evidence files, {f} fact files, {j} journal entries",
            n=done.number,
            at=done.made_at,
            e=done.evidence,
            f=done.fact_files,
            j=done.journal,
        )
    )
    if done.set_aside:
        show.say(t("what was there lies in {path}", path=show.clean(done.set_aside)))
        if done.lacks_entries is None:
            show.say(t("its catalog could not be read: what the recovered book lacks of it is not known"))
        elif done.lacks_entries or done.lacks_originals:
            show.say(
                f"[{show.WARN}]"
                + t(
                    "it has {j} journal entries and {e} originals that the recovered book has not",
                    j=done.lacks_entries,
                    e=done.lacks_originals,
                )
                + "[/]"
            )


def compact(book: BookPath = HERE, json: AsJson = False) -> None:
    """Merge small files of facts into few, sorted; every row keeps its evidence and its line. 合并事实文件"""
    from crossbook.book import open_book
    from crossbook.book.compacting import compact as merge
    from crossbook.cli import show

    with show.progress(quiet=json) as step:
        done = merge(open_book(book), lambda n, total: step(t("merging"), n, total))
    if json:
        show.as_json(done)
        return
    if done.kinds:
        show.say(
            t(
                "{a} fact files of {x} KiB are {b} of {y} KiB now; the journal says so",
                a=done.files_before,
                b=done.files_after,
                x=-(-done.bytes_before // 1024),
                y=-(-done.bytes_after // 1024),
            )
        )
        show.say(t("those that were merged lie in set-aside/: nothing reads them, and they may be removed"))
    else:
        show.say(t("nothing was to be merged: {n} fact files", n=done.files_before))
    for text in done.notes:
        show.say(f"[{show.WARN}]{show.clean(translated(text))}[/]")


def repair(
    book: BookPath = HERE,
    adopt: Annotated[
        bool, typer.Option("--adopt", help="Add originals among it again, as if they came new. 重新入账")
    ] = False,
    set_back: Annotated[
        str, typer.Option("--set-back", metavar="WHY", help="The catalog is older, and is to stand: why. 沿用旧目录")
    ] = "",
    json: AsJson = False,
) -> None:
    """Move what the catalog does not name into quarantine/, with a note, and say each step. Exit 1 when something is
    wrong still. 修复账簿"""
    from crossbook.book import open_book
    from crossbook.book.repair import repair as mend
    from crossbook.cli import show

    def step(text: str) -> None:
        if not json:
            show.say(show.clean(translated(text)))

    done = mend(open_book(book), adopt=adopt, set_back=set_back, step=step)
    if json:
        show.as_json(done)
    else:
        if not (done.moved or done.heads or set_back):
            show.say(t("nothing was to be repaired"))
        if done.moved and not adopt:
            show.say(
                t("originals among it can be added again: crossbook add {folder}", folder=f"{done.folder}/evidence")
            )
        for text in done.after.problems:
            show.say(f"[{show.BAD}]{show.clean(translated(text))}[/]")
    if not done.after.sound or done.refused:
        raise typer.Exit(1)


def upgrade(book: BookPath = HERE, json: AsJson = False) -> None:
    """Bring a book of an older version over to the layout of today; its catalog as it was is kept. Exit 1 when its
    journal was changed before. 升级账簿"""
    from crossbook.book import open_book
    from crossbook.book.upgrading import upgrade as bring_over
    from crossbook.cli import show

    done = bring_over(open_book(book))
    if json:
        show.as_json(done)
    elif done.before == done.after:
        show.say(t("the book has the layout of today, {n}; nothing was to do", n=done.after))
    else:
        show.say(t("the book has layout {n} now, before it had {m}", n=done.after, m=done.before))
        show.say(t("the catalog as it was lies in {path}", path=show.clean(done.kept)))
        show.say(t("from here on the chain shows what another program changes; what was changed before, it cannot"))
        for text in done.problems:
            show.say(f"[{show.BAD}]{show.clean(translated(text))}[/]")
    if done.problems:
        raise typer.Exit(1)

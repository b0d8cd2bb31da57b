"""The command demo --fleet: sample sellers, a book each, and what shows only across them."""

from __future__ import annotations

from pathlib import Path

from crossbook.i18n import t

ORDERS = 120  # of a seller


def fleet(folder: Path, sellers: int, seed: int | None, files_only: bool, json: bool) -> None:
    """Write the sellers' files to a folder, make a book of each and a fleet, work it, and say what crosses them."""
    from crossbook.cli import show
    from crossbook.demo.fleet import make, make_books
    from crossbook.demo.fleet.making import SEED
    from crossbook.fleet.across import find
    from crossbook.fleet.listing import add_books, init_fleet
    from crossbook.fleet.running import run_fleet

    if not json:
        text = "writing {n} sellers of {orders} orders each to {folder}"
        show.say(t(text, n=f"{sellers:,}", orders=f"{ORDERS:,}", folder=show.clean(folder)))
    names = make(folder, books=sellers, orders=ORDERS, seed=SEED if seed is None else seed)
    if files_only:
        return
    with show.progress(quiet=json) as step:
        stage = t("making the books")
        books = make_books(folder, names, lambda done, of: step(stage, done, of))
        made, _ = add_books(init_fleet(folder / "fleet", "Sample fleet"), books)
        stage = t("books worked")
        run = run_fleet(made, progress=lambda done, of: step(stage, done, of))
    found = find(made).found
    if json:
        show.as_json({"folder": folder, "books": run.counts(), "across": len(found)})
        return
    text = "{n} books worked; {across} findings show only across them"
    show.say(t(text, n=f"{run.counts()['done']:,}", across=f"{len(found):,}"))
    show.say(f"[bold]{t('Next')}[/]")
    for line, told in (
        (f"export CROSSBOOK_FLEET={show.clean(folder / 'fleet')}", ""),
        ("crossbook fleet find", t("what shows only across books")),
        ("crossbook fleet findings", t("what the desks found in all books")),
        ("crossbook fleet status", t("how each book stands")),
    ):
        show.say(f"  {line:<44} [dim]{told}[/]")

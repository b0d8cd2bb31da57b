"""Take the screenshots in docs/screenshots from the sample business: python docs/screenshots.py [BOOK]

Without a book the demo is made first, so that anyone gets the same pictures.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from pathlib import Path

from crossbook.book import open_book
from crossbook.settle import settle

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent))

from tests.web.browser import Watch, chromium, reader  # noqa: E402

COMMAND = Path(sys.executable).with_name("crossbook")
DESKTOP, PHONE = (1180, 860), (390, 800)


def shots(book: Path) -> list[tuple[str, str, str, str, tuple[int, int]]]:
    """Name, address, language, theme and size of each picture."""
    desk = settle(open_book(book))
    unclosed = next(p for p in desk.payouts if p.status == "not_closed")
    rivals = next(p for p in desk.payouts if p.status == "ambiguous" and len(p.restoration.rivals) < 20)  # type: ignore[union-attr]
    proved = next(p for p in desk.payouts if p.status == "unique")
    order = proved.restoration.orders[0].order_id  # type: ignore[union-attr]
    truth = json.loads((book.parent / "truth" / "planted.json").read_text(encoding="utf-8"))
    faulty = truth["faulty_papers"]["payer_not_buyer"][0][0]
    credit = desk.side.credits[proved.match.credits[0]]  # type: ignore[union-attr]
    return [
        ("overview", "/", "en", "light", DESKTOP),
        ("overview-zh", "/", "zh", "dark", DESKTOP),
        ("payouts", "/payouts?status=attention", "en", "light", DESKTOP),
        ("payout", f"/payouts/{unclosed.id}", "en", "light", DESKTOP),
        ("rivals", f"/payouts/{rivals.id}", "en", "dark", DESKTOP),
        ("trade-zh", f"/orders/{order}", "zh", "light", DESKTOP),
        ("source", f"/evidence/{credit['evidence']}/{credit['line']}", "en", "light", DESKTOP),
        ("bank", "/bank", "en", "light", DESKTOP),
        ("verify", "/verify", "en", "light", DESKTOP),
        ("match", f"/orders/{faulty}", "en", "light", (1180, 2000)),
        ("screen", "/screen", "en", "light", DESKTOP),
        ("listing", "/screen/B0YS000008", "en", "light", (1180, 1100)),
        ("laws-zh", "/cases/compare?on=2026-03-02", "zh", "light", DESKTOP),
        ("tax-zh", "/tax?on=2026-06-30", "zh", "light", DESKTOP),
        ("products", "/products?on=2026-06-20", "en", "light", DESKTOP),
        ("product", "/products/BAG-20?on=2026-06-20&market=US", "en", "light", (1180, 2000)),
        ("phone-overview-zh", "/", "zh", "light", PHONE),
        ("phone-payout", f"/payouts/{unclosed.id}", "en", "light", PHONE),
    ]


def take(book: Path, folder: Path) -> list[str]:
    """Write every picture; returns what the pages complained of."""
    server = subprocess.Popen(
        [COMMAND, "web", "--book", book, "--port", "0", "--no-browser"], stdout=subprocess.PIPE, text=True
    )
    assert server.stdout
    link = server.stdout.readline().strip()
    address = link.split("/login")[0]
    watch = Watch(address)
    try:
        with chromium() as browser:
            first = browser.new_context()
            page = first.new_page()
            page.goto(link)
            page.wait_for_selector("#alerts", timeout=60_000)
            session = {c["name"]: c["value"] for c in first.cookies()}
            for name, where, lang, theme, (width, height) in shots(book):
                context = reader(browser, address, session, lang=lang, theme=theme, width=width, height=height)
                page = watch.on(context.new_page())
                page.goto(address + where)
                page.wait_for_timeout(400)
                page.screenshot(path=folder / f"{name}.png")
                context.close()
    finally:
        server.terminate()
        server.wait()
    return watch.complaints + watch.outside


def main() -> int:
    with tempfile.TemporaryDirectory() as folder:
        book = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(folder) / "demo" / "book"
        if len(sys.argv) < 2:
            subprocess.run([COMMAND, "demo", book.parent], check=True, stdout=subprocess.DEVNULL)
        complaints = take(book, HERE / "screenshots")
    for text in complaints:
        print(text, file=sys.stderr)
    return 1 if complaints else 0


if __name__ == "__main__":
    sys.exit(main())

"""Every page in both languages; every link of ours leads somewhere; every figure leads to the line it came from."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from importlib.resources import files
from pathlib import Path

import httpx
import pytest

from crossbook.web.navigation import NAVIGATION
from tests.web.conftest import Served
from tests.web.crawling import shape

CHINESE = re.compile("[\u4e00-\u9fff]")

# What a reader may follow by hand, to read a law where it is published; no page loads anything from there:
# the law of the United States, and what the rows of shipped tables cite as their source.
LAW = (
    "https://www.federalregister.gov/",
    "https://uscode.house.gov/",
    "https://www.ecfr.gov/",
    "https://hts.usitc.gov/",
    *(
        address
        for path in Path(str(files("crossbook") / "data")).rglob("*.csv")
        for address in re.findall(r"https?://[^\s,;\"]+", path.read_text(encoding="utf-8"))
    ),
)


class Links(HTMLParser):
    """The addresses on a page, and those of its figures."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.hrefs: list[str] = []
        self.figures: list[str] = []
        self.outside: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = dict(attrs)
        for name in ("href", "src", "action"):
            address = told.get(name)
            if address and not address.startswith(("/", "#")):
                law = tag == "a" and told.get("rel") == "external noopener" and address.startswith(LAW)
                self.outside += [] if law else [address]
            elif address and name == "href" and tag == "a" and address.startswith("/"):
                self.hrefs.append(address)
                if "figure" in (told.get("class") or ""):
                    self.figures.append(address)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_page_of_the_navigation(client: httpx.Client, language: str) -> None:
    for page in NAVIGATION:
        answer = client.get(page.path, headers={"Accept-Language": language})
        assert answer.status_code == 200, page.path
        assert f'<html lang="{"zh-CN" if language == "zh" else "en"}"' in answer.text
        assert bool(re.search(r"<h1>[^<]*[\u4e00-\u9fff]", answer.text)) == (language == "zh"), page.path


def test_the_language_and_colours_are_remembered(served: Served) -> None:
    client = served.client()
    assert "<h1>Overview</h1>" in client.get("/").text
    answer = client.post("/settings", data={"lang": "zh", "next": "/payouts?status=closed"})
    assert answer.headers["location"] == "/payouts?status=closed"
    client.post("/settings", data={"theme": "dark"})
    text = client.get("/").text
    assert "<h1>总览</h1>" in text and 'data-theme="dark"' in text


def test_a_language_or_colours_that_there_are_not_are_refused_as_any_bad_value(served: Served) -> None:
    client = served.client()
    for name, value, known in (("lang", "fr", "use one of en, zh"), ("theme", "<script>", "use one of auto, light")):
        answer = client.post("/settings", data={"lang": "zh", "theme": "dark"} | {name: value})
        assert answer.status_code == 422 and not client.cookies.get("lang") and not client.cookies.get("theme")
        assert "<h1>" in answer.text and known in answer.text and name in answer.text and "<script>" not in answer.text
    assert "<h1>Overview</h1>" in client.get("/").text


def test_all_links_lead_somewhere_and_none_leaves_the_machine(client: httpx.Client) -> None:
    """Follows every link of every page, a bounded number of each shape."""
    waiting, seen, shapes = ["/"], {"/"}, {}
    while waiting:
        address = waiting.pop()
        answer = client.get(address)
        assert answer.status_code == 200, address
        if not answer.headers["content-type"].startswith("text/html"):
            continue
        links = Links(answer.text)
        assert not links.outside, (address, links.outside)
        for href in links.hrefs:
            kind = shape(href)
            if href not in seen and shapes.get(kind, 0) < 2:
                shapes[kind] = shapes.get(kind, 0) + 1
                seen.add(href)
                waiting.append(href)
    assert len(seen) > 100 and any("/why" in s for s in shapes) and any("/pack" in s for s in shapes)


def test_a_figure_leads_to_its_line(client: httpx.Client) -> None:
    """From the amount of a payout in the list to the line of the original file that states it."""
    row = client.get("/api/payouts", params={"status": "not_closed"}).json()["rows"][0]
    page = Links(client.get("/payouts", params={"status": "not_closed"}).text)
    assert page.figures
    reasons = client.get(page.figures[0]).text
    source = f"/evidence/{row['evidence']}/{row['line']}"
    assert source in reasons
    original = client.get(source).text
    assert 'class="here"' in original
    told = client.get(f"/api{source}").json()
    here = next(r for r in told["view"]["rows"] if r["here"])
    digits = str(row["amount"])
    assert any(digits in cell.replace(".", "").replace(",", "") for cell in here["cells"])


def test_filters_sorting_and_paging(client: httpx.Client) -> None:
    get = lambda **query: client.get("/api/payouts", params=query).json()  # noqa: E731
    everything = get(per_page=500)
    assert everything["total"] == len(everything["rows"]) == sum(everything["counts"].values())
    by_amount = get(sort="amount", way="asc", per_page=500)["rows"]
    assert [r["amount"] for r in by_amount] == sorted(r["amount"] for r in everything["rows"])
    account = everything["accounts"][0]
    assert {r["account"] for r in get(account=account)["rows"]} == {account}
    first, second = get(per_page=10), get(per_page=10, page=2)
    assert first["pages"] == -(-everything["total"] // 10)
    assert not {r["id"] for r in first["rows"]} & {r["id"] for r in second["rows"]}
    one = everything["rows"][0]
    assert one["id"] in {r["id"] for r in get(q=one["id"].lower())["rows"]}
    assert get(q="%")["total"] == 0 and get(q="' OR 1=1 --")["total"] == 0
    assert get(page=10**6)["rows"] == [] and get(page=10**6)["page"] == 10**6


def test_the_passport_shows_gaps(client: httpx.Client) -> None:
    orders = client.get("/api/orders", params={"account": "seabridge", "place": "at_bank"}).json()["rows"]
    told = client.get(f"/api/orders/{orders[0]['order_id']}").json()
    steps = {s["name"]: s for s in told["steps"]}
    assert list(steps) == ["order", "payment", "shipment", "customs", "receipt", "settlement", "payout", "bank"]
    for name in ("order", "shipment", "receipt", "payout", "bank"):
        assert steps[name]["proofs"] and all(p["because"][1] > 0 for p in steps[name]["proofs"]), name
    assert not steps["settlement"]["proofs"]
    page = client.get(f"/orders/{orders[0]['order_id']}").text
    assert page.count('class="gap"') == sum(not s["proofs"] for s in steps.values())


def test_search_finds_orders_payouts_references_and_amounts(client: httpx.Client) -> None:
    payout = client.get("/api/payouts", params={"status": "not_closed"}).json()["rows"][0]
    hits = lambda q: client.get("/api/search", params={"q": q}).json()["hits"]  # noqa: E731
    assert ("payout", payout["id"]) in {(h["kind"], h["name"]) for h in hits(payout["id"])}
    amount = f"{payout['amount'] // 100:,}.{payout['amount'] % 100:02d}"
    assert ("payout", payout["id"]) in {(h["kind"], h["name"]) for h in hits(amount)}
    order = client.get("/api/orders").json()["rows"][0]["order_id"]
    assert hits(order)[0]["name"] == order
    assert any(h["kind"] == "bank" for h in hits("nordic camp"))
    assert hits("zzzz-not-there") == [] and hits("a") == []


def test_names_that_are_not_there(client: httpx.Client) -> None:
    for path in (
        "/payouts/none",
        "/orders/none",
        "/evidence/" + "0" * 64,
        "/why?of=none",
        "/nowhere",
        "/pack?payout=none",
    ):
        answer = client.get(path)
        assert answer.status_code == 404 and "<h1>" in answer.text, path
    assert client.get("/evidence/../../etc/passwd").status_code == 404
    assert client.get("/static/../app.py").status_code == 404
    assert client.get("/static/%2e%2e/app.py").status_code == 404
    assert client.get("/?on=yesterday").status_code == 422
    sha = client.get("/api/evidence").json()["rows"][0]["sha"]
    assert client.get(f"/evidence/{sha}/99999999").status_code == 404


def test_an_empty_book_says_what_to_do(serve, tmp_path) -> None:  # type: ignore[no-untyped-def]
    from crossbook.book import init_book

    client = serve(init_book(tmp_path / "book").path).client()
    for page in NAVIGATION:
        assert client.get(page.path).status_code == 200, page.path
    assert 'href="/add"' in client.get("/").text


def test_what_is_in_no_place_is_on_the_first_page(serve, tmp_path) -> None:  # type: ignore[no-untyped-def]
    """Of a settlement without its transfer, 6.36 USD by hand (59.57 - 21.99 - 31.22), no file says where it is."""
    from crossbook.book import init_book
    from crossbook.book.adding import add
    from crossbook.book.opening import inputs
    from tests.conftest import GOLDEN

    book = init_book(tmp_path / "book")
    lines = (GOLDEN / "amazon_date_range.csv").read_text(encoding="utf-8").splitlines()
    (tmp_path / "report.csv").write_text("\n".join(line for line in lines if '"Transfer"' not in line) + "\n")
    add(book, inputs([tmp_path / "report.csv"])[0])
    client = serve(book.path).client()
    page = client.get("/").text
    told = page[page.index('id="unplaced"') :]
    assert "settlements without a day of payment" in told and "18906543210" in told and "6.36" in told
    assert client.get("/api/overview").json()["unplaced"][0]["amount"] == 636


def test_the_pack_is_a_zip_of_four_papers(client: httpx.Client) -> None:
    import io
    import zipfile

    row = client.get("/api/payouts", params={"account": "seabridge"}).json()["rows"][-1]
    answer = client.get("/pack", params={"payout": row["id"]})
    assert answer.headers["content-disposition"].startswith("attachment")
    names = set(zipfile.ZipFile(io.BytesIO(answer.content)).namelist())
    assert names == {"remt.001.xml", "transactions.csv", "pack.xlsx", "pack.pdf"}


def test_the_original_comes_back_byte_for_byte(client: httpx.Client, served: Served) -> None:
    file = client.get("/api/evidence").json()["rows"][0]
    answer = client.get(f"/evidence/{file['sha']}/original")
    assert answer.content == served.live.book.evidence_path(file["sha"]).read_bytes()
    assert "attachment" in answer.headers["content-disposition"]

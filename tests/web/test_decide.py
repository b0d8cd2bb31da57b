"""Deciding by pages and API: looked at, refused, asked, decided, undone; nothing that was typed is lost."""

from __future__ import annotations

import html
import re
import threading
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote

import httpx
import pytest

from crossbook.book import init_book, open_book
from crossbook.book.accounts import put_user
from crossbook.decisions import kinds
from crossbook.web.rendering import linked
from tests.sharing import copied
from tests.web.conftest import Served, csrf
from tests.web.test_access import doubtful
from tests.web.test_add import send

STATEMENT = "日期,币种,收入,支出,余额,对方户名,摘要\n2026-05-02,{currency},{amount},,0.00,Someone,unknown\n"


def headers(client: httpx.Client) -> dict[str, str]:
    return {"X-CSRF-Token": csrf(client)}


def unescaped(text: str) -> str:
    """What a reader sees of a page: its text without tags."""
    return html.unescape(re.sub(r"<[^>]+>", "", text))


def seen_on(page: str) -> str:
    found = re.search(r'name="seen" value="(\w+)"', page)
    assert found, page
    return found[1]


def with_credit(served: Served, client: httpx.Client, amount: str) -> tuple[dict[str, object], str]:
    """A payout that waits, and the one credit of a bank that was added."""
    payout = client.get("/api/bank").json()["open_payouts"][0]
    (unknown,) = send(client, ("own bank.csv", STATEMENT.format(amount=amount, currency=payout["currency"]).encode()))
    kept = client.post("/api/mapping", json={"upload": unknown["upload"], "keep": True}, headers=headers(client))
    kept.raise_for_status()
    served.take_new_figures()
    (credit,) = client.get("/api/bank").json()["open_credits"]
    return payout, credit["key"]


def test_a_short_match_is_asked_about_and_stays_in_sight(fresh: Served) -> None:
    client = fresh.client()
    payout, credit = with_credit(fresh, client, "123.45")
    name, currency = str(payout["id"]), str(payout["currency"])
    assert isinstance(payout["amount"], int)
    short = payout["amount"] - 12_345
    answer = f"{short / 100:.2f}"
    wish = {"payout": name, "credit": credit, "why": "same reference on paper"}
    look = client.post("/api/decide/match/look", json=wish, headers=headers(client)).json()
    assert [q["answer"] for q in look["asks"]] == [answer] and not look["refused"]
    assert look["links"][name] == f"/payouts/{quote(name)}"
    asked = client.post("/api/decide/match", json=wish, headers=headers(client))
    assert asked.status_code == 409
    assert (asked.json()["because"], asked.json()["look"]["asks"]) == ("asks", look["asks"])
    other = client.post("/api/decide/match", json=wish | {"yes": ["1.00"]}, headers=headers(client))
    assert other.status_code == 409 and other.json()["because"] == "asks"
    nobody = client.post("/api/decide/match", json=wish | {"credit": "nothing:1"}, headers=headers(client))
    assert nobody.status_code == 404
    done = client.post(
        "/api/decide/match", json=wish | {"yes": [answer], "seen": look["seen"]}, headers=headers(client)
    )
    assert done.status_code == 200, done.text
    assert done.json()["kind"] == "match" and name in done.json()["text"] and done.json()["yes"]
    again = client.post("/api/decide/match", json=wish | {"yes": [answer]}, headers=headers(client))
    assert again.status_code == 409 and again.json()["because"] == "refused"
    assert f"is matched with {name}" in again.json()["error"]

    fresh.take_new_figures()
    row = client.get("/api/payouts", params={"arrival": "differs"}).json()["rows"][0]
    assert (row["id"], row["short"]) == (name, short)
    assert client.get(f"/api/payouts/{name}").json()["short"] == short
    alert = next(a for a in client.get("/api/overview").json()["alerts"] if a["kind"] == "differs")
    assert alert["amounts"] == {currency: short}
    attention = next(a for a in client.get("/api/overview").json()["attention"] if a["id"] == name)
    assert attention["stake"] == short
    shown = f"{short / 100:,.2f}"
    lists = ("/payouts?arrival=differs", "/payouts?status=attention", "/orders?place=not_received")
    for page in ("/bank", f"/payouts/{name}", "/", *lists, f"/why?of={name}", "/journal"):
        text = client.get(page).text
        assert shown in text and "Every payout has arrived" not in text, page
    assert shown in client.get(f"/payouts/{name}").text.split("</dl>")[0]  # the head of the page

    back = client.post("/api/undo/match", json={"payout": name, "why": "a mistake"}, headers=headers(client))
    assert back.status_code == 200 and not back.json()["undoable"]
    twice = client.post("/api/undo/match", json={"payout": name}, headers=headers(client))
    assert twice.status_code == 409
    fresh.take_new_figures()
    assert client.get("/api/bank").json()["total"] == 0
    rows = client.get("/api/decisions", params={"kind": "match"}).json()["rows"]
    assert [(r["standing"], r["why"]) for r in rows] == [(True, "a mistake"), (False, "same reference on paper")]


def test_the_form_of_a_match_is_asked_and_comes_back_as_it_was_filled(fresh: Served) -> None:
    client = fresh.client()
    payout, credit = with_credit(fresh, client, "123.45")
    name = str(payout["id"])
    assert isinstance(payout["amount"], int)
    answer = f"{(payout['amount'] - 12_345) / 100:.2f}"
    page = client.get("/decide/match", params={"payout": name, "credit": credit}).text
    assert f'<input type="checkbox" name="yes" value="{answer}" required>' in page
    assert f"{name} arrived as the credit of 123.45" in unescaped(page)
    assert f'<a href="/payouts/{quote(name)}">{name}</a> arrived as' in page
    form = {"csrf": csrf(client), "payout": name, "credit": credit, "seen": seen_on(page), "why": 'the "paper" <b>'}
    asked = client.post("/decide/match", data=form)
    assert asked.status_code == 409
    assert f'<option value="{html.escape(name)}" selected>' in asked.text
    assert "the &#34;paper&#34; &lt;b&gt;</textarea>" in asked.text
    done = client.post("/decide/match", data=form | {"yes": answer})
    assert (done.status_code, done.headers["location"]) == (303, f"/payouts/{quote(name)}")
    taken = client.post("/decide/match", data=form | {"yes": answer})
    assert taken.status_code == 409 and f"is matched with {name}, decided by" in unescaped(taken.text)
    assert "write it into the journal" not in taken.text and "the &#34;paper&#34;" in taken.text
    undo = client.get("/undo/match", params={"payout": name})
    assert f"{name} waits for a credit again" in unescaped(undo.text)
    sent = {"csrf": csrf(client), "payout": name, "seen": seen_on(undo.text)}
    assert client.post("/undo/match", data=sent).headers["location"] == f"/payouts/{quote(name)}"
    assert [e.action for e in fresh.live.book.journal()][-2:] == ["match", "unmatch"]


def test_an_explanation_is_accepted_beside_its_rivals_and_taken_back(fresh: Served) -> None:
    client = fresh.client()
    payout = doubtful(client)
    before = client.get(f"/api/payouts/{payout}").json()
    assert f'href="/decide/explanation?payout={payout}&amp;number=2"' in client.get(f"/payouts/{payout}").text
    page = client.get("/decide/explanation", params={"payout": payout, "number": 2}).text
    assert page.count('scope="col" aria-current="true"') == 1  # the chosen one among its rivals
    for number in (1, 3) if len(before["rivals"]) > 2 else (1,):
        assert f'href="/decide/explanation?payout={payout}&amp;number={number}"' in page
    odds = f"{before['rivals'][1]['probability']:.2%}"
    form = {"csrf": csrf(client), "payout": payout, "number": "2", "yes": odds, "seen": seen_on(page)}
    unsaid = client.post("/decide/explanation", data=form)
    assert unsaid.status_code == 409 and "a reason is needed" in unsaid.text
    done = client.post("/decide/explanation", data=form | {"why": "the buyer says so"})
    assert (done.status_code, done.headers["location"]) == (303, f"/payouts/{payout}")
    assert "the buyer says so" in client.get(f"/payouts/{payout}").text  # at once, from the journal
    fresh.take_new_figures()
    after = client.get(f"/api/payouts/{payout}").json()
    rival = before["rivals"][1]
    assert (after["accepted"]["missing"], after["accepted"]["added"]) == (rival["missing"], rival["added"])
    back = client.post("/undo/explanation", data={"csrf": csrf(client), "payout": payout})
    assert back.status_code == 303
    fresh.take_new_figures()
    assert client.get(f"/api/payouts/{payout}").json() == before


def test_a_file_out_of_use_and_back(fresh: Served) -> None:
    client = fresh.client()
    file = next(f for f in client.get("/api/evidence?q=打款").json()["rows"] if "payout" in f["facts"])
    number = client.get("/api/payouts").json()["total"]
    wish = {"file": file["sha"], "why": "a draft"}
    done = client.post("/api/decide/file", json=wish, headers=headers(client))
    assert done.status_code == 200 and done.json()["text"] == f"{file['name']} is no longer used"
    assert client.post("/api/decide/file", json=wish, headers=headers(client)).status_code == 409
    fresh.take_new_figures()
    assert client.get("/api/payouts").json()["total"] < number
    assert "out of use" in client.get(f"/evidence/{file['sha']}").text
    assert client.post("/api/undo/file", json=wish, headers=headers(client)).status_code == 200
    fresh.take_new_figures()
    assert client.get("/api/payouts").json()["total"] == number
    journal = client.get("/journal", params={"kind": "file"}).text
    assert f'<a href="/evidence/{file["sha"]}">' in journal and file["sha"][:12] not in unescaped(journal)


def test_what_was_shown_must_still_be_so(fresh: Served) -> None:
    """Two look at the same rivals; one decides and takes it back anew: the other is told, and nothing is lost."""
    client = fresh.client()
    payout = doubtful(client)
    wish = {"payout": payout, "number": 1, "why": "as expected", "seen": "0" * 16}
    changed = client.post("/api/decide/explanation", json=wish, headers=headers(client))
    assert changed.status_code == 409 and changed.json()["because"] == "changed"
    seen = changed.json()["look"]["seen"]
    form = {"csrf": csrf(client), **{k: str(v) for k, v in wish.items()}}
    page = client.post("/decide/explanation", data=form)
    assert page.status_code == 409 and "the book, or what was typed, has changed since this was shown" in page.text
    assert "as expected</textarea>" in page.text and seen_on(page.text) == seen  # what it would change now
    done = client.post("/decide/explanation", data=form | {"seen": seen})
    assert done.status_code == 303


def test_of_two_at_once_one_is_told(fresh: Served) -> None:
    clients = [fresh.client() for _ in range(2)]
    payout = doubtful(clients[0])
    wish = {"payout": payout, "number": 1, "why": "as expected"}
    statuses: list[int] = []

    def decide(client: httpx.Client, told: dict[str, str]) -> None:
        statuses.append(client.post("/api/decide/explanation", json=wish, headers=told).status_code)

    threads = [threading.Thread(target=decide, args=(c, headers(c))) for c in clients]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    assert sorted(statuses) == [200, 409]
    assert [e.action for e in fresh.live.book.journal()] == ["accept"]


def test_bad_values_are_named_and_kept(fresh: Served) -> None:
    client = fresh.client()
    payout = doubtful(client)
    typed = {"payout": payout, "number": "two", "why": "half a sentence"}
    page = client.get("/decide/explanation", params=typed)
    assert page.status_code == 422 and "&#39;two&#39; is no number" in page.text
    sent = client.post("/decide/explanation", data={"csrf": csrf(client), **typed})
    assert sent.status_code == 422 and "half a sentence</textarea>" in sent.text
    unsaid = client.post("/decide/explanation", data={"csrf": csrf(client), "why": "half a sentence"})
    assert unsaid.status_code == 422 and "half a sentence</textarea>" in unsaid.text
    shown = client.post("/decide/explanation", data={"csrf": csrf(client), **typed, "number": "1", "look": "1"})
    assert shown.status_code == 200 and "half a sentence</textarea>" in shown.text and seen_on(shown.text)
    assert not fresh.live.book.journal()
    nothing = client.get("/decide/explanation", params={"payout": "nothing", "number": "1"})
    assert nothing.status_code == 404 and "<option selected>nothing</option>" in nothing.text
    for path in ("/decide/nothing", "/undo/nothing", "/api/decide/nothing", "/api/undo/nothing/look"):
        answer = client.post(path, headers=headers(client)) if path.startswith("/api") else client.get(path)
        assert answer.status_code == 422 and "explanation" in answer.text, path
    assert client.get("/decide/match", params={"payut": payout}).status_code == 422
    assert client.get("/decide/match?payout=a&payout=b").status_code == 422
    api = client.post("/api/decide/explanation", json={"payout": payout, "number": "two"}, headers=headers(client))
    assert api.status_code == 422 and api.json()["parameter"] == "number"
    page = client.get("/journal", params={"kind": "bogus"})
    assert page.status_code == 422 and "explanation" in page.text
    assert client.get("/api/decisions", params={"kind": "bogus"}).json()["known"]


def test_choosing_shows_only_what_fits_and_keeps_what_was_typed(fresh: Served) -> None:
    """As the page asks while somebody chooses: another payout makes another list, the text stays, a misfit goes."""
    client = fresh.client()
    swap = {"HX-Request": "true"}
    payout = doubtful(client)
    rivals = client.get(f"/api/payouts/{payout}").json()["rivals"]
    typed = {"payout": payout, "number": "900", "why": "half a sentence"}
    page = client.get("/decide/explanation", params=typed, headers=swap)
    assert page.status_code == 200 and "half a sentence</textarea>" in page.text
    listed = page.text.split('<select id="in-number"')[1].split("</select>")[0]
    assert re.findall(r'value="(\d+)"', listed) == [str(i) for i in range(1, min(len(rivals), 12) + 1)]
    assert "900" not in listed and 'name="seen"' not in page.text


def test_who_may(serve: Callable[..., Served], totals: Path, tmp_path: Path) -> None:

    copied(totals, tmp_path / "book")
    book = open_book(tmp_path / "book")
    for name, role in (("ann", "reader"), ("bo", "preparer"), ("cy", "approver"), ("di", "approver")):
        put_user(book, name, role, "correct horse 1")
    served = serve(tmp_path / "book")
    ann, bo, cy, di = (served.logged_in(n, "correct horse 1") for n in ("ann", "bo", "cy", "di"))
    payout = doubtful(bo)
    wish = {"payout": payout, "number": 1, "why": "as expected"}
    form = {k: str(v) for k, v in wish.items()}
    for path in ("/api/decide/explanation", "/api/decide/explanation/look", "/api/undo/explanation"):
        assert ann.post(path, json=wish, headers=headers(ann)).status_code == 403, path
        assert bo.post(path, json=wish).status_code == 403, path  # without the session's token
        assert bo.post(path, json=wish, headers=headers(bo) | {"Origin": "https://evil.example"}).status_code == 403
    for path in ("/decide/explanation", "/undo/explanation"):
        assert ann.get(path, params={"payout": payout}).status_code == 403, path
        assert ann.post(path, data=form | {"csrf": csrf(ann)}).status_code == 403, path
        assert bo.post(path, data=form).status_code == 403, path
        sent = form | {"csrf": csrf(bo)}
        assert bo.post(path, data=sent, headers={"Origin": "https://evil.example"}).status_code == 403, path
    assert "/decide/" not in ann.get(f"/payouts/{payout}").text
    assert bo.post("/decide/explanation", data=form | {"csrf": csrf(bo)}).status_code == 303
    entry = bo.get("/api/decisions", params={"kind": "explanation"}).json()["rows"][0]["seq"]
    assert bo.get("/decide/approval", params={"entry": entry}).status_code == 403
    assert "/decide/approval" not in bo.get("/journal").text
    assert f'href="/decide/approval?entry={entry}"' in cy.get("/journal").text
    served.take_new_figures()
    page = cy.get("/decide/approval", params={"entry": entry})
    assert f'<a href="/payouts/{payout}">' in page.text
    done = cy.post("/decide/approval", data={"csrf": csrf(cy), "entry": entry, "seen": seen_on(page.text)})
    assert done.headers["location"] == f"/journal#entry-{entry}"
    told = cy.get("/api/decisions").json()["rows"]
    assert [(t["kind"], t["approved_by"]) for t in told[:2]] == [("approval", None), ("explanation", "cy")]
    late = di.post("/api/decide/approval", json={"entry": entry}, headers=headers(di))
    assert late.status_code == 409 and "was approved by cy" in late.json()["error"]


def test_a_name_that_nothing_asks_for_is_refused(client: httpx.Client) -> None:
    """A misspelt field is not lost."""
    body = {"file": "x.csv", "wyh": "a draft"}
    for address in ("/api/decide/file", "/api/decide/file/look", "/api/undo/file"):
        told = client.post(address, json=body, headers={"X-CSRF-Token": csrf(client)})
        assert told.status_code == 422 and told.json()["error"] == "there is no parameter 'wyh'", told.text


def test_every_kind_has_its_addresses_and_says_what_it_checks(client: httpx.Client) -> None:
    document = client.get("/api/openapi.json").json()
    told = {k["name"]: k for k in client.get("/api/decisions/kinds").json()}
    assert told.keys() == kinds().keys()
    for kind in kinds().values():
        assert told[kind.name]["checks"] and told[kind.name]["refuses"], kind.name
        body = document["paths"][f"/api/decide/{kind.name}"]["post"]["requestBody"]["content"]["application/json"]
        name = body["schema"]["$ref"].rsplit("/", 1)[1]
        properties = document["components"]["schemas"][name]["properties"]
        assert list(properties) == [*(a.name for a in kind.asked), "why", "yes", "seen"], kind.name
        assert f"/api/decide/{kind.name}/look" in document["paths"]
        assert (f"/api/undo/{kind.name}" in document["paths"]) == bool(kind.undone)
        for language in ("en", "zh-CN"):
            page = client.get(f"/decide/{kind.name}", headers={"Accept-Language": language})
            assert page.status_code == 200, (kind.name, page.text)
            for a in kind.asked:
                assert (f'name="{a.name}"' in page.text) == a.on_forms or a.of == "days", (kind.name, a.name)


def test_an_empty_book_has_no_good_news(serve: Callable[..., Served], tmp_path: Path) -> None:
    init_book(tmp_path / "empty")
    client = serve(tmp_path / "empty").client()
    for path in ("/bank", "/"):
        text = client.get(path).text
        assert "No payout and no bank statement yet." in text and "has arrived" not in text, path
        chinese = client.get(path, headers={"Accept-Language": "zh-CN"}).text
        assert "尚无结算，也无银行对账单。" in chinese and "都已到账" not in chinese, path
    for path, there, lacking in (
        ("/bank", "No bank statement yet.", "Every credit has its payout."),
        ("/verify", "No bank statement yet.", "Every bank credit belongs"),
        ("/orders", "No orders are in the book yet.", "No order fits."),
        ("/payouts", "No payout yet.", "No payout fits."),
        ("/verify/trades", "is in the book yet.", "No trade fits."),
        ("/refunds", "No customs entries are in the book yet.", "Nothing can be claimed back"),
        ("/claims", "No customs entries are in the book yet.", "Nothing can be claimed back"),
        ("/cases/calendar", "no case is open", "nothing falls due"),
    ):
        text = client.get(path).text
        assert there in text and lacking not in text, path
    for name in kinds():
        assert client.get(f"/decide/{name}").status_code == 200, name


@pytest.mark.parametrize(
    ("text", "links", "want"),
    [
        ("A1 and A12", {"A1": "/a", "A12": "/b"}, '<a href="/a">A1</a> and <a href="/b">A12</a>'),
        ("XA1 <b>", {"A1": "/a"}, "XA1 &lt;b&gt;"),
        ("结算A1到账", {"A1": "/a?x=1&y=2"}, '结算<a href="/a?x=1&amp;y=2">A1</a>到账'),
        ("nothing", {}, "nothing"),
    ],
)
def test_names_in_sentences_become_links(text: str, links: dict[str, str], want: str) -> None:
    assert str(linked(text, links)) == want


def test_what_is_no_text_is_answered_and_never_kept(fresh: Served) -> None:
    """Halves of surrogate pairs come as JSON escapes, or in the odd charset of a form."""
    client = fresh.client()
    told = headers(client) | {"Content-Type": "application/json"}
    for kind in kinds().values():
        for word, asked in (("decide", kind.asked), ("undo", kind.keys)):
            body = ", ".join(f'"{a.name}": "\\ud800\\u0000"' for a in asked)
            for path in (f"/api/{word}/{kind.name}", f"/api/{word}/{kind.name}/look"):
                answer = client.post(path, content="{" + body + ', "why": "\\udfff"}', headers=told)
                assert answer.status_code in (400, 422), (path, answer.text)
                assert answer.json()["error"]
    odd = {"Content-Type": 'multipart/form-data; boundary=x; charset="unicode_escape"'}
    for name, value in (("case", "\\ud800"), ("why", "\\ud800"), ("\\ud800", "x")):
        fields = {"csrf": csrf(client), "procedure": "us_suit", "case": "a"} | {name: value}
        body = "".join(f'--x\r\nContent-Disposition: form-data; name="{n}"\r\n\r\n{v}\r\n' for n, v in fields.items())
        answer = client.post("/decide/case", content=body + "--x--\r\n", headers=odd)
        assert answer.status_code == 422, (name, answer.text)
    assert fresh.live.book.journal() == []


def test_a_day_of_an_event_stays_on_the_form_whatever_is_wrong_with_it(served: Served) -> None:
    """Of an event of another procedure, of none, before a procedure is chosen, or no day at all: a field for days shows
    nothing of what is no day, so that stands in one of text."""
    client = served.client()
    for procedure, event, day in (
        ("us_suit", "bogus", "2026-02-03"),
        ("us_dmca", "served", "2026-02-03"),
        ("", "served", "2026-02-03"),
        ("nope", "served", "2026-02-03"),
        ("us_suit", "served", "2026-02-30"),
        ("us_suit", "served", "3 Feb"),
    ):
        wish = {"case": "suit-9", "procedure": procedure, f"happened.{event}": day, "csrf": csrf(client)}
        page = client.post("/decide/case", data=wish)
        assert page.status_code in (404, 409, 422)
        (kept,) = re.findall(rf'<input id="in-happened-{event}"[^>]*>', page.text)
        assert f'name="happened.{event}"' in kept and f'value="{day}"' in kept
        assert ('type="date"' in kept) == (day == "2026-02-03")
    page = client.post("/decide/limit", data={"case": "valkore", "limit": "x", "on": "1/2/26", "csrf": csrf(client)})
    assert re.search(r'<input id="in-on"(?![^>]*type="date")[^>]*value="1/2/26"', page.text)
    swapped = {"case": "suit-9", "procedure": "us_dmca", "happened.served": "2026-02-03"}
    page = client.get("/decide/case", params=swapped, headers={"HX-Request": "true"})
    assert 'name="happened.served"' not in page.text

"""Letters: what their words name, and PDFs that cannot be read."""

from __future__ import annotations

import zlib
from collections.abc import Callable
from pathlib import Path

import pypdf
import pytest
import typst
from hypothesis import given
from hypothesis import strategies as st

from crossbook.book import Book
from crossbook.book.adding import Added
from crossbook.errors import CrossbookError
from crossbook.sources.letter import SOURCE
from crossbook.sources.letter_words import _STATES, read_text
from crossbook.sources.source import Reading

Put = Callable[..., Added]


def test_an_order_names_court_docket_and_listings() -> None:
    found = read_text(
        "IN THE UNITED STATES DISTRICT COURT\nFOR THE SOUTHERN DISTRICT OF\nNEW YORK\nACME BRANDS LLC,\n"
        "Plaintiff,\nv.\nCase 26-cv-01234\n"
        "entered on March 2, 2026; listings B0ABCDEF12, Reg. No. 1,234,567"
    )
    assert found["court"] == "Southern District Of New York" and found["state"] == "NY"
    assert (found["docket"], found["plaintiff"]) == ("26-cv-01234", "ACME BRANDS LLC")
    assert (found["listings"], found["marks"], found["days"]) == ("B0ABCDEF12", "1234567", "2026-03-02")


def test_chinese_days_are_read_and_impossible_ones_left_out() -> None:
    assert read_text("2026年3月2日收到;2026年2月31日")["days"] == "2026-03-02"
    assert read_text("February 31, 2026")["days"] is None


def test_a_chinese_courts_papers_name_court_docket_plaintiff_mark_and_days_in_numerals() -> None:
    found = read_text(
        "广东省深圳市中级人民法院\n传票\n案号:(2026)粤03民初1234号\n原告:深圳市明川照明科技有限公司\n"
        "原告系第11类第12345678号“明川”注册商标专用权人。\n本院于2026年11月16日立案受理。\n"
        "定于二〇二六年十二月二十八日上午九时开庭审理。\n二〇二六年十一月二十日"
    )
    assert (found["court"], found["state"]) == ("广东省深圳市中级人民法院", None)
    assert (found["docket"], found["plaintiff"]) == ("(2026)粤03民初1234号", "深圳市明川照明科技有限公司")
    assert (found["marks"], found["days"]) == ("12345678", "2026-11-16 2026-11-20 2026-12-28")


def test_a_letter_that_threatens_to_sue_names_no_court() -> None:
    found = read_text(
        "Nov. 20, 2026\nInfringement of U.S. Reg. No. 4,876,543\nno later than 5:00 p.m. on 12/04/2026\n"
        "since January 1,\n2025; else we commence an action in the U.S. District Court "
        "for the Northern District of Illinois"
    )
    assert found["court"] is None and found["docket"] is None and found["marks"] == "4876543"
    assert found["days"] == "2025-01-01 2026-11-20 2026-12-04"


def test_days_in_figures_without_a_country_are_read_where_they_can_be_but_one_day() -> None:
    assert read_text("Dated 16/11/2026, until 04/12/2026, at the latest 07/07/2027")["days"] == "2026-11-16 2027-07-07"
    assert read_text("United States: 12/04/2026, 16/11/2026")["days"] == "2026-11-16 2026-12-04"
    assert read_text("Dated the 20th day of November 2026; 3 Dec 2026")["days"] == "2026-11-20 2026-12-03"


def test_numbers_in_a_row_are_all_marks_and_a_judges_docket_is_one() -> None:
    found = read_text("Registration Nos. 5,432,101; 5,432,118 and 6,001,234 for lamps\n26 Civ. 4321 (ABC)")
    assert found["marks"] == "5432101 5432118 6001234"
    assert found["docket"] == "26 Civ. 4321 (ABC)"


def test_what_is_no_pdf_is_told_so(tmp_path: Path) -> None:
    path = tmp_path / "notice.eml"
    path.write_text("From: notice@payments.example\nSubject: funds held\n\nHello")
    with pytest.raises(CrossbookError, match="no PDF"):
        list(SOURCE.read(Reading(path, path.name, "utf-8")))


@pytest.mark.parametrize(
    ("raised", "said"), [("LimitReachedError", "unpacks to too much"), ("PdfReadError", "damaged")]
)
def test_what_stops_a_reader_is_not_told_in_its_words(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, raised: str, said: str
) -> None:
    def fails(*_: object) -> None:
        raise getattr(pypdf.errors, raised)("Limit reached while decompressing. 9 bytes remaining.")

    path = tmp_path / "notice.pdf"
    path.write_bytes(b"%PDF-1.7")
    monkeypatch.setattr(pypdf, "PdfReader", fails)
    with pytest.raises(CrossbookError) as told:
        list(SOURCE.read(Reading(path, path.name, "utf-8")))
    assert said in told.value.what and "Error" not in str(told.value) and "bytes" not in str(told.value)


@given(st.text(max_size=300))
def test_any_words_are_read(text: str) -> None:
    assert set(read_text(text)) == {"court", "state", "docket", "plaintiff", "listings", "marks", "days"}


def test_a_scan_is_told_as_one(tmp_path: Path) -> None:
    path = tmp_path / "scan.pdf"
    path.write_bytes(typst.compile(b"#rect(width: 3cm)"))
    with pytest.raises(CrossbookError, match="no text"):
        list(SOURCE.read(Reading(path, path.name, "utf-8")))


def test_a_pdf_cut_short_is_refused(tmp_path: Path) -> None:
    whole = (Path(__file__).parent / "golden" / "letter.pdf").read_bytes()
    path = tmp_path / "cut.pdf"
    path.write_bytes(whole[: len(whole) // 3])
    with pytest.raises(CrossbookError):
        list(SOURCE.read(Reading(path, path.name, "utf-8")))


def of_objects(*objects: bytes) -> bytes:
    """A PDF of these objects, the first of them its root."""
    out, places = b"%PDF-1.4\n", []
    for number, content in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n" % number + content + b"\nendobj\n"
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    head = b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    return (
        out + head + table + b"trailer <</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % (len(objects) + 1, len(out))
    )


def packed(content: bytes, times: int = 1) -> bytes:
    """A stream, packed so many times."""
    for _ in range(times):
        content = zlib.compress(content, 9)
    filters = b"/FlateDecode" * times
    return b"<</Filter[%s]/Length %d>>stream\n%s\nendstream" % (filters, len(content), content)


PAGE = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>"
ROOT, FONT = b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>"
RANGES = b"begincmap\n" + b"1 beginbfrange\n<0000> <FFFFFFF0> <0000>\nendbfrange\n" * 200 + b"endcmap end"
ONE = b"<</Type/Pages/Kids[3 0 R]/Count 1>>"


@pytest.mark.parametrize(
    ("objects", "said"),
    [
        (
            (ROOT, b"<</Type/Pages/Kids[%s]/Count 400>>" % (b"3 0 R " * 400), PAGE, packed(b"0 0 m\n" * 200_000), FONT),
            "too much",
        ),
        ((ROOT, ONE, PAGE, packed(b" " * (200 << 20), 2), FONT), "unpacks to too much"),
        ((ROOT, b"<</Type/Pages/Kids[2 0 R 2 0 R]/Count 2>>"), "the PDF is damaged"),
        (
            (
                *(ROOT, ONE, PAGE, b"<</Length 24>>stream\nBT /F1 12 Tf (a) Tj ET  \nendstream"),
                b"<</Type/Font/Subtype/Type0/BaseFont/X/Encoding/Identity-H/ToUnicode 6 0 R/DescendantFonts[]>>",
                packed(RANGES),
            ),
            "unpacks to too much",
        ),
    ],
    ids=["many pages of one stream", "a stream packed twice", "pages that hold themselves", "a font of endless ranges"],
)
def test_a_small_pdf_that_asks_for_much_work_is_refused(
    book: Book, add_text: Put, objects: tuple[bytes, ...], said: str
) -> None:
    content = of_objects(*objects)
    assert len(content) < 300_000
    with pytest.raises(CrossbookError, match=said):
        add_text("letter.pdf", content)
    assert not book.evidence()


def test_a_hundred_thousand_blanks_are_read_at_once(add_text: Put) -> None:
    """790 bytes of PDF that an expression went through for hours."""
    text = packed(b"BT /F1 9 Tf (BX" + b" " * 100_000 + b") Tj ET")
    assert add_text("letter.pdf", of_objects(ROOT, ONE, PAGE, text, FONT)).status == "added"


CAPTIONS = {
    "a district that is a whole state": (
        "UNITED STATES DISTRICT COURT\nDISTRICT OF MASSACHUSETTS\nOakley, Inc., Plaintiff, v. Does 1-50, Defendants.\n"
        "Civil Action No. 1:26-cv-10234-ADB",
        ("District Of Massachusetts", "MA", "1:26-cv-10234", "Oakley, Inc."),
    ),
    "marks beside the parties": (
        "IN THE UNITED STATES DISTRICT COURT FOR THE\nWESTERN DISTRICT OF PENNSYLVANIA\n"
        "DOGGIE DENTAL, INC.,              )\n                                  )\n"
        "            Plaintiff,            )   Civil Action No. 2:26-cv-00099\n      v.                          )",
        ("Western District Of Pennsylvania", "PA", "2:26-cv-00099", "DOGGIE DENTAL, INC."),
    ),
    "against, in New York": (
        "UNITED STATES DISTRICT COURT\nSOUTHERN DISTRICT OF NEW YORK\n------------x\nSPIN MASTER LTD.,\n  Plaintiff,\n"
        "  -against-\n158, et al.,\n  Defendants.\n------------x\n26 Civ. 1234 (JPC)",
        ("Southern District Of New York", "NY", "26 Civ. 1234 (JPC)", "SPIN MASTER LTD."),
    ),
    "court and docket broken over lines": (
        "UNITED STATES DISTRICT\nCOURT FOR THE SOUTHERN\nDISTRICT OF FLORIDA\nCASE NO. 0:26-cv-\n60123-RS\n"
        "TIFFANY (NJ) LLC,\nPlaintiff,",
        ("Southern District Of Florida", "FL", "0:26-cv-60123", "TIFFANY (NJ) LLC"),
    ),
    "hyphens of print": (
        "UNITED STATES DISTRICT COURT NORTHERN DISTRICT OF GEORGIA\nCase No. 1:26\u2011cv\u201101234\u2011MLB\n"
        "Nike, Inc., Plaintiff",
        ("Northern District Of Georgia", "GA", "1:26-cv-01234", "Nike, Inc."),
    ),
    "a docket as judges of Chicago write it": (
        "IN THE UNITED STATES DISTRICT COURT FOR THE NORTHERN DISTRICT OF ILLINOIS\nNo. 26 C 417\n"
        "Peanuts Worldwide LLC, Plaintiff",
        ("Northern District Of Illinois", "IL", "26 C 417", "Peanuts Worldwide LLC"),
    ),
    "a state called as a part of another": (
        "UNITED STATES DISTRICT COURT NORTHERN DISTRICT OF WEST VIRGINIA\nCase 5:26-cv-00012 Acme Inc., Plaintiff",
        ("Northern District Of West Virginia", "WV", "5:26-cv-00012", "Acme Inc."),
    ),
    "a marketplace's mail": (
        "We received a Temporary Restraining Order from the United States District Court for the Northern District\n"
        "of Illinois, Case No. 1:26-cv-00417, Valkore LLC v. The Partnerships. Please contact plaintiff's counsel",
        ("Northern District Of Illinois", "IL", "1:26-cv-00417", "Valkore LLC"),
    ),
    "a wallet's mail, the court cited": (
        "a court order (Temporary Restraining Order, 26-cv-1187, N.D. Ill.). Case ID PP-L-123456789.\n"
        "Plaintiff's counsel: Keith Vogt, Ltd.",
        ("N.D. Ill.", "IL", "26-cv-1187", None),
    ),
    "a shop's mail, in capitals": (
        "Court: U.S. District Court, Southern District of Florida\nCase number: 26-CV-20345-RKA",
        ("Southern District Of Florida", "FL", "26-cv-20345", None),
    ),
    "cited without blanks": (
        "the order in 26cv1234 (S.D.N.Y.)",
        ("S.D.N.Y.", "NY", "26-cv-1234", None),
    ),
    "a Chinese ruling before the suit": (
        "上海市浦东新区人民法院\n民事裁定书\n(2026)沪0115民初1234号\n申请人:北风户外有限公司,住所地上海市。\n"
        "被申请人:某某跨境电商有限公司",
        ("上海市浦东新区人民法院", None, "(2026)沪0115民初1234号", "北风户外有限公司"),
    ),
}


@pytest.mark.parametrize("name", CAPTIONS)
def test_captions_and_notices_in_other_layouts(name: str) -> None:
    text, right = CAPTIONS[name]
    found = read_text(text)
    assert (found["court"], found["state"], found["docket"], found["plaintiff"]) == right


def test_marks_over_the_end_of_a_line_and_days_as_machines_write_them() -> None:
    found = read_text(
        "registrations Nos. 1,234,567; 2,345,678;\nand 3,456,789\nheld since 2026-02-05, case 1-2026-02-06"
    )
    assert (found["marks"], found["days"]) == ("1234567 2345678 3456789", "2026-02-05")


def test_every_state_with_a_federal_court_is_known() -> None:
    """Fifty states, the District of Columbia and Puerto Rico (28 U.S.C. 81 to 131)."""
    told = {read_text(f"UNITED STATES DISTRICT COURT DISTRICT OF {name}")["state"] for name in _STATES}
    assert len(told) == 52 and None not in told

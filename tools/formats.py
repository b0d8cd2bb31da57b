"""Write `docs/formats.md`, the list of the mappings that ship, from the mappings themselves.

python tools/formats.py
"""

from __future__ import annotations

from pathlib import Path

from crossbook.sources.registry import PROVEN, Format, formats

TARGET = Path(__file__).parent.parent / "docs/formats.md"

HEAD = """# What is read

<!-- Written by tools/formats.py: change that, or the mapping, and run it. -->

```console
$ crossbook formats          # every format, with the first lines of such a file
$ crossbook formats --json   # the same for programs
```

So does the page *Add files*. `crossbook add` looks at a file's text, not at its name: it tries the
mappings of the book and the formats that are built in, then the mappings that ship. A file that none of them
reads is told which three formats it looks most like, and what is missing for each (`--why-not` says so of every
format); [a mapping](mapping.md) describes its columns once.

A row of Amazon's date range report, of Stripe, Shopify, eBay or PayPal that states a total is held against its own
columns; where they make another sum, the file is refused with the line and both figures, and `crossbook add FILE
--yes LINE` takes it as it stands.
"""

SHIPPED = """
## Shipped as mappings

Each is a text file in `src/crossbook/data/mappings/` in the words of [a mapping](mapping.md), with a table
`[shipped]` that says where its layout was seen. It is *proven by a public sample* where a public file with
rows, or a program's test with such rows, shows the layout, and *from documentation only* where its headers are
public and no rows are. Every file is tested when it is added: its balances, totals, days and account.

* The account is the one that the file names, in its rows, above its table or in its name. A file that names
  none, or only a masked number, is asked about: `crossbook add FILE --account NAME`.
* The currency is the file's. Several layouts name none, for accounts in yuan and in dollars alike:
  `crossbook add FILE --currency CNY`.
* A mapping of the book with the same headers comes first. The book keeps the text by which a file was read: a
  layout that a later release corrects reads no file of before in another way.
* A file with the columns of two layouts is read by the one that has more of them.
* **Wallets** (Alipay, Airwallex, Wise with `Transaction Details Type`): what a platform paid into one is found there,
  changed there from one currency to another, and followed to the bank. Each word of the type column is in the
  mapping; a file with another is refused by that word: `crossbook map FILE --type 'WORD=KIND'` says what it is.
  Wise has a statement for each currency: add all of them, for the other side of a conversion stands in the other
  one. A transfer in another currency arrives as what the row says it became.
* **Airwallex and Wise files of before** were read as statements of a bank account: they stay as they were read, and
  money is followed no further than there. To read one anew: `crossbook decide file NAME` takes it out of use, and a
  fresh export (of a day more: the same bytes are in the book already) is read as a wallet. What both tell counts
  once.
"""

NOT_SHIPPED = """
## Not shipped: no public header found

* **LianLian, PingPong, WorldFirst**: no public file and no documentation names the columns of their exports.
* **CITIC 中信银行**: programs that read its corporate statements name two columns at most; of its cards only bills are
  public.
* **Personal accounts of PSBC 邮储, CEB 光大, CIB 兴业, CMBC 民生**: only PDF statements are public.
* **Alipay 支付宝 and WeChat Pay 微信支付, bills of a person** (`交易时间, 交易分类, …, 收/支`): their headers are
  public, but they are no statement of a balance: what a bank card paid stands among what the balance paid, and would
  count twice beside the bank's statement. `crossbook map` reads one whose money is all in the balance.
* **Temu, SHEIN, AliExpress**: the columns of their settlement sheets are in public programs at most in part (Temu's
  `SettledParentFlow` has no day). `crossbook map FILE --kind settlement` proposes them: their words are in its table.
* **Shopee's income report** (`Total Released Amount`): its columns of fees differ by country and year. `crossbook map
  FILE` proposes those that make the released amount, and leaves out the rows of goods. Of its balance reports the Thai
  one is public with rows; the others are proposed. **Lazada's wallet**: no public program names all its type words.
* **eBay in Italian and Spanish**: no public report shows the header; English, German and French are built in.
* **Etsy in other languages than English**: no public statement shows the header. `crossbook map FILE --kind settlement`
  proposes its columns, the order numbers and the payouts in its texts, and asks what is a guess.

Map such a file once (`crossbook map FILE`): it is known from then on.
"""


def text() -> str:
    """The document."""
    rows = [_row(f) for f in formats() if f.proven]
    return (
        "\n".join([HEAD, SHIPPED, "| format | | proven | seen at |", "|---|---|---|---|", *rows]) + "\n" + NOT_SHIPPED
    )


def _row(f: Format) -> str:
    seen = ", ".join(f"[{i}]({address})" for i, address in enumerate(f.source, 1))
    return f"| `{f.name}` | {f.title} | {PROVEN[f.proven]} | {seen} |"


if __name__ == "__main__":
    TARGET.write_text(text(), encoding="utf-8")

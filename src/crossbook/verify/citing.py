"""The rows of papers that findings of all trades rest on, in one SELECT: those that `trade.findings` cites of one."""

from __future__ import annotations

from crossbook.verify.rules import rules
from crossbook.verify.trade import BESIDE_ALL, SHOWN, TABLES


def findings_cited() -> str:
    """The SELECT of `verify_finding` with `because`: of each paper that a rule holds against others its first rows, a
    list of evidence and line, NULL where there are none. Needs the publication `verdict`."""
    known = [(r.name, paper) for r in rules() for paper in r.papers if paper in TABLES or paper in BESIDE_ALL]
    papers = ", ".join(f"('{rule}', '{paper}')" for rule, paper in known)
    told = [
        _first(paper, f"SELECT DISTINCT order_id, evidence, line FROM {table}", "evidence, line")
        for paper, tables in TABLES.items()
        for table in tables
    ]
    told += [_first(paper, select, "moment DESC, evidence, line") for paper, select in BESIDE_ALL.items()]
    return f"""
WITH asked AS (SELECT DISTINCT rule, subject FROM verify_finding),
cited AS (SELECT * FROM ({" UNION ALL ".join(told)}) WHERE n <= {SHOWN}),
because AS (
  SELECT rule, subject, list({{'evidence': evidence, 'line': line}} ORDER BY evidence, line) AS because FROM (
    SELECT DISTINCT f.rule, f.subject, c.evidence, c.line
    FROM asked f JOIN (VALUES {papers}) p(rule, paper) ON p.rule = f.rule
    JOIN cited c ON c.paper = p.paper AND c.order_id = f.subject
  ) GROUP BY rule, subject
)
SELECT f.desk, f.rule, f.subject, f.verdict, f.amount, f.currency, b.because, f.as_of
FROM verify_finding f LEFT JOIN because b ON b.rule = f.rule AND b.subject = f.subject
"""


def _first(paper: str, select: str, order: str) -> str:
    return (
        f"SELECT '{paper}' AS paper, order_id, evidence, line, "
        f"row_number() OVER (PARTITION BY order_id ORDER BY {order}) AS n FROM ({select})"
    )

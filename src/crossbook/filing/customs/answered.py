"""What customs last said of a document, and whether its answers hold together.

Answers of one moment of which one refuses the document and another takes it, or one holds the goods and another
releases them, contradict each other; so does a refusal (退单) of what was released before, which customs answers to
documents that it has not taken yet (states: GACC Announcement 56 of 2018); goods sent back after release have a code of
their own (700). Of those nothing is believed until somebody has asked: the document may stand at customs, and written
again it would be declared twice.
"""

from __future__ import annotations

from crossbook.trade.moments import STEP

CONTRADICTORY = "contradictory"
WHY = "customs has answered it with a refusal and with what only a document it took is told: ask which holds"
_SENT_BACK = "700"

# Answers with the moment of the last one of their document; of one moment the furthest of those that agree counts.
_FURTHEST = f"""(CASE state WHEN 'pending' THEN 1 WHEN 'accepted' THEN 2 WHEN 'held' THEN 3 WHEN 'released' THEN 4
 WHEN 'refused' THEN 5 ELSE 6 END, {STEP})"""
_AT_LAST = "FILTER (WHERE returned_at = last)"


def answers(by: str, where: str = "true") -> str:
    """The table of answers, each row with the moment of the `last` one of what `by` (columns) tells apart."""
    return f"(SELECT *, max(returned_at) OVER (PARTITION BY {by}) AS last FROM customs_answers WHERE {where})"


CODE = f"max_by(code, {_FURTHEST}) {_AT_LAST}"
_STATE = f"max_by(state, {_FURTHEST}) {_AT_LAST}"
# The state of a document as an aggregate over the rows of `answers`.
STATE = f"""CASE
  WHEN bool_or(state = 'refused') {_AT_LAST} AND bool_or(state IN ('accepted', 'held', 'released')) {_AT_LAST}
    OR bool_or(state = 'held') {_AT_LAST} AND bool_or(state = 'released') {_AT_LAST}
    OR {_STATE} = 'refused' AND coalesce({CODE}, '') <> '{_SENT_BACK}' AND bool_or(state = 'released')
  THEN '{CONTRADICTORY}' ELSE {_STATE} END"""

"""Taking a file of evidence out of use: the file stays in the book, and so does the decision."""

from __future__ import annotations

from urllib.parse import quote

from crossbook.book.journal import Entry
from crossbook.decisions.deciding import taken_back
from crossbook.decisions.kind import Asked, Kind, Look, Objection, Opened, Wish
from crossbook.decisions.standing import by, standing

MOST_NAMED = 5  # decisions that are named in a sentence, of those that rest on the file
ELSEWHERE = "where another file in use states a payout too, what was decided on that payout stays"
# Ids as decisions have them: with account and currency where another payout has the same number.
FROM_IT = """
SELECT payout_id AS id FROM payout_used GROUP BY payout_id HAVING bool_and(evidence = $sha)
UNION
SELECT concat(account, ':', payout_id, ':', currency) FROM payout_used WHERE evidence = $sha
"""


def _look(opened: Opened, wish: Wish, who: str | None) -> Look:
    found = opened.book.find_evidence(str(wish["file"]))
    name, facts = str(found["name"]), found["facts"]
    rows = ", ".join(f"{n:,} {kind}" for kind, n in sorted(facts.items())) or "no facts"
    against: tuple[Objection, ...] = ()
    if found["sha"] in opened.book.retired():
        text = f"{name} is out of use already" + by(opened.book.journal(), FILE.done, FILE.key, (found["sha"],))
        against = (Objection(text, f"take that back first: crossbook undo file {found['sha'][:12]}"),)
    matches, explanations, by_payout = ([], [], False) if against else _resting(opened, str(found["sha"]))
    return Look(
        subject=found["sha"],
        body={"name": name},
        effects=(
            f"{name} is no longer used: {rows}",
            *_out_of_sight("match by hand", "matches by hand", matches),
            *_out_of_sight("accepted explanation", "accepted explanations", explanations),
            *([ELSEWHERE] if by_payout else []),
        ),
        refused=against,
        links={p: f"/payouts/{quote(p, safe='')}" for p in (*matches, *explanations)}
        | {name: f"/evidence/{found['sha']}"},
    )


def _resting(opened: Opened, sha: str) -> tuple[list[str], list[str], bool]:
    """The payouts whose match by hand, and those whose accepted explanation, rests on the file: the credit or the
    payout is read from it; and whether any does by its payout."""
    entries = opened.book.journal()
    matches = standing(entries, "match", "unmatch").values()
    accepted = standing(entries, "accept", "unaccept").values()
    if not matches and not accepted:
        return [], [], False
    opened.database.ask("trade")
    stated = {row["id"] for row in opened.database.rows(FROM_IT, sha=sha)}
    credits = [e.subject for e in matches if any(c.startswith(f"{sha[:12]}:") for c in e.body.get("credits", ()))]
    resting = [e.subject for e in matches if e.subject in stated or e.subject in credits]
    explained = [e.subject for e in accepted if e.subject in stated]
    return resting, explained, any(p not in credits for p in resting) or bool(explained)


def _out_of_sight(one: str, several: str, payouts: list[str]) -> tuple[str, ...]:
    """One sentence on the decisions on these payouts, if there are any."""
    if not payouts:
        return ()
    more = f" and {len(payouts) - MOST_NAMED} more" if len(payouts) > MOST_NAMED else ""
    named = ", ".join(payouts[:MOST_NAMED]) + more
    if len(payouts) == 1:
        return (f"falls out of sight with it: the {one} of {named}",)
    return (f"fall out of sight with it: the {len(payouts)} {several} of {named}",)


def _back(opened: Opened, wish: Wish, who: str | None) -> Look:
    found = opened.book.find_evidence(str(wish["file"]))
    name = str(found["name"])
    look = taken_back(opened, FILE, (found["sha"],), (f"{name} is in use again",), f"{name} is in use")
    return Look(subject=found["sha"], body={"name": name}, effects=look.effects, refused=look.refused, links=look.links)


def _sentence(entry: Entry) -> str:
    name = entry.body["name"]
    return f"{name} is no longer used" if entry.action == "retire" else f"{name} is in use again"


FILE = Kind(
    name="file",
    title="A file of evidence is not to be used",
    done="retire",
    undone="reinstate",
    asked=(Asked(name="file", text="Its name, or the start of its SHA-256", key=True),),
    look=_look,
    back=_back,
    key=lambda e: (e.subject,),
    sentence=_sentence,
    links=lambda e: {str(e.body["name"]): f"/evidence/{e.subject}"},
    checks=("It is in the book, exactly one file has the name, and it is in use.",),
    rests_on=("match", "unmatch", "accept", "unaccept"),
    refuses=("It is out of use already.",),
)

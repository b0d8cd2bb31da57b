"""Why a decision was not made: it cannot be, it needs a second yes, or the book is not as it was shown."""

from __future__ import annotations

import shlex

from crossbook.decisions.kind import Kind, Look
from crossbook.errors import CrossbookError


class UndecidedError(CrossbookError):
    """A decision was not made. `look` is what it would be at this moment."""

    def __init__(self, kind: Kind, look: Look, what: str, todo: str = "") -> None:
        self.kind, self.look = kind, look
        super().__init__(what, todo=todo)


class RefusedError(UndecidedError):
    """The facts, or an earlier decision, rule it out."""

    def __init__(self, kind: Kind, look: Look) -> None:
        lines = "\n".join([*(o.text for o in look.refused), *(q.text for q in look.asks)])
        todo = "\n".join(dict.fromkeys(o.todo for o in look.refused if o.todo))
        what = f"this {kind.name} cannot be:\n{lines}" if len(look.refused) + len(look.asks) > 1 else lines
        super().__init__(kind, look, what, todo)


class AskedError(UndecidedError):
    """Something speaks against it that a person may overrule: by saying each question's answer."""

    def __init__(self, kind: Kind, look: Look) -> None:
        answers = " ".join(f"--yes {shlex.quote(q.answer)}" for q in look.asks)
        said = ", ".join(f'"{q.answer}"' for q in look.asks)
        super().__init__(
            kind,
            look,
            "\n".join(q.text for q in look.asks),
            f'if it is so all the same, name it: {answers} (API: "yes": [{said}]); it is shown from then on',
        )


class ChangedError(UndecidedError):
    """The book is not as it was when the decision was shown."""

    def __init__(self, kind: Kind, look: Look) -> None:
        super().__init__(
            kind,
            look,
            "the book, or what was typed, has changed since this was shown",
            "look at what it would change now, and decide again",
        )

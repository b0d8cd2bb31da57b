"""What customs answered: the returns to messages that were sent."""

from crossbook.facts.kind import CODE, INSTANT, TEXT, Kind

CUSTOMS_RETURN = Kind(
    name="customs_return",
    doc="One answer of customs to one document: which document, its state, when, and what the answer says.",
    columns={
        "message": CODE,  # number of the return: 304, 604, 792, ...
        "document": CODE,  # number of the message that it answers: 303, 603, ...
        "reference": TEXT,  # the document's own number: order, payment, waybill, or number given by the sender
        "order_id": TEXT,
        "tracking": TEXT,
        "number": TEXT,  # given by customs: list, summary application
        "declaration": TEXT,  # the declaration that a summary became
        "code": CODE,  # status as customs writes it
        "state": CODE,  # pending, accepted, released, held, refused, unknown
        "returned_at": INSTANT,
        "info": TEXT,
        "flag": CODE,  # statistics flag of an export list: A simplified declaration, B summary declaration
    },
    key=("message", "reference", "number", "code", "returned_at"),
)

"""Works on a mailbox, round after round, until it is killed."""

import sys
from pathlib import Path

from crossbook.book import open_book
from crossbook.filing.customs.mailbox import one_round

print("ready", flush=True)
while True:
    one_round(open_book(sys.argv[1]), Path(sys.argv[2]), settle=0)
    print("round", flush=True)

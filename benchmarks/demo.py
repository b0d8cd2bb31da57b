"""`crossbook demo` from an empty folder to its summary, in a fresh process: seconds, against the limit of a minute.

python benchmarks/demo.py
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

LIMIT = 60.0
ROUNDS = 3


def main() -> int:
    command = Path(sys.executable).with_name("crossbook")
    took = []
    for _ in range(ROUNDS):
        with tempfile.TemporaryDirectory() as folder:
            started = time.perf_counter()
            subprocess.run([command, "demo", f"{folder}/demo-book"], check=True, stdout=subprocess.DEVNULL)
            took.append(time.perf_counter() - started)
            print(f"{took[-1]:.1f} s", flush=True)
    print(f"median {median(took):.1f} s, limit {LIMIT:.0f} s")
    return 0 if median(took) < LIMIT else 1


if __name__ == "__main__":
    sys.exit(main())

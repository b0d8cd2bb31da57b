"""`python -m crossbook` is the command `crossbook`."""

from crossbook.cli.main import run

if __name__ == "__main__":
    run()

"""Text for spreadsheets that they do not run: a cell that begins like a formula gets an apostrophe before it."""

FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")  # full-width signs count in some locales


def safe(text: str) -> str:
    """Text that no spreadsheet takes for a formula; numbers stay as they are."""
    if text.startswith(FORMULA) and not text.lstrip("+-").replace(".", "", 1).isdigit():
        return "'" + text
    return text

"""Sessions of Spark: what is missing for one is said."""

from __future__ import annotations

from pathlib import Path

import pytest

from crossbook.engine import sessions
from crossbook.errors import CrossbookError


def test_without_java(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    pytest.importorskip("pyspark")
    monkeypatch.setenv("JAVA_HOME", str(tmp_path))
    with pytest.raises(CrossbookError, match="needs Java"):
        sessions.session("local[2]")
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "java").write_text("#!/bin/sh\necho 'openjdk version \"11.0.2\" 2019' >&2\n", encoding="utf-8")
    (tmp_path / "bin" / "java").chmod(0o755)
    with pytest.raises(CrossbookError, match="Java 11 is too old"):
        sessions.session("local[2]")

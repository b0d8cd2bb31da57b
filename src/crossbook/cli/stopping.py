"""A command that is told to end, by Ctrl-C or a signal: it does at once, says so, and leaves nothing of it running."""

from __future__ import annotations

import gc
import os
import signal
import sys
import threading
import warnings
from types import FrameType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sys import UnraisableHookArgs

_SIGNALS = [signal.SIGINT, signal.SIGTERM, *([signal.SIGHUP] if sys.platform != "win32" else [])]
_told: list[int] = []  # the signal


def heed() -> None:
    """From now on such a signal ends what this process is at, as an interruption. Whoever ignores one, as nohup does,
    goes on ignoring it."""
    for number in _SIGNALS:
        if signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, _stop)


def told() -> bool:
    """Whether there was one. Libraries may have made another error of the interruption."""
    return bool(_told)


def leave() -> None:
    """End now, whatever other threads are at. One within the engine would else meet the interpreter's end there, and
    the process crash or never end."""
    number = _told[0]
    if inside := sys.modules.get("crossbook.apart"):
        inside.stop()
    if "multiprocessing.process" in sys.modules:
        import multiprocessing

        for child in multiprocessing.active_children():
            child.kill()
        gc.collect()  # locks that they shared
    try:
        from crossbook.cli.complaints import advise

        sys.stdout.flush()
        advise("stopped")
        sys.stderr.flush()
    except OSError:  # whoever read what it writes is gone, too
        pass
    if number != signal.SIGINT and sys.platform != "win32":  # so that who sent it sees that it was heeded
        signal.signal(number, signal.SIG_DFL)
        os.kill(os.getpid(), number)
    os._exit(128 + number)


def _stop(number: int, frame: FrameType | None) -> None:
    if _told:  # again: not even what it tidies up
        os._exit(128 + number)
    _told.append(number)
    _hush()
    raise KeyboardInterrupt


def _hush() -> None:
    """What things that were stopped half made say as they are let go of is nobody's concern."""
    sys.unraisablehook = _let_go
    warnings.simplefilter("ignore")
    if logging := sys.modules.get("logging"):
        logging.disable()


def _let_go(said: UnraisableHookArgs) -> None:
    """Say nothing of it; an interruption that was lost there, as everything raised while a thing is let go of, comes
    again in a moment."""
    if said.exc_type is KeyboardInterrupt and _told:
        threading.Timer(0.01, _again, [_told.pop()]).start()


def _again(number: int) -> None:
    main = threading.main_thread().ident
    if sys.platform == "win32" or main is None:
        signal.raise_signal(number)
    else:
        signal.pthread_kill(main, number)

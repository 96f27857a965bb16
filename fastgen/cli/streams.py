"""Standard streams that never make a command fail."""

import io
import os
import sys
from typing import TextIO


class Output(io.FileIO):
    """A file descriptor that discards output once its reader is gone.

    For example, `fastgen add docker | head -1` still completes the change.
    """

    def write(self, data: object) -> int:
        try:
            return super().write(data)  # type: ignore[arg-type]
        except BrokenPipeError:
            nowhere = os.open(os.devnull, os.O_WRONLY)
            os.dup2(nowhere, self.fileno())
            os.close(nowhere)
            return super().write(data)  # type: ignore[arg-type]


def prepare() -> None:
    """Replace the standard streams.

    Closed streams are replaced by os.devnull. Characters that the encoding of a stream
    lacks are written as escapes.
    """
    if sys.stdin is None:
        sys.stdin = open(os.devnull, encoding="utf-8")  # noqa: PTH123, SIM115
    sys.stdout = _output(sys.stdout)
    sys.stderr = _output(sys.stderr)


def _output(stream: TextIO | None) -> io.TextIOWrapper:
    if stream is None:
        return open(os.devnull, "w", encoding="utf-8")  # noqa: PTH123
    raw = Output(stream.fileno(), "w", closefd=False)
    return io.TextIOWrapper(
        io.BufferedWriter(raw),
        encoding=stream.encoding,
        errors="backslashreplace",
        line_buffering=stream is sys.stderr or stream.isatty(),
    )

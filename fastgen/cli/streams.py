"""Standard streams that a change does not stumble over."""

import io
import os
import sys
from typing import TextIO


class Output(io.FileIO):
    """A descriptor to write to; once nobody reads it any more, what is written is lost.

    `fastgen add docker | head -1` is a change like any other, and is carried out.
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
    """Give the process all three streams: where one was closed, one to nowhere. What a
    stream's character set lacks is written as an escape."""
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

"""Conversion between the bytes of a file and its text: line ends, byte order marks, and
the encoding that a Python file declares."""

import json
import tokenize
from codecs import BOM_UTF8
from io import BytesIO, StringIO

_PYTHON = (".py", ".pyi")
_UTF8 = ("utf-8", "utf-8-sig")


class Undecodable(ValueError):
    """The bytes cannot be decoded as text."""


class Unencodable(ValueError):
    """The text cannot be written in the encoding of its file."""


def whole_lines(text: str) -> str:
    """`text` with a line end after its last line, so that a missing final line end does
    not count as a change."""
    return text if not text or text.endswith("\n") else f"{text}\n"


def code_lines(text: str) -> list[str]:
    """The lines of the Python code `text` with their line ends, counted as `ast` counts
    them: U+2028 and form feeds do not end a line."""
    return [*StringIO(text, newline="")]


def column_of(lines: list[str], row: int, offset: int) -> int:
    """The column in characters of a position of `ast`, which counts UTF-8 bytes."""
    return len(lines[row - 1].encode()[:offset].decode())


def toml_string(text: str) -> str:
    """`text` as a TOML basic string. TOML escapes the same characters as JSON, and
    DEL."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007F")


def toml_value(value: object) -> str:
    """`value` in TOML notation, for example `true` for `True`."""
    if isinstance(value, str):
        return toml_string(value)
    if isinstance(value, list):
        return f"[{', '.join(map(toml_value, value))}]"
    if isinstance(value, dict):
        rows = (f"{key} = {toml_value(each)}" for key, each in value.items())
        return f"{{ {', '.join(rows)} }}" if value else "{}"
    return str(value).lower() if isinstance(value, bool) else str(value)


def decoded(path: str, content: bytes) -> str:
    """The text of the file at `path`, with LF line ends. Raises Undecodable."""
    try:
        return content.decode(encoding_of(path, content)).replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        raise Undecodable from error


def encoded(path: str, text: str, old: bytes) -> bytes:
    """`text` as bytes, with the encoding, line ends and byte order mark of `old`.

    If `old` and `text` end in the same line, and `old` has no line end there, the
    result has none either. Raises Unencodable.
    """
    before = decoded(path, old)
    if before and not before.endswith("\n"):
        last = before.splitlines()[-1]
        if text.endswith(f"\n{last}\n"):
            text = text.removesuffix("\n")
    if b"\r\n" in old:
        text = text.replace("\n", "\r\n")
    encoding = encoding_of(path, old)
    try:
        content = text.encode(encoding)
    except UnicodeEncodeError as error:
        character = text[error.start]
        reason = f"your file is in {encoding}, which has no {character!r}"
        raise Unencodable(reason) from None
    if encoding_of(path, content) != encoding:
        raise Unencodable(f"the line that says {encoding} is no longer its first")
    return content


def as_utf8(path: str, content: bytes) -> bytes:
    """`content` converted to UTF-8; unchanged if it cannot be decoded."""
    encoding = encoding_of(path, content)
    if encoding in _UTF8:
        return content
    try:
        return content.decode(encoding).encode()
    except UnicodeDecodeError:
        return content


def encoding_of(path: str, content: bytes) -> str:
    """The encoding of `content`: UTF-8 (`utf-8-sig` with a byte order mark), or the
    encoding that a Python file declares (PEP 263)."""
    if path.endswith(_PYTHON):
        try:
            return tokenize.detect_encoding(BytesIO(content).readline)[0]
        except SyntaxError:
            pass  # an unknown encoding, or invalid UTF-8
    return "utf-8-sig" if content.startswith(BOM_UTF8) else "utf-8"

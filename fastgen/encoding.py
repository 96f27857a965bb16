"""Bytes of a file as text, and back: line ends, byte order mark, and, in Python, the
encoding that a file names for itself."""

import json
import tokenize
from codecs import BOM_UTF8
from io import BytesIO, StringIO

_PYTHON = (".py", ".pyi")
_UTF8 = ("utf-8", "utf-8-sig")


class Undecodable(ValueError):
    """The bytes are no text."""


class Unencodable(ValueError):
    """The text has what the encoding of its file does not have."""


def whole_lines(text: str) -> str:
    """`text` with a line end after its last line: an editor that writes none has not
    changed that line."""
    return text if not text or text.endswith("\n") else f"{text}\n"


def code_lines(text: str) -> list[str]:
    """The lines of Python, with their line ends, as `ast` counts them: U+2028 or a form
    feed ends none."""
    return [*StringIO(text, newline="")]


def toml_string(text: str) -> str:
    """`text` as a basic string of TOML, which escapes what JSON does, and DEL."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007F")


def toml_value(value: object) -> str:
    """`value`, read from TOML, as it is written there: `true` and not `True`."""
    if isinstance(value, str):
        return toml_string(value)
    if isinstance(value, list):
        return f"[{', '.join(map(toml_value, value))}]"
    if isinstance(value, dict):
        rows = (f"{key} = {toml_value(each)}" for key, each in value.items())
        return f"{{ {', '.join(rows)} }}" if value else "{}"
    return str(value).lower() if isinstance(value, bool) else str(value)


def decoded(path: str, content: bytes) -> str:
    """The text of the file at `path`, with LF as line end. Raises Undecodable."""
    try:
        return content.decode(encoding_of(path, content)).replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        raise Undecodable from error


def encoded(path: str, text: str, old: bytes) -> bytes:
    """`text` in the encoding, with the line ends and the byte order mark of `old`, and
    without a last line end where the last line of `old` is the last and has none.

    Raises Unencodable.
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
    """`content` in UTF-8, whatever its file says; as it is where it is no text."""
    encoding = encoding_of(path, content)
    if encoding in _UTF8:
        return content
    try:
        return content.decode(encoding).encode()
    except UnicodeDecodeError:
        return content


def encoding_of(path: str, content: bytes) -> str:
    """UTF-8, but for Python that says another (PEP 263); `utf-8-sig` with a mark."""
    if path.endswith(_PYTHON):
        try:
            return tokenize.detect_encoding(BytesIO(content).readline)[0]
        except SyntaxError:
            pass  # an encoding that there is not, or UTF-8 that is none
    return "utf-8-sig" if content.startswith(BOM_UTF8) else "utf-8"

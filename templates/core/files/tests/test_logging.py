import json

import pytest

from myapi.logging import render_json


class Order:
    def __repr__(self) -> str:
        return "<Order 7>"


@pytest.mark.parametrize(
    ("value", "written"),
    [
        ("two\nlines", "two\nlines"),
        ("caf\u00e9 \u2028 \x9b", "caf\u00e9 \u2028 \x9b"),
        ("half a pair: \ud800", "half a pair: \ud800"),
        (b"\xff", "_w=="),
        (float("nan"), "NaN"),
        ({(1, 2)}, [[1, 2]]),
        (Order(), "<Order 7>"),
    ],
)
def test_whatever_is_logged_is_one_line_of_ascii(
    value: object, written: object
) -> None:
    line = render_json(None, "info", {"event": "told", "value": value})
    assert line.isascii()
    assert len(line.splitlines()) == 1
    assert json.loads(line) == {"event": "told", "value": written}

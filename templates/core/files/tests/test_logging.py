import json
import logging
from collections.abc import Iterator

import pytest
import structlog

from myapi.logging import configure_logging, render_json


@pytest.fixture
def usual_logging() -> Iterator[None]:
    yield
    configure_logging("INFO", json=False)


def test_a_higher_level_leaves_lower_events_out(
    usual_logging: None, capsys: pytest.CaptureFixture[str]
) -> None:
    configure_logging("WARNING", json=True)
    ours, library = structlog.get_logger("ours"), logging.getLogger("library")
    for logger in (ours, library):
        logger.info("request")
        logger.warning("slow request")
    events = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [(event["logger"], event["event"]) for event in events] == [
        ("ours", "slow request"),
        ("library", "slow request"),
    ]


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

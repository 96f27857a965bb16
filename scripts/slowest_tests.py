"""The ten slowest tests of some runs: `slowest_tests.py REPORT...`, each as pytest's
`--junitxml` writes it."""

import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from xml.etree import ElementTree

COUNT = 10
WIDTH = 110


def tests_of(report: Path) -> Iterator[tuple[float, str]]:
    """The seconds and the name of each test in `report`."""
    for case in ElementTree.parse(report).iter("testcase"):  # noqa: S314 (our own)
        name = f"{case.get('classname')}::{case.get('name')}"
        yield float(case.get("time", 0)), name


def slowest(reports: Iterable[Path]) -> list[tuple[float, str]]:
    found = [test for report in reports for test in tests_of(report)]
    return sorted(found, reverse=True)[:COUNT]


if __name__ == "__main__":
    for seconds, name in slowest(map(Path, sys.argv[1:])):
        print(f"{seconds:5.0f} s  {name[:WIDTH]}")  # noqa: T201 (for people)

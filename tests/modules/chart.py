"""A project's Helm chart, rendered by Helm's own code (Go, in helm-python-sdk)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import helm_python
import yaml

from tests.modules.rendered import Texts

Object = Mapping[str, Any]
Values = Mapping[str, Any]

RELEASE = "shop"
INFO = 1


@dataclass(frozen=True)
class Chart:
    """A chart in a folder, with the other files of its project around it."""

    project: Path

    @property
    def folder(self) -> Path:
        return self.project / "chart"

    def text(self, path: str) -> str:
        return (self.project / path).read_text()

    def flaws(self, values: Values) -> list[str]:
        """What `helm lint --strict` finds."""
        report = helm_python.lint(self.folder, dict(values), strict=True)
        found = [m["error"] for m in report["messages"] if m["severity"] > INFO]
        return [*report["errors"], *found]

    def objects(self, values: Values) -> list[Object]:
        """What `helm template` prints. Raises HelmError for values that it refuses."""
        with helm_python.Chart.load(self.folder) as chart:
            texts = chart.render(dict(values), name=RELEASE, namespace="production")
        parsed = (each for text in texts.values() for each in yaml.safe_load_all(text))
        return [each for each in parsed if each]


def written_chart(texts: Texts, folder: Path) -> Chart:
    """The chart of a project, written with all of its files below `folder`."""
    for path, text in texts.items():
        file = folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    return Chart(folder)


def of_kind(objects: list[Object], *kinds: str) -> list[Object]:
    return [each for each in objects if each["kind"] in kinds]


def pods(objects: list[Object]) -> Iterator[Object]:
    """The template of each pod: metadata and spec."""
    for each in of_kind(objects, "Deployment", "StatefulSet", "Job"):
        yield each["spec"]["template"]


def containers(pod: Object) -> list[Object]:
    return [*pod["spec"].get("initContainers", []), *pod["spec"]["containers"]]

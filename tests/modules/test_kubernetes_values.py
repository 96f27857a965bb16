"""What a release can choose by the values of its chart, and what Helm refuses."""

import re
from dataclasses import replace
from pathlib import Path

import helm_python
import pytest
import yaml

from fastgen.catalog.sources import load_catalog
from fastgen.spec.edits import with_modules, with_options
from fastgen.spec.side import Side
from fastgen.spec.spec import first_spec
from tests.modules.chart import RELEASE, Chart, Values, of_kind, pods, written_chart
from tests.modules.rendered import rendered

REFUSED = {
    "a tag that is a number": ({"image": {"tag": 1.2}}, "/image/tag"),
    "a digest that is none": ({"image": {"digest": "sha256:1"}}, "/image/digest"),
    "a key that there is not": ({"replica": 3}, "'replica' not allowed"),
    "an ingress without a host": ({"ingress": {"enabled": True}}, "/ingress/host"),
    "an ingress whose addresses are not known": (
        {"ingress": {"enabled": True, "host": "api.example.com"}},
        "missing property 'FORWARDED_ALLOW_IPS'",
    ),
    "clients that choose their address": (
        {"settings": {"FORWARDED_ALLOW_IPS": "*"}},
        "/settings/FORWARDED_ALLOW_IPS",
    ),
    "clients that choose their address, by a network": (
        {"settings": {"FORWARDED_ALLOW_IPS": "10.0.0.0/8,0.0.0.0/0"}},
        "/settings/FORWARDED_ALLOW_IPS",
    ),
    "no name of a Secret": ({"existingSecret": ""}, "/existingSecret"),
    "a secret among the settings": (
        {"settings": {"DATABASE_URL": "postgresql://"}},
        "invalid propertyName 'DATABASE_URL'",
    ),
    "a port that the chart does not know": (
        {"settings": {"PORT": "9000"}},
        "invalid propertyName 'PORT'",
    ),
    "a setting that is a number": ({"settings": {"A": 8}}, "/settings/A"),
    "a value of Kubernetes that is misspelt": (
        {"tolerations": [{"key": "spot", "effects": "NoSchedule"}]},
        "/tolerations/0",
    ),
    "a folder of the node": (
        {"extraVolumes": [{"name": "node", "hostPath": {"path": "/"}}]},
        "/extraVolumes/0/hostPath",
    ),
    "a volume of the chart": (
        {"extraVolumes": [{"name": "tmp", "emptyDir": {}}]},
        "/extraVolumes/0/name",
    ),
    "a secret in the clear": (
        {"extraEnv": [{"name": "DATABASE_URL", "value": "postgresql://"}]},
        "/extraEnv/0",
    ),
    "a label that selectors use": (
        {"podLabels": {"app.kubernetes.io/component": "web"}},
        "invalid propertyName 'app.kubernetes.io/component'",
    ),
    "a name that no object can have": ({"fullnameOverride": "My_Shop"}, "/fullnameO"),
    "no replica": ({"autoscaling": {"minReplicas": 0}}, "/autoscaling/minReplicas"),
    "no port": ({"networkPolicy": {"egress": {"cache": {}}}}, "missing property 'port"),
}


@pytest.mark.parametrize("what", REFUSED)
def test_values_that_break_a_rule_are_refused_with_their_place(
    what: str, tmp_path: Path
) -> None:
    values, place = REFUSED[what]
    with pytest.raises(helm_python.HelmValuesError) as refusal:
        chart_on_postgresql("shop", tmp_path).objects(values)
    problem = str(refusal.value).partition("\nshop:\n")[2].splitlines()[0]
    assert place in problem


def chart_on_postgresql(name: str, folder: Path) -> Chart:
    nothing = Side(first_spec(name, "", "3.11", "1"), load_catalog())
    side = with_modules(nothing, ["kubernetes", "database"])
    spec = with_options(side, ["database.engine=postgres"]).spec
    return written_chart(rendered(spec), folder)


FITTING: list[Values] = [
    {},
    {"autoscaling": {"enabled": False}, "replicas": 3},
    {"database": {"maxConnections": 230}, "autoscaling": {"maxReplicas": 10}},
    {"settings": {"DATABASE_POOL_SIZE": "1"}, "autoscaling": {"maxReplicas": 7}},
]
TOO_MANY: list[tuple[Values, str]] = [
    ({"autoscaling": {"maxReplicas": 4}}, "4 replicas need 110 database connections"),
    (
        {"autoscaling": {"enabled": False}, "replicas": 9},
        "9 replicas need 210 database connections: 20 each, ",
    ),
    (
        {"database": {"maxConnections": 229}, "autoscaling": {"maxReplicas": 10}},
        "database.maxConnections is 229",
    ),
    ({"settings": {"DATABASE_READ_POOL_SIZE": "9"}}, "24 each, "),
]


@pytest.mark.parametrize("values", FITTING, ids=str)
def test_replicas_that_the_database_has_connections_for_are_rendered(
    values: Values, tmp_path: Path
) -> None:
    assert chart_on_postgresql("shop", tmp_path).objects(values)


@pytest.mark.parametrize(("values", "words"), TOO_MANY, ids=str)
def test_more_replicas_than_the_database_has_connections_for_are_refused(
    values: Values, words: str, tmp_path: Path
) -> None:
    with pytest.raises(helm_python.HelmError, match=words):
        chart_on_postgresql("shop", tmp_path).objects(values)


def test_the_chart_counts_the_connections_that_the_settings_have(
    tmp_path: Path,
) -> None:
    chart = chart_on_postgresql("shop", tmp_path)
    settings = chart.text("src/shop/db/settings.py")
    sizes = {
        name: re.findall(rf"^    {name.lower()}: int = (\d+)$", settings, re.MULTILINE)
        for name in ("POOL_SIZE", "MAX_OVERFLOW", "READ_POOL_SIZE")
    }
    counted = chart.text("chart/templates/connections.yaml")
    for name, (size,) in sizes.items():
        assert f'"DATABASE_{name}" | default "{size}"' in counted


def test_two_charts_in_one_release_have_objects_of_their_own(tmp_path: Path) -> None:
    about = {"apiVersion": "v2", "name": "both", "version": "1.0.0"}
    (tmp_path / "chart" / "charts").mkdir(parents=True)
    (tmp_path / "chart" / "Chart.yaml").write_text(yaml.safe_dump(about))
    for name in ("shop", "notes"):
        one = chart_on_postgresql(name, tmp_path / name)
        one.folder.rename(tmp_path / "chart" / "charts" / name)
    objects = Chart(tmp_path).objects({"notes": {"existingSecret": "notes"}})
    names = [(each["kind"], each["metadata"]["name"]) for each in objects]
    assert len({*names}) == len(names)
    assert {name for kind, name in names if kind == "Service"} == {"shop", "shop-notes"}


@pytest.mark.parametrize(
    ("values", "name"),
    [
        ({"nameOverride": "api"}, f"{RELEASE}-api"),
        ({"fullnameOverride": "front"}, "front"),
    ],
)
def test_objects_can_be_given_another_name(
    values: Values, name: str, tmp_path: Path
) -> None:
    objects = chart_on_postgresql("shop", tmp_path).objects(values)
    migrate = f"{name}-migrate"
    assert {each["metadata"]["name"] for each in objects} == {name, migrate}
    (scaler,) = of_kind(objects, "HorizontalPodAutoscaler")
    assert scaler["spec"]["scaleTargetRef"]["name"] == name


def test_the_server_can_be_spread_over_zones(tmp_path: Path) -> None:
    zones = {
        "maxSkew": 1,
        "topologyKey": "topology.kubernetes.io/zone",
        "whenUnsatisfiable": "DoNotSchedule",
    }
    chart = chart_on_postgresql("shop", tmp_path)
    (deployment,) = of_kind(
        chart.objects({"topologySpreadConstraints": [zones]}), "Deployment"
    )
    spec = deployment["spec"]["template"]["spec"]
    assert spec["topologySpreadConstraints"] == [zones]


def test_pods_are_replaced_when_the_secret_has_changed(tmp_path: Path) -> None:
    """Helm has no cluster here, so a template takes the place of what it looks up."""
    chart = chart_on_postgresql("shop", tmp_path)
    versions = chart.folder / "templates" / "_a_version.tpl"
    found = []
    for version in ("1", "2", "2"):
        define = f'{{{{- define "shop.secretVersion" -}}}}{version}{{{{- end }}}}'
        versions.write_text(define)
        objects = chart.objects({})
        found.append(
            {p["metadata"]["annotations"]["checksum/secret"] for p in pods(objects)}
        )
    assert found[0] != found[1] == found[2]
    versions.unlink()
    assert all("annotations" not in pod["metadata"] for pod in pods(chart.objects({})))


def test_a_description_is_text_whatever_is_in_it(tmp_path: Path) -> None:
    hostile = "\"{{ .Release.Name }}\" '%s'\nname: other # {% raw %}"
    nothing = Side(first_spec("shop", "", "3.11", "1"), load_catalog())
    spec = with_modules(nothing, ["kubernetes"]).spec
    chart = written_chart(rendered(replace(spec, description=hostile)), tmp_path)
    about = yaml.safe_load(chart.text("chart/Chart.yaml"))
    assert (about["name"], about["description"]) == ("shop", hostile.replace("\n", " "))
    assert chart.flaws({}) == []

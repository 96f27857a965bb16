"""The Helm chart of every project of the matrix that has one, with several files of
values: rendered by Helm, valid by Kubernetes' own schemas, and safe."""

import json
import re

import kubernetes_validate
import pytest
import yaml

from tests.modules.chart import (
    Chart,
    Object,
    Values,
    containers,
    of_kind,
    pods,
    written_chart,
)
from tests.modules.rendered import texts_of
from tests.projects.matrix import Row, rows

OLDEST, NEWEST = "1.30", kubernetes_validate.latest_version()

DIGEST = f"sha256:{'0' * 64}"

EVERYTHING: Values = {
    "image": {"digest": DIGEST, "pullPolicy": "Always", "pullSecrets": ["registry"]},
    "existingSecret": "another",
    "settings": {
        "LOG_LEVEL": "WARNING",
        "CORS_ORIGINS": 'https://a.example,"{}: #',
        "FORWARDED_ALLOW_IPS": "10.42.0.0/16, fd00::/8",
    },
    "serviceAccount": "cloud",
    "podAnnotations": {"example.com/scrape": "true"},
    "podLabels": {"tier": "web"},
    "nodeSelector": {"kubernetes.io/arch": "amd64"},
    "tolerations": [{"key": "spot", "operator": "Exists", "effect": "NoSchedule"}],
    "affinity": {
        "podAntiAffinity": {
            "requiredDuringSchedulingIgnoredDuringExecution": [
                {
                    "topologyKey": "kubernetes.io/hostname",
                    "labelSelector": {"matchLabels": {"app": "noisy"}},
                }
            ]
        }
    },
    "extraEnv": [
        {
            "name": "POD_NAME",
            "valueFrom": {"fieldRef": {"fieldPath": "metadata.name"}},
        }
    ],
    "extraEnvFrom": [{"configMapRef": {"name": "shared"}}],
    "extraVolumes": [{"name": "ca", "configMap": {"name": "ca"}}],
    "extraVolumeMounts": [{"name": "ca", "mountPath": "/etc/ca", "readOnly": True}],
    "ingress": {
        "enabled": True,
        "className": "nginx",
        "host": "api.example.com",
        "tlsSecret": "tls",
        "annotations": {"example.com/size": "8m"},
    },
    "networkPolicy": {
        "from": [{"namespaceSelector": {"matchLabels": {"name": "ingress"}}}],
        "egress": {"cache": {"port": 6379, "to": [{"podSelector": {}}]}},
    },
}
LEAST: Values = {"networkPolicy": {"enabled": False}}

WITH_CHART = [row for row in rows() if "kubernetes" in row.modules]


@pytest.fixture(scope="module", params=WITH_CHART, ids=str)
def row(request: pytest.FixtureRequest) -> Row:
    return request.param


@pytest.fixture(scope="module")
def chart(row: Row, tmp_path_factory: pytest.TempPathFactory) -> Chart:
    return written_chart(texts_of(row), tmp_path_factory.mktemp("project"))


each_values = pytest.mark.parametrize(
    "values", [{}, EVERYTHING, LEAST], ids=["defaults", "everything", "least"]
)


@each_values
def test_it_is_valid_by_helm_and_by_the_schemas_of_kubernetes(
    chart: Chart, values: Values
) -> None:
    assert chart.flaws(values) == []
    objects = chart.objects(values)
    for each in objects:
        for version in (OLDEST, NEWEST):
            kubernetes_validate.validate(each, version, strict=True)
    names = [(each["kind"], each["metadata"]["name"]) for each in objects]
    assert len({*names}) == len(names)


@each_values
def test_a_pod_has_no_rights_that_it_does_not_need(
    chart: Chart, values: Values
) -> None:
    (user,) = re.findall(r"^USER (\d+)$", chart.text("Dockerfile"), re.MULTILINE)
    found = [*pods(chart.objects(values))]
    assert found
    for pod in found:
        spec = pod["spec"]
        assert spec["automountServiceAccountToken"] is False
        assert spec["enableServiceLinks"] is False
        assert not {"hostNetwork", "hostPID", "hostIPC"} & spec.keys()
        assert spec["securityContext"]["runAsNonRoot"] is True
        assert spec["securityContext"]["runAsUser"] == int(user)
        assert spec["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
        assert all("hostPath" not in volume for volume in spec["volumes"])
        for container in containers(pod):
            check_container(container)


def check_container(container: Object) -> None:
    assert container["securityContext"] == {
        "allowPrivilegeEscalation": False,
        "readOnlyRootFilesystem": True,
        "capabilities": {"drop": ["ALL"]},
    }
    assert {"requests", "limits"} <= container["resources"].keys()
    assert "memory" in container["resources"]["limits"]
    mounts = container["volumeMounts"]
    writable = {m["mountPath"] for m in mounts if not m.get("readOnly")}
    assert writable <= {"/tmp", "/data"}  # noqa: S108 (in the container)


@each_values
def test_a_secret_comes_from_outside_alone(chart: Chart, values: Values) -> None:
    objects = chart.objects(values)
    assert of_kind(objects, "Secret", "ConfigMap") == []
    expected = values.get("existingSecret") or yaml.safe_load(
        chart.text("chart/values.yaml")
    ).get("existingSecret")
    for pod in pods(objects):
        for container in containers(pod):
            sources = container.get("envFrom", [])
            secrets = [each for each in sources if "secretRef" in each]
            assert secrets == ([{"secretRef": {"name": expected}}] if expected else [])
            variables = container.get("env", [])
            given = {v["name"]: v["value"] for v in variables if "value" in v}
            assert values.get("settings", {}).items() <= given.items()
            assert not {"AUTH_SECRET_KEYS", "MAIL_URL"} & given.keys()
            assert given.get("DATABASE_URL", "sqlite:").startswith("sqlite:")


def test_a_pod_is_asked_whether_it_lives_and_is_given_the_time_to_end(
    chart: Chart,
) -> None:
    (server,) = (
        each
        for pod in pods(chart.objects({}))
        for each in containers(pod)
        if each["name"] == "api"
    )
    (port,) = re.findall(r"^EXPOSE (\d+)$", chart.text("Dockerfile"), re.MULTILINE)
    assert server["ports"] == [{"name": "http", "containerPort": int(port)}]
    asked = {
        kind: server[f"{kind}Probe"]["httpGet"]
        for kind in ("startup", "liveness", "readiness")
    }
    live = {"path": "/health/live", "port": "http"}
    ready = {"path": "/health/ready", "port": "http"}
    # Not `ready`: a short outage of the database would stop all replicas.
    assert asked == {"startup": ready, "liveness": live, "readiness": live}

    (spec,) = (
        pod["spec"]
        for pod in pods(chart.objects({}))
        if any(each["name"] == "api" for each in pod["spec"]["containers"])
    )
    before = server["lifecycle"]["preStop"]["sleep"]["seconds"]
    assert spec["terminationGracePeriodSeconds"] > before + seconds_to_stop(chart)


def seconds_to_stop(chart: Chart) -> int:
    """How long the project's server waits for requests that are under way."""
    option = r"(?:graceful.shutdown|kill_timeout|graceful_timeout)\W+(\d+)"
    files = [chart.project / "Dockerfile", *chart.project.rglob("server.py")]
    (seconds,) = re.findall(option, "\n".join(file.read_text() for file in files))
    return int(seconds)


def test_its_objects_find_one_another(chart: Chart) -> None:
    objects = chart.objects(EVERYTHING)
    by_component = {
        pod["metadata"]["labels"]["app.kubernetes.io/component"]: pod["metadata"]
        for pod in pods(objects)
    }
    api = by_component.pop("api")["labels"].items()
    (service,) = of_kind(objects, "Service")
    (ingress,) = of_kind(objects, "Ingress")
    (workload,) = of_kind(objects, "Deployment", "StatefulSet")
    name = workload["metadata"]["name"]
    assert service["metadata"]["name"] == name
    matching = (workload, *of_kind(objects, "PodDisruptionBudget"))
    selectors = [each["spec"]["selector"]["matchLabels"] for each in matching]
    for selector in (service["spec"]["selector"], *selectors):
        assert selector.items() <= api
        for other in by_component.values():
            assert not selector.items() <= other["labels"].items()
    for scaler in of_kind(objects, "HorizontalPodAutoscaler"):
        target = scaler["spec"]["scaleTargetRef"]
        assert (target["kind"], target["name"]) == (workload["kind"], name)
    (rule,) = ingress["spec"]["rules"]
    (path,) = rule["http"]["paths"]
    assert path["backend"]["service"] == {"name": name, "port": {"name": "http"}}


def test_a_pod_may_connect_from_its_first_moment_where_nothing_else_may(
    row: Row, chart: Chart
) -> None:
    """In a namespace whose own policy denies all, when it is installed first."""
    objects = chart.objects({})
    ports: set[tuple[str, int]] = {("UDP", 53), ("TCP", 53)}
    if row.modules.get("database", {}).get("engine") == "postgres":
        ports |= {("TCP", 5432)}
    started = []
    policies: list[Object] = []
    for each in sorted(objects, key=when_installed):
        policies += of_kind([each], "NetworkPolicy")
        for pod in pods([each]):
            labels = pod["metadata"]["labels"]
            started.append(labels["app.kubernetes.io/component"])
            (policy,) = (p for p in policies if selects(p, labels))
            assert policy["spec"]["policyTypes"] == ["Ingress", "Egress"]
            rules = policy["spec"]["egress"]
            assert all("to" not in rule for rule in rules)
            given = (port for rule in rules for port in rule["ports"])
            assert {(p.get("protocol", "TCP"), p["port"]) for p in given} >= ports
            assert bool(policy["spec"].get("ingress")) == (started[-1] == "api")
    assert started in (["api"], ["migrate", "api"])


def when_installed(each: Object) -> tuple[bool, int, bool]:
    """Hooks come first, by weight alone; of all else, policies come first."""
    notes = each["metadata"].get("annotations", {})
    hook = "pre-install" in notes.get("helm.sh/hook", "")
    weight = int(notes.get("helm.sh/hook-weight", 0))
    return not hook, weight, hook == (each["kind"] == "NetworkPolicy")


def selects(policy: Object, labels: Object) -> bool:
    return policy["spec"]["podSelector"]["matchLabels"].items() <= labels.items()


def test_it_has_what_its_database_needs_and_nothing_else(
    row: Row, chart: Chart
) -> None:
    objects = chart.objects({})
    kinds = {each["kind"] for each in objects}
    many = {"Deployment", "HorizontalPodAutoscaler", "PodDisruptionBudget"}
    migrations = [
        container["command"]
        for pod in pods(objects)
        for container in containers(pod)
        if container["name"] == "migrate"
    ]
    policy, *_ = of_kind(objects, "NetworkPolicy")
    ports = {p["port"] for rule in policy["spec"]["egress"] for p in rule["ports"]}
    match row.modules.get("database", {}).get("engine"):
        case None:
            text = "".join(f.read_text() for f in chart.folder.rglob("*.*"))
            assert kinds & {"Job", "StatefulSet"} == set()
            assert not re.search("database|migrat|postgres|sqlite", text, re.IGNORECASE)
        case "sqlite":
            (workload,) = of_kind(objects, "StatefulSet")
            assert workload["spec"]["replicas"] == 1
            assert kinds & {*many, "Job"} == set()
            assert migrations == [["alembic", "upgrade", "head"]]
        case "postgres":
            (job,) = of_kind(objects, "Job")
            hooks = job["metadata"]["annotations"]["helm.sh/hook"]
            assert hooks == "pre-install,pre-upgrade"
            assert kinds & {*many, "StatefulSet"} == many
            assert migrations == [["alembic", "upgrade", "head"]]
            assert 5432 in ports
    assert ports >= ({25, 465, 587} if "mail" in row.modules else {53})


def test_each_value_has_a_rule_and_a_place(chart: Chart) -> None:
    templates = chart.folder.glob("templates/*")
    text = "\n".join(file.read_text() for file in templates)
    schema = json.loads(chart.text("chart/values.schema.json"))
    values = yaml.safe_load(chart.text("chart/values.yaml"))
    rules = schema["properties"]
    assert rules.keys() - {"global"} == values.keys()  # Helm's own, for all charts
    for name, group in values.items():
        assert f".Values.{name}" in text
        if "properties" in rules[name]:
            assert rules[name]["additionalProperties"] is False
            if group:  # else they are what Kubernetes takes, such as of `affinity`
                assert rules[name]["properties"].keys() == group.keys()
        if name not in ("settings", "resources"):
            for key in group if isinstance(group, dict) else ():
                # A template goes into the image, and says `.tag` there.
                optional = "?" if name == "image" else ""
                use = rf"[( ](\.Values\.{name}){optional}\.{key}\b"
                assert re.search(use, text), key


def test_extensions_reach_every_pod(row: Row, chart: Chart) -> None:
    for pod in pods(chart.objects(EVERYTHING)):
        assert pod["metadata"]["labels"]["tier"] == "web"
        assert pod["metadata"]["annotations"] == EVERYTHING["podAnnotations"]
        for name in ("nodeSelector", "tolerations", "affinity"):
            assert pod["spec"][name] == EVERYTHING[name]
        assert EVERYTHING["extraVolumes"][0] in pod["spec"]["volumes"]
        for container in containers(pod):
            assert EVERYTHING["extraEnv"][0] in container["env"]
            assert EVERYTHING["extraEnvFrom"][0] in container["envFrom"]
            assert EVERYTHING["extraVolumeMounts"][0] in container["volumeMounts"]

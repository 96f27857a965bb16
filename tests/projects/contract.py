"""Every operation of a running server's OpenAPI document, asked by schemathesis."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from .commands import run
from .generated import Generated

HOOKS = Path(__file__).with_name("hooks")

CHECKS = (
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_headers_conformance",
    "response_schema_conformance",
)

# All of it comes from one address, far faster than anybody may guess.
LIMITS = ("LOGIN", "CLIENT", "ACCOUNT", "MAIL", "MAIL_CLIENT")
NO_LIMIT = {f"AUTH_{limit}_RATE": "1000000/minute" for limit in LIMITS}


def check_contract(
    project: Generated, address: str, role: str = "", *, examples: int
) -> None:
    """Ask as nobody, as a registered "user", or as an "admin"."""
    folder = project.root / ".venv" / f"schemathesis-{role or 'nobody'}"
    folder.mkdir()
    program = project.root / ".venv" / "bin" / "schemathesis"
    report = folder / "report.json"
    command: list[str | Path] = [program, "run", f"{address}/openapi.json"]
    command += ["--checks", ",".join(CHECKS), "--max-examples", str(examples)]
    command += ["--seed", "1", "--generation-deterministic", "--no-color"]
    command += ["--suppress-health-check", "all", "--warnings", "off"]
    command += ["--report", "json", "--report-json-path", report]
    run(command, folder, {**project.environment, **_somebody(project, address, role)})
    asked = json.loads(report.read_text())
    _check_that_all_were_asked(asked, role)


def _somebody(project: Generated, address: str, role: str) -> Mapping[str, str]:
    if not role:
        return {}
    return {
        "PYTHONPATH": str(HOOKS),
        "SCHEMATHESIS_HOOKS": "somebody",
        "ADDRESS": address,
        "ROLE": role,
        "ROOT": str(project.root),
        "PACKAGE": project.package,
    }


def _check_that_all_were_asked(report: Mapping[str, Any], role: str) -> None:
    operations = report["operations"]
    assert operations["tested"] == operations["total"] > 0, operations
    assert report["complete"], report["stop_reason"]
    if role:
        rates = report["valid_rates"]["GET /api/v1/auth/me"].values()
        assert any(phase["accepted"] for phase in rates), f"no {role} was logged in"

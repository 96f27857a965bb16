import pytest
from opentelemetry import trace

from clients import client_of
from myapi.main import create_app
from myapi.settings import Settings


class Provider(trace.TracerProvider):
    """Knows who asked it for a tracer."""

    def __init__(self) -> None:
        self.asked_by: list[str] = []

    def get_tracer(
        self, instrumenting_module_name: str, *args: object, **options: object
    ) -> trace.Tracer:
        self.asked_by.append(instrumenting_module_name)
        return trace.NoOpTracer()


@pytest.mark.parametrize(("telemetry", "asked_by"), [(True, ["fastapi"]), (False, [])])
async def test_requests_are_traced_when_settings_say_so(
    monkeypatch: pytest.MonkeyPatch, telemetry: bool, asked_by: list[str]
) -> None:
    provider = Provider()
    monkeypatch.setattr(trace, "get_tracer_provider", lambda: provider)
    settings = Settings(environment="test", telemetry=telemetry, _env_file=None)
    async with client_of(create_app(settings)) as client:
        assert (await client.get("/health/live")).status_code == 200
    assert provider.asked_by == asked_by

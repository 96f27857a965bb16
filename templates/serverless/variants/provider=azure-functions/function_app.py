"""What Azure Functions loads."""

from myapi.main import app as api
from myapi.serverless.azure_functions import create_function_app
from myapi.serverless.started_once import StartedOnce

app = create_function_app(StartedOnce(api))

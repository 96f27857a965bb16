"""Write the OpenAPI document into a file: `python clients/openapi.py FILE`."""

import json
import sys
from pathlib import Path

from myapi.main import create_app
from myapi.settings import Settings

document = create_app(Settings(environment="test", _env_file=None)).openapi()
Path(sys.argv[1]).write_text(json.dumps(document, indent=2), encoding="utf-8")

"""Syntax checks by file format."""

import ast
import json
import re
import tomllib

from fastgen.tools.ruff import needed_python


def parse_problem(path: str, text: str) -> tuple[int, str] | None:
    """The line and the reason if `text` is not valid in the format of `path`, or None.

    Python that needs a later version than the running one is valid.
    """
    text = text.removeprefix("\ufeff")
    try:
        if path.endswith((".py", ".pyi")):
            ast.parse(text)
        elif path.endswith(".toml"):
            tomllib.loads(text)
        elif path.endswith(".json"):
            json.loads(text)
        elif is_yaml(path):
            _load_yaml(text)
    except SyntaxError as error:
        return None if needed_python(text) else (error.lineno or 1, error.msg)
    except ValueError as error:
        place = re.search(r"line (\d+)", str(error))
        return int(place[1]) if place else 1, str(error).splitlines()[0]
    except RecursionError:
        pass  # nested too deeply for the parser, which is not an error of the text
    return None


def is_yaml(path: str) -> bool:
    """Whether `path` is a YAML file. Helm templates are not YAML."""
    *folders, name = path.split("/")
    return name.endswith((".yaml", ".yml")) and "templates" not in folders


def _load_yaml(text: str) -> None:
    import yaml

    try:
        loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
        for _ in yaml.compose_all(text, Loader=loader):
            pass
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise ValueError(f"{error.problem} (line {line})") from None

"""Merge of compose.yaml. Values that have two forms are compared in the user's form."""

import json
import re
from collections.abc import Iterator

import yaml

from fastgen.encoding import whole_lines
from fastgen.merge.structure.blocks import Merged
from fastgen.merge.yaml import merged_yaml

COMPOSE_FILE = re.compile(r"(^|/)(docker-)?compose(\.[\w-]+)?\.ya?ml$")

_ENVIRONMENT, _DEPENDENCIES = "environment", "depends_on"

Values = dict[tuple[str, str], tuple[yaml.Node, yaml.Node]]
"""(key, value) by service and key."""


def merged_compose(base: str, next_: str, user: str) -> Merged:
    """Merge as YAML. If the user writes the variables or dependencies of a service as a
    list, base and next are converted to lists first."""
    return merged_yaml(_in_form_of(user, base), _in_form_of(user, next_), user)


def _in_form_of(user: str, text: str) -> str:
    text = whole_lines(text)
    try:
        values, user_values = _values(text), _values(user)
    except yaml.YAMLError:
        return text  # the merge itself reports the error
    # From the end, so that earlier positions stay valid.
    for place, (key, value) in reversed(values.items()):
        wanted = user_values.get(place, (key, value))[1]
        if not isinstance(value, yaml.MappingNode) or value.flow_style:
            continue
        if isinstance(wanted, yaml.SequenceNode):
            items = [*_items(place[1], value)]
            indent = " " * value.start_mark.column
            lines = "".join(f"\n{indent}- {item}" for item in items)
            written = f" [{', '.join(items)}]" if wanted.flow_style else lines
            colon = text.index(":", key.end_mark.index) + 1
            text = text[:colon] + written + text[_end(text, value) :]
    return text


def _values(text: str) -> Values:
    root = yaml.compose(text, Loader=yaml.SafeLoader)
    return {
        (service.value, key.value): (key, value)
        for head, services in _pairs(root)
        if head.value == "services"
        for service, definition in _pairs(services)
        for key, value in _pairs(definition)
        if key.value in (_ENVIRONMENT, _DEPENDENCIES)
    }


def _pairs(node: yaml.Node | None) -> Iterator[tuple[yaml.ScalarNode, yaml.Node]]:
    for key, value in node.value if isinstance(node, yaml.MappingNode) else ():
        if isinstance(key, yaml.ScalarNode):
            yield key, value


def _items(key: str, node: yaml.MappingNode) -> Iterator[str]:
    for name, value in _pairs(node):
        is_variable = key == _ENVIRONMENT
        item = f"{name.value}={value.value}" if is_variable else str(name.value)
        yield item if _is_plain(item) else json.dumps(item, ensure_ascii=False)


def _is_plain(item: str) -> bool:
    try:
        return bool(yaml.safe_load(f"[{item}]") == [item])
    except yaml.YAMLError:
        return False


def _end(text: str, node: yaml.Node) -> int:
    """The end of the last line of `node`. The end mark of a block node is the start of
    the next node."""
    while isinstance(node, yaml.CollectionNode) and node.value and not node.flow_style:
        last = node.value[-1]
        node = last[1] if isinstance(last, tuple) else last
    return text.index("\n", node.end_mark.index)

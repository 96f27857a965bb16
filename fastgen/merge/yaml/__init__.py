"""Three versions of a YAML file, merged by key."""

from fastgen.merge.structure.blocks import Group, Merged, Unreadable
from fastgen.merge.structure.fitting import merged_where_it_fits
from fastgen.merge.structure.threeway import merged_texts
from fastgen.merge.yaml.documents import documents_group
from fastgen.merge.yaml.events import with_events_as_keys
from fastgen.merge.yaml.styles import in_users_style
from fastgen.merge.yaml.wording import YAML


def merged_yaml(base: str, next_: str, user: str) -> Merged:
    """Merge by key, and sequences by their scalars or by the names of their mappings.

    Raises Unreadable if one of the texts is not YAML.
    """
    user = with_events_as_keys(base, next_, user)
    base_group, user_group = documents_group(base), documents_group(user)

    def parsed(text: str) -> Group:
        group = documents_group(text)
        return in_users_style(group, user_group, None if text == base else base_group)

    def merge(base: str, next_: str, user: str) -> Merged:
        return merged_texts(base, next_, user, parsed, wording=YAML)

    return merged_where_it_fits((base, next_, user), merge, documents_group, _problem)


def _problem(text: str) -> str | None:
    try:
        documents_group(text)
    except Unreadable as error:
        return str(error)
    return None

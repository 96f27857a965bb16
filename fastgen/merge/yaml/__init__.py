"""Three versions of a YAML file, merged by key."""

from fastgen.merge.structure.blocks import Merged, Unreadable
from fastgen.merge.structure.fitting import merged_where_it_fits
from fastgen.merge.structure.threeway import merged_texts
from fastgen.merge.yaml.documents import documents_group
from fastgen.merge.yaml.wording import YAML


def merged_yaml(base: str, next_: str, user: str) -> Merged:
    """Merge by key, a sequence by its scalars or by the names of its mappings.

    Raises Unreadable when one of the texts is not YAML.
    """

    def merge(base: str, next_: str, user: str) -> Merged:
        return merged_texts(base, next_, user, documents_group, wording=YAML)

    return merged_where_it_fits((base, next_, user), merge, documents_group, _problem)


def _problem(text: str) -> str | None:
    try:
        documents_group(text)
    except Unreadable as error:
        return str(error)
    return None

"""Three versions of a YAML file, merged by key."""

from fastgen.merge.structure.blocks import Merged, Unreadable, not_fitting
from fastgen.merge.structure.threeway import merged_texts
from fastgen.merge.yaml.documents import documents_group


def merged_yaml(base: str, next_: str, user: str) -> Merged:
    """Merge by key, a sequence by its scalars or by the names of its mappings.

    Raises Unreadable when one of the texts is not YAML.
    """
    merged = merged_texts(base, next_, user, documents_group)
    try:
        documents_group(merged.text)
    except Unreadable as error:
        return not_fitting(merged, user, error.line, error)
    return merged

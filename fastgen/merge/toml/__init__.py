"""Three versions of a TOML file, merged by key."""

import tomllib

from fastgen.merge.structure.blocks import Merged, not_fitting
from fastgen.merge.structure.threeway import merged_texts
from fastgen.merge.toml.dotted_keys import at_home
from fastgen.merge.toml.scan import document_group


def merged_toml(base: str, next_: str, user: str) -> Merged:
    """Merge by key, an array by its elements, requirements by their name.

    Raises Unreadable when one of the texts is not TOML.
    """
    user_group = document_group(user)
    merged = merged_texts(
        base, next_, user, lambda text: at_home(document_group(text), user_group)
    )
    try:
        tomllib.loads(merged.text)
    except tomllib.TOMLDecodeError as error:
        return not_fitting(merged, user, 1, error)
    return merged

"""Three versions of a TOML file, merged by key."""

import tomllib

from fastgen.merge.structure.blocks import Group, Merged
from fastgen.merge.structure.fitting import merged_where_it_fits
from fastgen.merge.structure.threeway import merged_texts
from fastgen.merge.toml.dotted_keys import at_home
from fastgen.merge.toml.inline_tables import with_users_braces
from fastgen.merge.toml.scan import document_group
from fastgen.merge.toml.wording import TOML


def merged_toml(base: str, next_: str, user: str) -> Merged:
    """Merge by key, arrays by element, and requirements by name.

    Raises Unreadable if one of the texts is not TOML.
    """
    user_group = document_group(user)

    def parsed(text: str) -> Group:
        group = with_users_braces(document_group(text), user_group)
        return at_home(group, user_group)

    def merge(base: str, next_: str, user: str) -> Merged:
        return merged_texts(base, next_, user, parsed, wording=TOML)

    return merged_where_it_fits((base, next_, user), merge, document_group, _problem)


def _problem(text: str) -> str | None:
    try:
        tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        return str(error)
    return None

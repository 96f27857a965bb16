"""The merge decision for one path, based on its three versions."""

from collections.abc import Sequence
from dataclasses import dataclass

from fastgen.merge.same_code import added_comments
from fastgen.plan import Action, Change, Conflict, Finding, Severity
from fastgen.tree import Entry, File, Policy

_QUOTED = 6
"""The maximum number of comments that a notice quotes."""


@dataclass(frozen=True)
class Case:
    """One path with its three versions; None means that there is no such file.

    `source` is the path of the user's file if the templates have moved it.
    """

    path: str
    base: Entry | None
    next: Entry | None
    user: File | None
    source: str | None = None

    @property
    def is_open(self) -> bool:
        """Whether all three versions differ, so that the texts have to be merged."""
        return (
            self.next is not None
            and self.user is not None
            and not self.is_theirs
            and not (self.base and self.base.is_like(self.next))
            and self.user.content != self.next.content
            and not (self.base and self.base.content == self.user.content)
        )

    @property
    def is_theirs(self) -> bool:
        """Whether fastgen leaves the user's file alone: a migration, or an example that
        the user has edited."""
        assert self.next is not None
        if self.next.policy is not Policy.SEED:
            return self.next.policy is Policy.JOURNAL
        user = self.user.content.replace(b"\r\n", b"\n") if self.user else b""
        return self.base is None or self.base.content != user

    def written(self, content: bytes) -> "Decision":
        """The decision to write `content`. The file keeps the user's mode, unless
        fastgen changes the mode."""
        assert self.next is not None
        keeps_mode = self.base is None or self.base.mode == self.next.mode
        mode = self.user.mode if self.user and keeps_mode else self.next.mode
        after = File(content, mode)
        if self.user is None:
            return Decision(self._change(Action.CREATE, after))
        if self.source:
            return Decision(self._change(Action.MOVE, after))
        if after == self.user:
            return Decision()
        return Decision(self._change(Action.UPDATE, after))

    def deleted(self, why: str = "") -> "Decision":
        """The decision to delete the user's file, with the reason `why` in a notice."""
        notice = Finding(Severity.NOTICE, self.path, f"deleted; {why}")
        findings = (notice,) if why else ()
        return Decision(self._change(Action.DELETE, None), (), findings)

    def left_alone(self, why: str) -> "Decision":
        """The decision to write nothing, with the reason `why` in a notice."""
        notice = Finding(Severity.NOTICE, self.path, why)
        change = self._change(Action.KEEP, self.user) if self.user else None
        return Decision(change, (), (notice,))

    def conflicting(self, *reasons: str, obstacle: int = 0) -> "Decision":
        """The decision to leave the file unchanged, with a conflict for each reason.
        `obstacle` is the line that prevents a merge."""
        sides = (self.base, self.next, self.user)
        base, next_, user = (side.content if side else None for side in sides)
        conflicts = tuple(
            Conflict(self.path, why, base, next_, user, obstacle) for why in reasons
        )
        return Decision(self._change(Action.CONFLICT, self.user), conflicts)

    def _change(self, action: Action, after: File | None) -> Change:
        entry = self.next or self.base
        module = entry.module if entry else ""
        return Change(self.path, action, module, self.user, after, self.source)


@dataclass(frozen=True)
class Decision:
    """The change to the path of one case, with its conflicts and findings."""

    change: Change | None = None
    conflicts: tuple[Conflict, ...] = ()
    findings: tuple[Finding, ...] = ()


def decided(case: Case, *, delete_edited: bool = False) -> Decision:
    """The decision for a case that needs no text merge. With `delete_edited`, files
    that fastgen no longer writes are deleted even if the user edited them."""
    base, next_, user = case.base, case.next, case.user
    if next_ is None:
        return _dropped(case, delete_edited=delete_edited)
    if user is None:
        return _absent(case)
    if base is None and next_.policy is Policy.JOURNAL:
        if added_comments(case.path, next_.content, user.content) is None:
            return case.conflicting("fastgen writes a migration here; move yours away")
        return Decision()
    if base is None and next_.policy is Policy.SEED and user.content != next_.content:
        return case.left_alone("kept, because it was there before")
    if (base and base.is_like(next_)) or case.is_theirs:
        return case.written(user.content)
    return case.written(next_.content)


def _dropped(case: Case, *, delete_edited: bool) -> Decision:
    """The decision for a file that fastgen no longer writes."""
    if case.user is None or case.base is None:
        return Decision()
    if case.base.policy is Policy.JOURNAL:
        return case.left_alone("kept: a migration is never deleted")
    if case.user.content == case.base.content:
        return case.deleted()
    comments = added_comments(case.path, case.base.content, case.user.content)
    if comments is not None:
        return case.deleted(_trivial(comments))
    if delete_edited:
        return case.deleted("`fastgen undo` restores it with your edits")
    return case.left_alone(
        "kept, because you have edited it; fastgen no longer needs it"
    )


def _trivial(comments: Sequence[str]) -> str:
    """The notice for an edit that added `comments` and changed no code."""
    undo = "`fastgen undo` restores it"
    if not comments:
        return f"yours differed from fastgen's only in its layout, and {undo}"
    more = len(comments) - _QUOTED
    quoted = "; ".join(f"`{comment}`" for comment in comments[:_QUOTED])
    also = f"; and {more} more" if more > 0 else ""
    return f"you changed only comments in it, and {undo}: {quoted}{also}"


def _absent(case: Case) -> Decision:
    """The decision for a file that the user does not have. A new file is created; a
    file that the user deleted stays deleted."""
    assert case.next is not None
    if case.base is None:
        return case.written(case.next.content)
    if case.next.policy is not Policy.SHARED or case.base == case.next:
        return Decision()
    return case.left_alone(
        "you have deleted it, so it does not get what fastgen would add"
    )

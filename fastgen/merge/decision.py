"""One path with its three sides, and what becomes of it."""

from dataclasses import dataclass

from fastgen.plan import Action, Change, Conflict, Finding, Severity
from fastgen.tree import Entry, File, Policy


@dataclass(frozen=True)
class Place:
    """A path, and what each side has there; None: no such file.

    `source` is where the user's file lies when the templates have moved it.
    """

    path: str
    base: Entry | None
    next: Entry | None
    user: File | None
    source: str | None = None

    @property
    def is_open(self) -> bool:
        """All three sides differ: the texts have to be merged."""
        return (
            self.next is not None
            and self.user is not None
            and self.next.policy is Policy.SHARED
            and not (self.base and self.base.is_like(self.next))
            and self.user.content != self.next.content
            and not (self.base and self.base.content == self.user.content)
        )

    def written(self, content: bytes) -> "Outcome":
        """It gets `content`, in the user's mode unless the template changed its own."""
        assert self.next is not None
        kept = self.user and (self.base is None or self.base.mode == self.next.mode)
        after = File(content, self.user.mode if self.user and kept else self.next.mode)
        if self.user is None:
            return Outcome(self._change(Action.CREATE, after))
        if self.source:
            return Outcome(self._change(Action.MOVE, after))
        if after == self.user:
            return Outcome()
        return Outcome(self._change(Action.UPDATE, after))

    def deleted(self) -> "Outcome":
        return Outcome(self._change(Action.DELETE, None))

    def kept(self, why: str) -> "Outcome":
        """Nothing is written, and a notice says why."""
        notice = Finding(Severity.NOTICE, self.path, why)
        change = self._change(Action.KEEP, self.user) if self.user else None
        return Outcome(change, (), (notice,))

    def conflicting(self, *reasons: str) -> "Outcome":
        sides = (self.base, self.next, self.user)
        contents = [side.content if side else None for side in sides]
        conflicts = tuple(Conflict(self.path, why, *contents) for why in reasons)
        return Outcome(self._change(Action.CONFLICT, self.user), conflicts)

    def _change(self, action: Action, after: File | None) -> Change:
        entry = self.next or self.base
        module = entry.module if entry else ""
        return Change(self.path, action, module, self.user, after, self.source)


@dataclass(frozen=True)
class Outcome:
    """What the merge found for one place."""

    change: Change | None = None
    conflicts: tuple[Conflict, ...] = ()
    findings: tuple[Finding, ...] = ()


def settled(place: Place) -> Outcome:
    """The outcome of a place that needs no merge of texts."""
    base, next_, user = place.base, place.next, place.user
    if next_ is None:
        return _dropped(place)
    if user is None:
        return _absent(place)
    if base is None and next_.policy is Policy.JOURNAL:
        if user.content != next_.content:
            return place.conflicting("fastgen writes a migration here; move yours away")
        return Outcome()
    if next_.policy is not Policy.SHARED or (base and base.is_like(next_)):
        return place.written(user.content)
    return place.written(next_.content)


def _dropped(place: Place) -> Outcome:
    """fastgen no longer writes this file."""
    if place.user is None or place.base is None:
        return Outcome()
    if place.base.policy is Policy.JOURNAL:
        return place.kept("kept: a migration is never deleted")
    if place.user.content == place.base.content:
        return place.deleted()
    return place.kept("kept, because you have edited it; fastgen no longer needs it")


def _absent(place: Place) -> Outcome:
    """The user has no such file: it is new, or was deleted and stays so."""
    assert place.next is not None
    if place.base is None:
        return place.written(place.next.content)
    if place.next.policy is not Policy.SHARED or place.base == place.next:
        return Outcome()
    return place.kept("you have deleted it, so it does not get what fastgen would add")

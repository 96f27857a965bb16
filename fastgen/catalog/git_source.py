"""Modules in git repositories, fetched once into the user's cache."""

import hashlib
import re
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path

from fastgen.errors import NeedsPerson, WrongUsage
from fastgen.tools.cache import cache_folder, make_folder
from fastgen.tools.git import outside_of_git, run_git

# An @ before the host separates the user; the last @ after it starts the reference.
_GIT = (
    r"git\+(?P<url>((https|ssh|file)://([^/@#]+@)?|[\w.-]+@[\w.-]+:)[^#]+?)"
    r"(@(?P<ref>[^@#]+))?#(?P<folder>.+)"
)
_COMMIT = r"[0-9a-f]{40}"
_NO_REFERENCE = "there is no such reference"


class InvalidSource(WrongUsage):
    """{source!r} names no module: a source is git+URL@REF#FOLDER, with https, ssh or
    file as the URL's kind."""


class SourceFailed(NeedsPerson):
    """The module's source {source} could not be fetched: {reason}. Check the address
    and your access to it, then run the command again."""


class CacheFailed(NeedsPerson):
    """Modules that were fetched cannot be kept in {folder} ({reason}); set
    FASTGEN_CACHE_DIR to a folder that you may write to."""


class NoModuleThere(NeedsPerson):
    """{source} has no module in the folder {folder}: no module.toml is there; check the
    part of the source behind `#`."""


@dataclass(frozen=True)
class GitSource:
    """A module in a git repository at an exact commit."""

    url: str
    commit: str
    folder: str

    @property
    def name(self) -> str:
        return self.folder.rstrip("/").rpartition("/")[2]

    def __str__(self) -> str:
        return f"git+{self.url}@{self.commit}#{self.folder}"


def source_of(text: str) -> GitSource:
    """Parse `git+URL@REF#FOLDER` and resolve REF to its current commit.

    Raises InvalidSource and SourceFailed.
    """
    match = re.fullmatch(_GIT, text)
    if not match:
        raise InvalidSource(source=text)
    url, ref, folder = match["url"], match["ref"] or "HEAD", match["folder"]
    if ref.startswith("-") or ".." in Path(folder).parts or Path(folder).is_absolute():
        raise InvalidSource(source=text)
    if not re.fullmatch(_COMMIT, ref):
        ref = _commit_of(ref, url, text)
    return GitSource(url, ref, folder)


def _commit_of(ref: str, url: str, source: str) -> str:
    """The commit of `ref`. Like in git, a tag takes precedence over a branch."""
    # `ls-remote main` also matches the branch feature/main, so match full names. `^{}`
    # is the commit of an annotated tag.
    names = [f"refs/tags/{ref}^{{}}", f"refs/tags/{ref}", f"refs/heads/{ref}"]
    names = [f"{ref}^{{}}", ref, *names]
    listed = _git(source, "ls-remote", "--exit-code", "--", url, *names)
    rows = (line.split("\t") for line in listed.splitlines())
    commits = {name: commit for commit, name in rows}
    found = next((commits[name] for name in names if name in commits), None)
    if found is None:
        raise SourceFailed(source=source, reason=_NO_REFERENCE)
    return found


def fetched(source: GitSource) -> Path:
    """The module's folder in the user's cache, fetched if it is not there yet.

    Raises SourceFailed, CacheFailed, InvalidSource and NoModuleThere.
    """
    key = hashlib.sha256(f"{source.url}@{source.commit}".encode()).hexdigest()[:24]
    try:
        cached = cache_folder() / "sources" / key
    except OSError as error:
        raise CacheFailed(folder="~/.cache", reason=error.strerror) from None
    if not cached.is_dir():
        try:
            make_folder(cached.parent)
            scratch = Path(tempfile.mkdtemp(dir=cached.parent))
        except OSError as error:
            raise CacheFailed(folder=cached.parent, reason=error.strerror) from None
        try:
            _git(str(source), "-C", str(scratch), "init", "-q")
            fetch = ("fetch", "-q", "--depth=1", "--", source.url, source.commit)
            _git(str(source), "-C", str(scratch), *fetch)
            _git(str(source), "-C", str(scratch), "checkout", "-q", "FETCH_HEAD")
            if not cached.is_dir():  # another process may have fetched it meanwhile
                scratch.rename(cached)
        finally:
            shutil.rmtree(scratch, ignore_errors=True)
    folder = cached / source.folder
    if not folder.resolve().is_relative_to(cached.resolve()):
        raise InvalidSource(source=source)
    if not (folder / "module.toml").is_file():
        raise NoModuleThere(source=source, folder=source.folder)
    return folder


def _git(source: str, *arguments: str) -> str:
    # Disable hooks, prompts and the ext protocol, which runs programs.
    guards = ("-c", "core.hooksPath=/dev/null", "-c", "protocol.ext.allow=never")
    environment = outside_of_git() | {"GIT_TERMINAL_PROMPT": "0"}
    try:
        done = run_git(*guards, *arguments, environment=environment)
    except FileNotFoundError:
        raise SourceFailed(source=source, reason="git is not installed") from None
    if done.returncode != 0:
        printed = done.stderr.decode(errors="replace")
        lines = printed.strip().splitlines() or [_NO_REFERENCE]
        fatal = [line for line in lines if line.startswith("fatal: ")] or lines
        reason = fatal[0].removeprefix("fatal: ").rstrip(".")
        raise SourceFailed(source=source, reason=reason)
    return done.stdout.decode(errors="replace")

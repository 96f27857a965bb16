"""git's line merge and rename detection in a temporary repository.

Files from memory become up to three commits, which `git merge-tree --write-tree`
merges. The user's repositories are not involved.
"""

import os
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from fastgen.tools.git import run_git

MARKER = 40
"""The length of git's conflict markers here: longer than any in the texts."""

# The user's configuration (merge drivers, rename limits) must not change a result.
_ENVIRONMENT = {
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_ATTR_NOSYSTEM": "1",
    "LC_ALL": "C",
}


@dataclass(frozen=True)
class LineMerge:
    """The merged text. In a conflict it has markers of length MARKER."""

    text: str
    clean: bool


def line_merges(files: Mapping[str, tuple[str, str, str]]) -> Mapping[str, LineMerge]:
    """The line merge of each (base, next, user), in one run of git."""
    if not files:
        return {}
    with _store() as store:
        base, next_, user = (
            {path: texts[side].encode() for path, texts in files.items()}
            for side in range(3)
        )
        store.commit("base", base)
        store.commit("yours", user, "base")
        store.commit("fastgen", next_, "base")
        store.write()
        settings = ("-c", "merge.conflictStyle=diff3", "-c", "merge.renames=false")
        merge = ("merge-tree", "--write-tree", "-z", "--name-only", "--no-messages")
        out = store.git(*settings, *merge, "yours", "fastgen", codes=(0, 1))
        tree, *conflicted = out.decode().rstrip("\0").split("\0")
        texts = store.contents([f"{tree}:{path}" for path in files])
        return {
            path: LineMerge(text.decode(), path not in conflicted)
            for path, text in zip(files, texts, strict=True)
        }


def renames(old: Mapping[str, bytes], new: Mapping[str, bytes]) -> dict[str, str]:
    """Files of `old` that became files of `new`, with at least half of the content
    alike."""
    if not old or not new:
        return {}
    with _store() as store:
        store.commit("old", old)
        store.commit("new", new)
        store.write()
        # The inputs are the files that only one side has, so every pair is a move.
        find = (
            "diff-tree",
            "-r",
            "-z",
            "-M",
            "-l0",
            "--diff-filter=R",
            "--name-status",
        )
        names = store.git(*find, "old", "new").decode(errors="surrogateescape")
        fields = names.rstrip("\0").split("\0")
        return dict(zip(fields[1::3], fields[2::3], strict=True))


class _Store:
    """A temporary bare repository for one query."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._import = bytearray()
        self.git("init", "--quiet", "--bare", "--template=", ".")
        (folder / "info").mkdir(exist_ok=True)
        attributes = f"* conflict-marker-size={MARKER} -text\n"
        (folder / "info" / "attributes").write_text(attributes)

    def commit(
        self, branch: str, files: Mapping[str, bytes], parent: str | None = None
    ) -> None:
        lines = [
            f"commit refs/heads/{branch}",
            "committer fastgen <fastgen> 0 +0000",
            "data 0",
            *([f"from refs/heads/{parent}"] if parent else []),
            "deleteall",
        ]
        self._import += "\n".join(lines).encode() + b"\n"
        for path, content in files.items():
            quoted = path.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
            self._import += f'M 100644 inline "{quoted}"\n'.encode(
                errors="surrogateescape"  # names may not be UTF-8
            )
            self._import += b"data %d\n%s\n" % (len(content), content)

    def write(self) -> None:
        self.git("fast-import", "--quiet", stdin=bytes(self._import))

    def contents(self, names: list[str]) -> Iterator[bytes]:
        asked = "\n".join(names).encode() + b"\n"
        out = self.git("cat-file", "--batch", stdin=asked)
        for _ in names:
            header, _, out = out.partition(b"\n")
            size = int(header.rsplit(b" ", 1)[1])
            yield out[:size]
            out = out[size + 1 :]

    def git(
        self, *arguments: str, stdin: bytes = b"", codes: tuple[int, ...] = (0,)
    ) -> bytes:
        clean = {k: v for k, v in os.environ.items() if not k.startswith("GIT_")}
        environment = {**clean, **_ENVIRONMENT, "GIT_DIR": str(self.folder)}
        done = run_git(
            *arguments, folder=self.folder, environment=environment, stdin=stdin
        )
        if done.returncode not in codes:
            raise RuntimeError(f"git {arguments[0]}: {done.stderr.decode()}")
        return done.stdout


@contextmanager
def _store() -> Iterator[_Store]:
    with tempfile.TemporaryDirectory(prefix="fastgen-") as folder:
        yield _Store(Path(folder))

"""Images, built by buildah from the Dockerfile of a project, and run as an engine runs
them: no registry, no daemon. Needs root, on Debian.

An image starts from stand-ins that `scripts/base_images.sh` makes of this machine's
Debian, Python and uv; so what is built here is what a person builds, but for those.
"""

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from filelock import FileLock

from tests.projects.commands import CHECKOUT, UV, clean_environment, run
from tests.projects.generated import START, Generated

STORAGE = Path(os.environ.get("FASTGEN_IMAGES", "/var/tmp/fastgen-images"))  # noqa: S108
BUILDAH = ("buildah", "--root", f"{STORAGE}/root", "--runroot", f"{STORAGE}/run")
# Namespaces of its own are what a build can seldom make inside of a container.
VARIABLES = {"BUILDAH_ISOLATION": "chroot"}

# What a container engine does before it starts the command as process 1: a file system
# that cannot be written to, but for the volume, and a network of its own if it is to.
ENTER = """
set -e
root=$1 volume=$2 network=$3
shift 3
[ "$network" = host ] || ip link set lo up
mount --bind "$root" "$root"
mount --rbind /dev "$root/dev"
mount -t proc proc "$root/proc"
[ -z "$volume" ] || mount --bind "$volume" "$root/data"
mount -o remount,bind,ro "$root"
exec chroot "$@"
"""


def buildah(*arguments: str | Path, folder: Path = CHECKOUT) -> str:
    return run([*BUILDAH, *arguments], folder, clean_environment() | VARIABLES)


@dataclass(frozen=True)
class Image:
    name: str

    @cached_property
    def inspected(self) -> Mapping[str, Any]:
        found: Mapping[str, Any] = json.loads(
            buildah("inspect", "--type", "image", self.name)
        )
        return found

    @property
    def config(self) -> Mapping[str, Any]:
        config: Mapping[str, Any] = self.inspected["Docker"]["config"]
        return config

    @property
    def layers(self) -> Sequence[str]:
        """Their digests, the lowest first."""
        layers: Sequence[str] = self.inspected["OCIv1"]["rootfs"]["diff_ids"]
        return layers

    @contextmanager
    def mounted(self) -> Iterator[Path]:
        """A file system made from it."""
        container = buildah("from", "--pull-never", self.name).strip()
        try:
            yield Path(buildah("mount", container).strip())
        finally:
            buildah("rm", container)


def build(project: Generated, name: str) -> Image:
    """The image of `project`, from its own Dockerfile and a fresh uv.lock."""
    STORAGE.mkdir(parents=True, exist_ok=True)
    with FileLock(STORAGE / "building.lock"):
        script = CHECKOUT / "scripts" / "base_images.sh"
        run([script, sys.executable, UV, STORAGE, base_image(project)], CHECKOUT)
        if not (project.root / "uv.lock").exists():
            run([UV, "lock", "--quiet"], project.root)
        buildah(
            *("build", "--layers", "--pull-never", "--format", "docker"),
            *("--network", "host", "--tag", name, "."),
            folder=project.root,
        )
    return Image(name)


def base_image(project: Generated) -> str:
    dockerfile = (project.root / "Dockerfile").read_text()
    (name,) = {*re.findall(r"^FROM (python:\S+)", dockerfile, re.MULTILINE)}
    return name


@dataclass(frozen=True)
class Container:
    """The command of an image, running as its user."""

    image: Image
    process: subprocess.Popen[bytes]
    log: Path
    variables: Mapping[str, str]

    @property
    def text(self) -> str:
        return self.log.read_text()

    @property
    def first(self) -> int:
        """The number of its process 1, seen from here."""
        pid = self.process.pid
        children = Path(f"/proc/{pid}/task/{pid}/children")
        while not (numbers := children.read_text().split()):
            time.sleep(0.01)
        return int(numbers[0])

    def run(self, *command: str, code: int = 0) -> str:
        """What `docker exec` does."""
        enter = ("--target", str(self.first), "--mount", "--pid", "--net", "--root")
        user = ("--setuid", self.image.config["User"], "--setgid", "10001")
        program = in_environment(self.image, self.variables, command)
        return run(["nsenter", *enter, *user, *program], CHECKOUT, code=code)

    def succeeds(self, *command: str) -> bool:
        try:
            self.run(*command)
        except AssertionError:
            return False
        return True

    def stop(self) -> float:
        """Ask it to stop; after how many seconds it has."""
        asked = time.monotonic()
        os.kill(self.first, signal.SIGTERM)
        self.process.wait(START)
        return time.monotonic() - asked


@contextmanager
def running(
    image: Image,
    log: Path,
    *command: str,
    volume: Path | None = None,
    network: str = "",
    **variables: str,
) -> Iterator[Container]:
    """`command`, or the image's own, as the user of the image, on a file system that is
    read-only but for `volume`; in a network of its own, or in the one of the "host"."""
    own = () if network == "host" else ("--net",)
    user = f"{image.config['User']}:"
    program = in_environment(image, variables, command or image.config["Cmd"])
    with image.mounted() as root, log.open("w") as out:
        process = subprocess.Popen(
            [
                *("unshare", "--mount", "--pid", "--fork", "--kill-child", *own),
                *("sh", "-c", ENTER, "sh", root, volume or "", network),
                *(f"--userspec={user}", root, *program),
            ],
            env=clean_environment(),
            stdout=out,
            stderr=subprocess.STDOUT,
        )
        try:
            yield Container(image, process, log, variables)
        finally:
            process.kill()
            process.wait()


def in_environment(
    image: Image, variables: Mapping[str, str], command: Sequence[str]
) -> list[str]:
    given = [f"{name}={value}" for name, value in variables.items()]
    folder = f"--chdir={image.config['WorkingDir']}"
    return ["/usr/bin/env", "-i", folder, *image.config["Env"], *given, *command]


def finished(container: Container, seconds: float = START) -> int:
    """Its exit code, once it has ended by itself."""
    return container.process.wait(seconds)

#!/usr/bin/env bash
# Makes the images that a generated Dockerfile starts from, where no registry is reached:
# IMAGE, such as python:3.14-slim-trixie, from this machine's Debian and Python, of whatever
# versions, with the certificates that it trusts; and uv from its program.
#     scripts/base_images.sh PYTHON UV STORAGE IMAGE
# PYTHON and UV are programs. STORAGE is a folder: its `root` and `run` are those of
# buildah. Needs root, buildah and debootstrap; takes a minute the first time.
set -euo pipefail
python=$1 uv=$2 storage=$3 image=docker.io/library/$4

# A container that runs this can seldom make namespaces of its own.
export BUILDAH_ISOLATION=chroot
buildah() { command buildah --root "$storage/root" --runroot "$storage/run" "$@"; }

version=$("$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])')
prefix=$("$python" -c 'import sys; print(sys.base_prefix)')
debian=$(. /etc/os-release && echo "$VERSION_CODENAME")
system=$storage/$debian-$version

if [ ! -e "$system/.complete" ]; then
    rm -rf "$system"
    mkdir -p "$system"
    mirror=$(sed -n 's/^URIs: *//p' /etc/apt/sources.list.d/*.sources 2>/dev/null | head -n 1)
    debootstrap --variant=minbase \
        --include=ca-certificates,libbz2-1.0,libffi8,liblzma5,libreadline8,libsqlite3-0,libssl3,zlib1g \
        "$debian" "$system" ${mirror:+"$mirror"} >"$system.log" 2>&1 ||
        { tail "$system.log" >&2; exit 1; }
    mkdir -p "$system/usr/local/bin" "$system/usr/local/lib"
    cp -a "$prefix/bin/python$version" "$system/usr/local/bin/"
    cp -a "$prefix"/lib/libpython3*.so* "$system/usr/local/lib/" 2>/dev/null || true
    cp -a "$prefix/lib/python$version" "$system/usr/local/lib/"
    rm -rf "$system/usr/local/lib/python$version"/{test,site-packages/*}
    for name in python python3; do ln -sf "python$version" "$system/usr/local/bin/$name"; done
    chroot "$system" ldconfig
    chroot "$system" /usr/local/bin/python -m ensurepip >/dev/null
    ln -sf pip3 "$system/usr/local/bin/pip"
    cp /etc/ssl/certs/ca-certificates.crt "$system/etc/ssl/certs/ca-certificates.crt"
    touch "$system/.complete"
fi

make_image() { # IMAGE FOLDER [options of `buildah config`]
    local container
    container=$(buildah from scratch)
    cp -a "$2/." "$(buildah mount "$container")/"
    buildah config "${@:3}" "$container"
    buildah commit --quiet --rm "$container" "$1" >/dev/null
}

buildah inspect --type image "$image" >/dev/null 2>&1 ||
    make_image "$image" "$system" --cmd python3 \
        --env SSL_CERT_FILE=/etc/ssl/certs/ca-certificates.crt \
        --env PATH=/usr/local/bin:/usr/local/sbin:/usr/sbin:/usr/bin:/sbin:/bin
programs=$(mktemp -d)
trap 'rm -rf "$programs"' EXIT
cp "$uv" "$programs/uv"
make_image ghcr.io/astral-sh/uv:0.13 "$programs" --cmd /uv

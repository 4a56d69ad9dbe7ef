#!/bin/sh
# Make a virtual environment with pinned packages: setup.sh FOLDER REQUIREMENTS. Says in one sentence what is missing.
set -eu

venv=$1
requirements=$2

missing() {
    echo "crosspost: $*" >&2
    exit 1
}

new_enough() {
    "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null
}

find_python() {
    for candidate in ${PYTHON:-} python3 python3.13 python3.12 python3.11; do
        if command -v "$candidate" >/dev/null 2>&1 && new_enough "$candidate"; then
            command -v "$candidate"
            return
        fi
    done
    if command -v python3 >/dev/null 2>&1; then
        missing "Python 3.11 or newer is needed, and this is $(python3 --version 2>&1); on Debian 12 and later: apt-get install python3 python3-venv."
    fi
    missing "Python 3.11 or newer is needed, and there is no python3; on Debian 12 and later: apt-get install python3 python3-venv."
}

command -v git >/dev/null 2>&1 || missing "git is needed, and there is none; on Debian: apt-get install git."

if ! [ -x "$venv/bin/python" ]; then
    python=$(find_python)
    "$python" -c 'import ensurepip, venv' 2>/dev/null ||
        missing "Python's venv module is needed, and $python has none; on Debian: apt-get install python3-venv."
    echo "Making $venv …"
    "$python" -m venv "$venv"
fi
new_enough "$venv/bin/python" || missing "$venv holds an older Python than 3.11; remove that folder and try again."

if ! [ -x "$venv/bin/uv" ]; then
    "$venv/bin/python" -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-uv.txt ||
        missing "the package uv could not be installed; is there a way to the Python package index from here?"
fi
echo "Installing the pinned packages of $requirements …"
"$venv/bin/uv" pip install --quiet --python "$venv/bin/python" --require-hashes -r "$requirements" ||
    missing "the packages of $requirements could not be installed; what uv said stands above."

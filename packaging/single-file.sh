#!/bin/sh
# One file that runs wherever this version of Python is, on this platform, without installing: sh packaging/single-file.sh
# Usage of what it makes: python3 dist/logsleuth.pyz error.log
# It holds compiled parts, so build it with the Python of the machines that it is for: PYTHON=/usr/bin/python3.12
set -eu
cd "$(dirname "$0")/.."
python=${PYTHON:-python3}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

"$python" -m venv "$work/venv"
"$work/venv/bin/pip" install -q shiv
"$work/venv/bin/pip" install -q --target "$work/site" .
rm -rf "$work/site/bin"
mkdir -p dist
"$work/venv/bin/shiv" --site-packages "$work/site" --compressed --reproducible \
    -p '/usr/bin/env python3' -e logsleuth.cli:main -o dist/logsleuth.pyz
"$python" dist/logsleuth.pyz --version
ls -l dist/logsleuth.pyz | awk '{printf "dist/logsleuth.pyz: %.1f MB\n", $5 / 1e6}'

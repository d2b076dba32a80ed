#!/bin/sh
# What the README asks of somebody new, from a clean clone with an empty HOME: sh packaging/first-hour.sh
# The commands are read from the README; whatever it says must work.
set -eu
here=$(cd "$(dirname "$0")/.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
git -c safe.directory="$here" clone -q "$here" "$work/logsleuth"
mkdir "$work/home"
export HOME="$work/home"
cd "$work/logsleuth"

try=$(sed -n 's/^    \(python3 -m venv .*pip install -q \. .*\)$/\1/p' README.md)
test -n "$try"
echo "\$ $try"
sh -c "$try" | head -8
. .venv/bin/activate
echo '$ logsleuth doctor'
logsleuth doctor
echo '$ logsleuth explain AH00161'
logsleuth explain AH00161 | head -3
echo '$ a report as a page, a pattern, a probe'
logsleuth sample_logs/crash-prefork.log -o "$HOME/postmortem.html"
test -s "$HOME/postmortem.html"
logsleuth patterns new --id till.jammed --line '[Tue Mar 03 14:02:11.120001 2026] [wsgi:error] [pid 4711] TILL-007: till 17 is jammed'
logsleuth check sample_logs/quiet-day.log --since begin || test $? -le 2
echo 'all of it works'

#!/bin/sh
# A Debian package, built with the distribution's own Python and dpkg-deb: sh packaging/debian.sh
# It holds the command with all that it needs, manual pages, completions, and systemd units that nothing enables.
set -eu
cd "$(dirname "$0")/.."
python=${PYTHON:-/usr/bin/python3}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
root=$work/root
version=$(sed -n 's/^version = "\(.*\)"/\1/p' pyproject.toml)
architecture=$(dpkg --print-architecture)
minor=$("$python" -c 'import sys; print(sys.version_info.minor)')
umask 022

# the program, apart from the distribution's own packages
"$python" -m venv "$work/venv"
"$work/venv/bin/pip" install -q --no-compile --target "$root/usr/lib/logsleuth" '.[metrics]'
rm -rf "$root/usr/lib/logsleuth/bin"
"$python" -m compileall -q --invalidation-mode unchecked-hash -s "$root" "$root/usr/lib/logsleuth"
mkdir -p "$root/usr/bin"
cat > "$root/usr/bin/logsleuth" <<'LAUNCHER'
#!/bin/sh
exec /usr/bin/python3 -I -c 'import sys; sys.path.insert(0, "/usr/lib/logsleuth"); from logsleuth.cli import main; main()' "$@"
LAUNCHER
chmod 755 "$root/usr/bin/logsleuth"
run() { PYTHONPATH="$root/usr/lib/logsleuth" "$python" -B -m logsleuth "$@"; }

# manual pages and completions, from the same texts as --help
mkdir -p "$root/usr/share/man/man1" "$root/usr/share/bash-completion/completions" \
    "$root/usr/share/zsh/vendor-completions" "$root/usr/share/fish/vendor_completions.d"
run man | gzip -9n > "$root/usr/share/man/man1/logsleuth.1.gz"
for command in $(run man | sed -n 's/^\\fB\(.*\)\\fR$/\1/p' | tr -d '\\' | grep -x '[a-z-]*' | sort -u); do
    run man "$command" > "$work/page" 2> /dev/null && gzip -9n < "$work/page" > "$root/usr/share/man/man1/logsleuth-$command.1.gz"
done
run completion bash > "$root/usr/share/bash-completion/completions/logsleuth"
run completion zsh > "$root/usr/share/zsh/vendor-completions/_logsleuth"
run completion fish > "$root/usr/share/fish/vendor_completions.d/logsleuth.fish"

# units: installed, not enabled, and none of them restarts the server unless its administrator wants it
mkdir -p "$root/lib/systemd/system"
run probe systemd -o "$work/units" /var/log/apache2/error.log > /dev/null 2>&1
for unit in logsleuth-check.service logsleuth-check.timer logsleuth-watch.service logsleuth-restart.service; do
    sed -e 's,^ExecStart=.*logsleuth \(check\|watch\) ,ExecStart=/usr/bin/logsleuth \1 ,' -e 's,^OnFailure=,# to have it restarted: OnFailure=,' \
        "$work/units/$unit" > "$root/lib/systemd/system/$unit"
done

# papers
papers=$root/usr/share/doc/logsleuth
mkdir -p "$papers" "$root/DEBIAN"
cp LICENSE "$papers/copyright"
cp README.md "$papers/README.md"
gzip -9n < CHANGELOG.md > "$papers/changelog.gz"
find "$root/usr" "$root/lib" -type d -exec chmod 755 {} +
cat > "$root/DEBIAN/control" <<CONTROL
Package: logsleuth
Version: $version
Architecture: $architecture
Maintainer: The logsleuth authors <logsleuth@example.invalid>
Installed-Size: $(du -sk "$root/usr" | cut -f1)
Depends: python3 (>= 3.$minor), python3 (<< 3.$((minor + 1)))
Suggests: apache2
Section: admin
Priority: optional
Description: tells the story of an Apache outage from its error log
 One command after an outage: what happened, when, to whom, why, how it ended,
 what proves it, and what to do. A probe for monitoring systems is included;
 its systemd units are installed and not enabled.
CONTROL
(cd "$root" && find usr lib -type f -print0 | sort -z | xargs -0 md5sum) > "$root/DEBIAN/md5sums"
mkdir -p dist
dpkg-deb --root-owner-group -Zxz --build "$root" "dist/logsleuth_${version}_${architecture}.deb"
ls -l "dist/logsleuth_${version}_${architecture}.deb" | awk '{printf "%s: %.1f MB\n", $NF, $5 / 1e6}'

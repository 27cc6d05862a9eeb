/**
 * What a server is told before it has our program: POSIX shell, without single quotes, the same for every server. `$1` and on are
 * words that `remoteText` has looked at.
 */

/** As `homeFolder` in deploy/paths.ts finds it. */
const home = `h=\${APLOMO_HOME:-}
if [ -z "$h" ]; then if [ "$(id -u)" = 0 ]; then h=/var/lib/aplomo; else h=$HOME/.local/state/aplomo; fi; fi
s=$h/server`;

/** Says what is there, then stays as long as the one who asked. */
export const look = `${home}
echo "home=$h"
echo "user=$(id -un)"
echo "system=$(uname -s)"
echo "machine=$(uname -m)"
echo "node=$(node --version 2>/dev/null)"
echo "current=$(cat "$s/current/version" 2>/dev/null)"
for f in "$s"/*; do [ -e "$f" ] && echo "entry=\${f##*/}"; done
echo ready
exec cat >/dev/null`;

/** $1: the program's name; standard input: the program, packed. Written beside, renamed, then made the current one. */
export const putProgram = `set -e
umask 077
${home}
mkdir -p "$s"
p=$s/.$1.$$
trap "rm -rf \\"$p\\"" EXIT
mkdir "$p"
tar -xzf - -C "$p"
test -f "$p/aplomo.js"
sync -f "$p" 2>/dev/null || sync
[ -e "$s/$1" ] || mv "$p" "$s/$1"
l=$s/.current.$$
ln -s "$1" "$l"
mv -T "$l" "$s/current"`;

/** $1: the folder's name, $2: SHA-512 of the package; standard input: the package as the registry has it. */
export const putNode = `set -e
umask 077
${home}
mkdir -p "$s"
p=$s/.$1.$$
trap "rm -rf \\"$p\\"" EXIT
mkdir "$p"
cat >"$p/package.tgz"
echo "$2  $p/package.tgz" | sha512sum -c - >/dev/null
tar -xzf "$p/package.tgz" -C "$p" package/bin package/LICENSE
"$p/package/bin/node" --version >/dev/null
sync -f "$p" 2>/dev/null || sync
[ -e "$s/$1" ] || mv "$p/package" "$s/$1"`;

/** $1: the program's name, $2: the folder of its Node, or - for the one on the path. */
export const start = `${home}
case $2 in -) n=node ;; *) n=$s/$2/bin/node ;; esac
exec "$n" "$s/$1/aplomo.js" --serve`;

/** Whether an agent's socket is there. */
export const hasAgent = `${home}
test -S "$h/agent/socket"`;

/** Says how images are kept, then each with what its layers hold. */
export const listLayers = `set -e
docker info --format "{{.Driver}} {{json .DriverStatus}}" | tr -d "\\n"
echo
docker image ls --all --quiet --no-trunc | sort -u | xargs -r docker image inspect --format "{{.Id}} {{json .RootFS.Layers}}"`;

/** Standard input: an image as it was saved. */
export const loadImage = "exec docker image load --quiet >/dev/null";

/** Takes away the program and its Node, and nothing that belongs to an application. */
export const removeProgram = `set -e
${home}
rm -rf "$s"
rmdir "$h" 2>/dev/null || true`;

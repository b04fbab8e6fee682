#!/bin/sh
# Starts what is run in a root: session.sh [--foreground] COMMAND [ARGUMENT...]
#
# Portage writes down little of the environment that a package is compiled in,
# and a package may go to the pool only when all of it is known. So the script
# that runs the phases of ebuilds is given a witness; a Portage that is merged
# in the session has none, and what it compiles stays the root's own.
for script in /usr/lib/portage/*/ebuild.sh; do
    [ -f "$script" ] && ! grep -q /run/zentoo/bin/witness.sh "$script" &&
        sed -i '1a [ ! -r /run/zentoo/bin/witness.sh ] || . /run/zentoo/bin/witness.sh' "$script"
done 2>/dev/null
# Over the mounts of the root a step has no power (mount_namespaces(7)); in a
# namespace of its own it can mount what it likes.
own=
if unshare -m true 2>/dev/null; then own='unshare -m'; fi
# shellcheck disable=SC2086
[ "$1" = --foreground ] || exec $own "$@"
shift

# A command at a terminal is the one to hear Ctrl-C, and not what confines it:
# so it has a process group of its own, as from a shell. But one that is stopped
# has no shell to go back to. For bash: other shells insist on taking the
# terminal back for their own process group, which is not to be seen from here.
set -m
# shellcheck disable=SC2086
$own "$@"
status=$?
while [ "$status" -ge 147 ] && [ "$status" -le 150 ] && jobs %% >/dev/null 2>&1; do
    fg >/dev/null
    status=$?
done
exit "$status"

#!/bin/sh
# Applies what a buildhooks branch says to the root it runs in. POSIX sh and
# nothing else, since `unmerge` may have taken python away by then.
#
#   hooks.sh copy | modes | services | remove | run HOOK
#
# Owners that packages create exist only after the merge: `copy` gives the
# modes it can, `modes` afterwards insists on all of them.
set -eu
export LC_ALL=C

hooks=/run/zentoo/buildhooks

fail() {
    echo "buildhooks: $*" >&2
    exit 1
}

# The lines of file $1 without comments and blank ones.
entries() {
    [ -f "$hooks/$1" ] || return 0
    sed -e 's/[[:space:]]*$//' -e '/^[[:space:]]*#/d' -e '/^$/d' "$hooks/$1"
}

# An absolute path of the root without '..', whatever the file says.
inside() {
    case "/$1/" in
    */../*) fail "'$1' leads out of the root" ;;
    esac
    printf '%s\n' "/${1#/}"
}

copy() {
    [ -d "$hooks/copy" ] || return 0
    cp -R -P -p "$hooks/copy/." /
}

modes() {
    lenient=${1-}
    entries modes | while read -r path mode owner rest; do
        if [ -z "$owner" ] || [ -n "$rest" ]; then
            fail "modes: '$path': write path mode owner:group"
        fi
        path=$(inside "$path")
        [ -e "$path" ] || [ -L "$path" ] || mkdir -p "$path"
        if ! chown -h "$owner" "$path" 2>/dev/null; then
            [ -n "$lenient" ] || fail "modes: cannot give '$path' to $owner"
        fi
        [ -L "$path" ] || chmod "$mode" "$path" || fail "modes: cannot set $mode on '$path'"
    done
}

services() {
    entries services | while read -r service runlevel rest; do
        [ -z "$rest" ] || fail "services: '$service': write service [runlevel]"
        case "$service$runlevel" in
        */*) fail "services: '$service' is not a service name" ;;
        esac
        if [ -x /sbin/openrc-run ] || [ -x /usr/sbin/openrc-run ] || [ -d /etc/runlevels ]; then
            [ -e "/etc/init.d/$service" ] || fail "services: no /etc/init.d/$service"
            mkdir -p "/etc/runlevels/${runlevel:-default}"
            ln -sfn "/etc/init.d/$service" "/etc/runlevels/${runlevel:-default}/$service"
        elif command -v systemctl >/dev/null 2>&1; then
            systemctl --root=/ enable "$service"
        else
            fail "services: the root has neither OpenRC nor systemd"
        fi
    done
}

# Where something is mounted, a line each, between newlines.
mounts() {
    printf '\n'
    while read -r _ _ _ _ place _; do
        printf '%s\n' "$place"
    done </proc/self/mountinfo
}

# Removes a path but for what is mounted there: that is the job's, not the root's.
remove_path() {
    case "$mounted" in
    *"$nl$1$nl"*) return 0 ;;
    *"$nl$1/"*)
        for inner in "$1"/* "$1"/.[!.]* "$1"/..?*; do
            if [ -e "$inner" ] || [ -L "$inner" ]; then remove_path "$inner"; fi
        done
        ;;
    *) rm -rf -- "$1" ;;
    esac
}

remove() {
    nl='
'
    mounted=$(mounts)$nl
    entries remove | while IFS= read -r pattern; do
        pattern=$(inside "$pattern")
        # Unquoted on purpose: the shell expands the glob, and with an empty
        # IFS nothing else of the line.
        IFS=
        # shellcheck disable=SC2086
        for path in $pattern; do
            case "$path" in
            / | /proc | /proc/* | /sys | /sys/* | /dev | /dev/*)
                fail "remove: '$path' is not the root's to remove"
                ;;
            esac
            remove_path "${path%/}"
        done
    done
}

case "${1-}" in
copy)
    copy
    modes lenient
    ;;
modes | services | remove) "$1" ;;
run)
    # A hook may mount what it likes, but not over what others see: over the
    # mounts of the root a step has no power (mount_namespaces(7)).
    if unshare -m true 2>/dev/null; then exec unshare -m "$2"; fi
    exec "$2"
    ;;
*) fail "unknown step '${1-}'" ;;
esac

#!/bin/sh
# Stands before mount(8) in a job. One that is root of its machine gets a /proc
# of its own from the kernel as read-only alone, and Portage, whose pid-sandbox
# mounts one, does not ask for that.
for directory in /usr/bin /bin /usr/sbin /sbin; do
    [ ! -x "$directory/mount" ] || break
done
case " $* " in
*" -t proc "*)
    "$directory/mount" "$@" 2>/dev/null && exit
    exec "$directory/mount" -o ro "$@"
    ;;
esac
exec "$directory/mount" "$@"

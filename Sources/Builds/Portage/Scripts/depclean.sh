#!/bin/sh
# Removes the packages that neither the root's world nor a set needs, or only
# the old versions of one of them:
#
#   depclean.sh SET [PACKAGE]
#
# For as long as that takes the set is in the root's world, and is not behind:
# what is built over a stage says itself what it wants.
set -eu

sets=/var/lib/portage/world_sets
before=
if [ -e "$sets" ]; then
    before=$sets.before
    cp -p "$sets" "$before"
fi
echo "@$1" >>"$sets"
shift
status=0
emerge --ignore-default-opts --color=n --nospinner --depclean --with-bdeps=y "$@" || status=$?
if [ -n "$before" ]; then mv -f "$before" "$sets"; else rm -f "$sets"; fi
# Told of a package, emerge fails where every version of it is needed; what
# else goes wrong is seen when all are asked for.
[ "$#" -eq 0 ] || exit 0
exit "$status"

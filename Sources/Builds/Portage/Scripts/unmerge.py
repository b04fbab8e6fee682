"""Removes the installed packages that the given atoms match, whatever depends
on them; an atom that matches nothing is no error, so that one buildhooks
branch serves many package sets.

Runs inside the root: unmerge.py ATOM...
"""

import sys

import portage
from _emerge.main import emerge_main
from portage.exception import InvalidAtom


def main():
    vardb = portage.db[portage.root]["vartree"].dbapi
    found = []
    for atom in sys.argv[1:]:
        try:
            found += ["=%s" % cpv for cpv in vardb.match(atom)]
        except InvalidAtom:
            sys.exit("unmerge: '%s' is not a package atom" % atom)
    if found:
        # In this process: to load Portage takes longer than to remove a package.
        return emerge_main(
            ["--ignore-default-opts", "--color=n", "--nospinner", "--rage-clean"]
            + sorted(set(found)))
    return 0


sys.exit(main())

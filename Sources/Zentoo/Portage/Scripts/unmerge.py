"""Removes the installed packages that the given atoms match, whatever depends
on them; an atom that matches nothing is no error, so that one buildhooks
branch serves many package sets.

Runs inside the root: unmerge.py ATOM...
"""

import os
import sys

import portage
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
        os.execvp(
            "emerge",
            ["emerge", "--ignore-default-opts", "--color=n", "--nospinner", "--rage-clean"]
            + sorted(set(found)))


main()

"""emerge(1), for which a binary package's reuse does not depend on what the
stage's package database happens to hold.

Runs inside the root: emerge.py ARGUMENT...

Portage adds `>=LIBC-VERSION` to RDEPEND of each package that it compiles where a
libc is installed, and strips it again where it compares a binary package's
dependencies with the ebuild's (`--binpkg-changed-deps`): by the libc that is
installed then. Over a stage that knows of none, the libc of the set is there
when packages are compiled and not when the next build is planned, and each build
would compile them once more. So the libcs that the repositories know are
stripped as well.
"""

import os
import runpy
import shutil
import sys

import portage

# As emerge itself does before it loads anything else.
portage._internal_caller = True
portage._disable_legacy_globals()

from _emerge.depgraph import depgraph
from portage.const import LIBC_PACKAGE_ATOM
from portage.dep import Atom, use_reduce
from portage.exception import PortageException


def known_libcs(portdb):
    """What the repositories' virtual/libc can be."""
    found = set()
    for cpv in portdb.cp_list(Atom(LIBC_PACKAGE_ATOM).cp):
        try:
            eapi, dependencies = portdb.aux_get(cpv, ["EAPI", "RDEPEND"])
            words = use_reduce(
                dependencies, matchall=True, flat=True, eapi=eapi, token_class=Atom)
        except (KeyError, PortageException):
            continue
        found.update(word for word in words if isinstance(word, Atom) and not word.blocker)
    return found


def disregard_installed_libc():
    """Has emerge, in this process, strip every libc there is."""
    # An older Portage, which adds none.
    if not hasattr(depgraph, "_installed_libc_deps"):
        return
    installed = depgraph._installed_libc_deps
    known = {}

    def libcs(self, eroot):
        if eroot not in known:
            trees = self._frozen_config._trees_orig[eroot]
            known[eroot] = known_libcs(trees["porttree"].dbapi)
        return set(installed(self, eroot)) | known[eroot]

    depgraph._installed_libc_deps = libcs


def program():
    """emerge as a program in Python: on Gentoo /usr/bin/emerge only starts it
    (python-exec)."""
    version = "python%d.%d" % sys.version_info[:2]
    for candidate in ("/usr/lib/python-exec/%s/emerge" % version, shutil.which("emerge")):
        if candidate and os.path.exists(candidate):
            return candidate
    sys.exit("emerge.py: cannot find emerge")


if __name__ == "__main__":
    disregard_installed_libc()
    sys.argv[0] = program()
    runpy.run_path(sys.argv[0], run_name="__main__")

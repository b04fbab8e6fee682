"""Lines that describe packages to the program outside the root: tab-separated
`key=value` fields, a package a line.

    cpv        category/package-version
    slot       with the sub-slot if it differs
    use        the flags that were set, space-separated
    repo       the repository of the ebuild
    build      BUILD_ID
    path       of the binary package below PKGDIR; empty if there is none
    ebuild     SHA-256 over the ebuild, its eclasses and its files/
    live       0 or 1
    built      BUILD_TIME
    revisions  REPO_REVISIONS, space-separated repository:revision
    installed  0 or 1: whether it is in the root
    merged     0 or 1: whether this run puts it there
    refused    why Portage will never merge the binary package, if so
"""

import hashlib
import json
import os


def line(**fields):
    return "\t".join("%s=%s" % field for field in fields.items()) + "\n"


def ebuild_digest(portdb, cpv, repository, inherited):
    """SHA-256 over the ebuild, the eclasses it inherits and its files/."""
    total = hashlib.sha256()
    try:
        path, tree = portdb.findname2(cpv, myrepo=repository)
    except KeyError:
        return ""
    if path is None:
        return ""
    paths = [path]
    eclasses = portdb.repositories[repository].eclass_db.eclasses
    paths += [eclasses[name].location for name in sorted(inherited) if name in eclasses]
    for directory, names, leaves in os.walk(os.path.join(os.path.dirname(path), "files")):
        names.sort()
        paths += [os.path.join(directory, leaf) for leaf in sorted(leaves)]
    for name in paths:
        with open(name, "rb") as stream:
            content = stream.read()
        total.update(b"%s %d\n" % (os.fsencode(os.path.basename(name)), len(content)))
        total.update(content)
    return total.hexdigest()


def effective(use, iuse):
    """The flags of a package that were set."""
    flags = {flag.lstrip("+-") for flag in iuse.split()}
    return " ".join(sorted(flags & set(use.split())))


def revisions(text):
    """REPO_REVISIONS as words."""
    try:
        pairs = json.loads(text) if text else {}
        return " ".join("%s:%s" % pair for pair in sorted(pairs.items()))
    except (ValueError, AttributeError):
        return ""


def live(properties):
    return "1" if "live" in properties.split() else "0"


def binary_package(trees, cpv, merged):
    """The line of a binary package of PKGDIR that is in the root or will be.

    trees   of the root: trees["bintree"], trees["porttree"]
    cpv     an instance of bintree.dbapi, which has one for each build of a version
    """
    slot, use, iuse, repository, build, path, time, properties, origin = (
        trees["bintree"].dbapi.aux_get(
            cpv, ["SLOT", "USE", "IUSE", "repository", "BUILD_ID", "PATH", "BUILD_TIME",
                  "PROPERTIES", "REPO_REVISIONS"]))
    portdb = trees["porttree"].dbapi
    try:
        inherited = portdb.aux_get(str(cpv), ["INHERITED"], myrepo=repository)[0].split()
    except KeyError:
        # The repository has dropped this version.
        inherited = []
    return line(
        cpv=cpv, slot=slot, use=effective(use, iuse), repo=repository, build=build or "0",
        path=path, ebuild=ebuild_digest(portdb, str(cpv), repository, inherited),
        live=live(properties), built=time, revisions=revisions(origin), installed="1",
        merged="1" if merged else "0")

"""Tells every package that this run merged, with the binary package it came
from or became, and what its ebuild was; and those the stage had already of which
the very binary package lies in PKGDIR, as in a stage that was bootstrapped.

Runs inside the root twice. Before the merge, as `harvest.py before`, it notes
what the stage has installed. After it, even one that failed, it writes
/run/zentoo/out/harvest: a package a line, sorted, tab-separated `key=value`
fields: cpv, slot, use (space-separated), repo, build (BUILD_ID), path (below
PKGDIR, empty without binary package), ebuild (SHA-256), live (0 or 1).

As `harvest.py ebuilds CPV::REPOSITORY...` it writes /run/zentoo/out/ebuilds: what
the digests of these ebuilds are now.
"""

import hashlib
import os
import sys

OUT = "/run/zentoo/out"
VDB = "/var/db/pkg"


def installed():
    """COUNTER of each installed package, which is another after each merge.

    Read as files: to load Portage would take ten times as long.
    """
    found = {}
    for category in os.listdir(VDB) if os.path.isdir(VDB) else []:
        if not os.path.isdir(os.path.join(VDB, category)):
            continue
        for name in os.listdir(os.path.join(VDB, category)):
            try:
                with open(os.path.join(VDB, category, name, "COUNTER")) as stream:
                    counter = stream.read().strip() or "0"
            except (FileNotFoundError, NotADirectoryError):
                continue
            # What a killed merge left is no package: '-MERGING-name'.
            if not name.startswith("-"):
                found["%s/%s" % (category, name)] = counter
    return found


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


def binary_packages(bindb):
    """Where each binary package lies below PKGDIR, and when it was built, by
    package and build."""
    found = {}
    for cpv in bindb.cpv_all():
        build, time, path = bindb.aux_get(cpv, ["BUILD_ID", "BUILD_TIME", "PATH"])
        found[str(cpv), build] = path, time
    return found


def open_logs():
    """Portage keeps its logs from others; a plain user's build reads them."""
    for directory, _, leaves in os.walk(os.path.join(OUT, "logs")):
        os.chmod(directory, 0o755)
        for leaf in leaves:
            os.chmod(os.path.join(directory, leaf), 0o644)


def main():
    open_logs()
    before = {}
    try:
        with open(os.path.join(OUT, "installed")) as lines:
            for line in lines:
                cpv, counter = line.split()
                before[cpv] = counter
    except FileNotFoundError:
        # A step failed before anything could be merged.
        return
    import portage

    trees = portage.db[portage.root]
    vardb, portdb = trees["vartree"].dbapi, trees["porttree"].dbapi
    trees["bintree"].populate()
    binaries = binary_packages(trees["bintree"].dbapi)
    with open(os.path.join(OUT, "harvest"), "w") as stream:
        for cpv, counter in sorted(installed().items()):
            slot, use, iuse, repository, build, time, inherited, properties = vardb.aux_get(
                cpv, ["SLOT", "USE", "IUSE", "repository", "BUILD_ID", "BUILD_TIME", "INHERITED",
                      "PROPERTIES"])
            path, built = binaries.get((cpv, build), ("", None))
            # Others have builds of that number too; hardly of that second.
            if before.get(cpv) == counter and built != time:
                continue
            flags = {flag.lstrip("+-") for flag in iuse.split()}
            fields = {
                "cpv": cpv,
                "slot": slot,
                "use": " ".join(sorted(flags & set(use.split()))),
                "repo": repository,
                "build": build or "0",
                "path": path,
                "ebuild": ebuild_digest(portdb, cpv, repository, inherited.split()),
                "live": "1" if "live" in properties.split() else "0",
            }
            stream.write("\t".join("%s=%s" % field for field in fields.items()) + "\n")


def ebuilds(names):
    """The digests of ebuilds as they are now, for `cpv::repository` names."""
    import portage

    trees = portage.db[portage.root]
    portdb = trees["porttree"].dbapi
    with open(os.path.join(OUT, "ebuilds"), "w") as stream:
        for name in names:
            cpv, repository = name.split("::")
            try:
                inherited = portdb.aux_get(cpv, ["INHERITED"], myrepo=repository)[0].split()
            except KeyError:
                continue
            stream.write("%s\t%s\n" % (cpv, ebuild_digest(portdb, cpv, repository, inherited)))


if sys.argv[1:2] == ["ebuilds"]:
    ebuilds(sys.argv[2:])
elif sys.argv[1:] == ["before"]:
    with open(os.path.join(OUT, "installed"), "w") as stream:
        for cpv, counter in sorted(installed().items()):
            stream.write("%s %s\n" % (cpv, counter))
else:
    main()

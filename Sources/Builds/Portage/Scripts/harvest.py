"""Tells every package that this run merged, with the binary package it came
from or became, and what its ebuild was; those the stage had already of which the
very binary package lies in PKGDIR, as in a stage that was bootstrapped; and the
binary packages that this run made and did not merge.

Runs inside the root twice. Before the merge, as `harvest.py before`, it notes
what the stage has installed, and what lies in PKGDIR. After it, even one that failed, it writes
/run/zentoo/out/harvest: the packages as described.py has it, sorted; `refused` of
those that this run made.

As `harvest.py count` it writes /run/zentoo/out/merged: how many packages were merged
since `harvest.py before`, without a word on which.

As `harvest.py ebuilds CPV::REPOSITORY...` it writes /run/zentoo/out/ebuilds: what
the digests of these ebuilds are now.
"""

import contextlib
import errno
import io
import os
import re
import shutil
import sys
import tempfile

from described import ebuild_digest, effective, line, live, revisions

OUT = "/run/zentoo/out"
# With less than this a file system counts as full.
LEAST_ROOM = 1 << 20
VDB = "/var/db/pkg"
# Where git-zentoo's part of make.conf has it in every root.
PKGDIR = "/var/cache/binpkgs"


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


def package_files():
    """The binary packages in PKGDIR, below it; without Portage, as for installed."""
    found = []
    for directory, _, leaves in os.walk(PKGDIR):
        for leaf in leaves:
            if leaf.endswith(".gpkg.tar"):
                found.append(os.path.relpath(os.path.join(directory, leaf), PKGDIR))
    return sorted(found)


def installed_before():
    """What `harvest.py before` has noted; None when that did not run."""
    try:
        with open(os.path.join(OUT, "installed")) as lines:
            return dict(line.split() for line in lines)
    except FileNotFoundError:
        return None


def count():
    """Tells how many packages were merged."""
    before = installed_before() or {}
    merged = [cpv for cpv, counter in installed().items() if before.get(cpv) != counter]
    with open(os.path.join(OUT, "merged"), "w") as stream:
        stream.write("%d\n" % len(merged))


def refusal(path):
    """Why Portage will not merge a binary package, in its own words; empty when it
    will. The package is unpacked as for a merge: it may hold what cannot be, such
    as a FIFO or a device, and be made all the same."""
    try:
        from portage.gpkg import gpkg
    except ImportError:
        return ""
    # The root may be full, and that be the reason why the build failed; what is
    # told of it lies on another file system, as a rule.
    for parent in ("/var/tmp", OUT):
        try:
            return refusal_at(path, parent, gpkg)
        except OSError as error:
            if not is_of_disk(error) or parent == OUT:
                raise
    return ""


def is_of_disk(error):
    """Whether the disk is to blame, not the package."""
    return error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EIO)


def refusal_at(path, parent, gpkg):
    """The same, unpacking below a directory."""
    import portage

    place = tempfile.mkdtemp(dir=parent, prefix="zentoo-harvest-")
    # Portage writes to its buffer, where it has one.
    said = io.TextIOWrapper(io.BytesIO(), encoding="utf-8", errors="replace")
    try:
        with contextlib.redirect_stderr(said):
            package = gpkg(
                portage.settings, None, os.path.join(PKGDIR, path))
            package.decompress(os.path.join(place, "image"))
        broken = name_with_line_break(os.path.join(place, "image"))
        if broken is not None:
            return "Danger: line break in a file name: %s" % ascii(broken)
    except Exception as error:
        if isinstance(error, OSError) and is_of_disk(error):
            raise
        # A program that Portage started may have met the end of the disk.
        room = os.statvfs(place)
        if room.f_bavail * room.f_frsize < LEAST_ROOM:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), place) from error
        return words(said, error)
    finally:
        shutil.rmtree(place, ignore_errors=True)
    return ""


def name_with_line_break(top):
    """A name that CONTENTS cannot hold, as dblink.treewalk has it; None where
    there is none."""
    for _, directories, leaves in os.walk(os.fsencode(top)):
        for name in directories + leaves:
            if b"\n" in name or b"\r" in name:
                return os.fsdecode(name)
    return None


def words(said, error):
    """What Portage said, in a line: of a danger, which file it is."""
    said.flush()
    text = said.buffer.getvalue().decode("utf-8", "replace")
    lines = re.sub(r"\x1b\[[0-9;]*m", "", text).splitlines()
    dangers = [line for line in lines if "Danger:" in line]
    return " ".join((dangers[0] if dangers else str(error) or repr(error)).split())


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
    before = installed_before()
    if before is None:
        # A step failed before anything could be merged.
        return
    import portage

    trees = portage.db[portage.root]
    vardb, portdb = trees["vartree"].dbapi, trees["porttree"].dbapi
    trees["bintree"].populate()
    bindb = trees["bintree"].dbapi
    binaries = binary_packages(bindb)
    with open(os.path.join(OUT, "present")) as lines:
        present = {line.rstrip("\n") for line in lines}
    made = {path for path, _ in binaries.values() if path not in present}
    merged = set()
    with open(os.path.join(OUT, "harvest"), "w") as stream:

        def tell(**fields):
            if fields["path"] in made:
                fields["refused"] = refusal(fields["path"])
            stream.write(line(**fields))

        for cpv, counter in sorted(installed().items()):
            slot, use, iuse, repository, build, time, inherited, properties, origin = (
                vardb.aux_get(
                    cpv, ["SLOT", "USE", "IUSE", "repository", "BUILD_ID", "BUILD_TIME",
                          "INHERITED", "PROPERTIES", "REPO_REVISIONS"]))
            path, built = binaries.get((cpv, build), ("", None))
            # Others have builds of that number too; hardly of that second.
            if before.get(cpv) == counter and built != time:
                continue
            merged.add(path)
            tell(
                cpv=cpv, slot=slot, use=effective(use, iuse), repo=repository,
                build=build or "0", path=path,
                ebuild=ebuild_digest(portdb, cpv, repository, inherited.split()),
                live=live(properties),
                built=time, revisions=revisions(origin), installed="1",
                merged="0" if before.get(cpv) == counter else "1")
        for (cpv, build), (path, time) in sorted(binaries.items()):
            if path not in made or path in merged:
                continue
            slot, use, iuse, repository, properties = bindb.aux_get(
                instance(bindb, cpv, build),
                ["SLOT", "USE", "IUSE", "repository", "PROPERTIES"])
            tell(
                cpv=cpv, slot=slot, use=effective(use, iuse), repo=repository,
                build=build or "0", path=path, live=live(properties),
                built=time, installed="0", merged="0")


def instance(bindb, cpv, build):
    """The build of a version by which Portage knows its metadata."""
    for candidate in bindb.cpv_all():
        if str(candidate) == cpv and bindb.aux_get(candidate, ["BUILD_ID"]) == [build]:
            return candidate
    raise KeyError(cpv)


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
elif sys.argv[1:] == ["count"]:
    count()
elif sys.argv[1:] == ["before"]:
    with open(os.path.join(OUT, "present"), "w") as stream:
        for path in package_files():
            stream.write(path + "\n")
    with open(os.path.join(OUT, "installed"), "w") as stream:
        for cpv, counter in sorted(installed().items()):
            stream.write("%s %s\n" % (cpv, counter))
else:
    main()

"""Tells which packages that a session has compiled are what the root's commit
demands, and of each other one why it is not: what a build would have made, as
far as that can be proved. Whatever is in doubt is not.

Runs in the session's root when it has ended, as `adopt.py PATH...` with paths
below PKGDIR, and sees

    /etc/portage            of the root's commit, not of its work tree
    /var/cache/binpkgs      the root's own packages
    /run/zentoo/pool        the packages of its flavour that all share
    /run/zentoo/tree        the root's work tree
    /run/zentoo/changes     overlayfs' upper layer: all that is not the stage's
    /run/zentoo/stage       the stage itself
    /run/zentoo/out/witness what witness.sh collected
    /run/zentoo/out/stamp   a file made when the session began

Writes /run/zentoo/out/verdicts, a line for each path: the path, a tab, and `ok`
or the reason why not.
"""

import bz2
import os
import re
import stat
import sys

import portage
from portage.gpkg import gpkg

OUT = "/run/zentoo/out"
POOL = "/run/zentoo/pool"
TREE = "/run/zentoo/tree"
CHANGES = "/run/zentoo/changes"
STAGE = "/run/zentoo/stage"
INSTALLED = STAGE + "/var/db/pkg"

# Files of /etc/portage that only say which packages are chosen, and with which
# USE flags; both are compared for each package.
SELECTING = {
    "package.accept_keywords", "package.keywords", "package.license",
    "package.mask", "package.properties", "package.unmask", "package.use", "sets",
}

# Where nothing lies that decides how something is compiled.
HARMLESS = (
    "dev", "home", "media", "mnt", "proc", "root", "run", "sys", "tmp", "var",
    "etc/ld.so.cache", "etc/.pwd.lock", "etc/._cfg", "etc/environment.d",
    "etc/csh.env", "etc/profile.env", "etc/ld.so.conf", "etc/hosts", "etc/portage",
    "etc/resolv.conf", "usr/share/info/dir", "usr/lib/locale/locale-archive",
    "etc/passwd", "etc/group", "etc/shadow", "etc/gshadow", "etc/subuid", "etc/subgid",
)

# Set by Portage anew for each package or phase, or about the terminal.
PASSING = re.compile(
    r"^([BIPR]?DEPEND|DESCRIPTION|HOMEPAGE|PROPERTIES|REQUIRED_USE|RESTRICT|SRC_URI"
    r"|A|AA|BASH_FUNC____in_portage_iuse%%|BINPKG_FORMAT|BUILD_ID|CATEGORY|CLEAN_DELAY"
    r"|COLORTERM|COLUMNS|D|DEFINED_PHASES|DISPLAY|DISTDIR|EAPI|EBUILD.*|ED|EDITOR"
    r"|EMERGE_FROM|FEATURES|FILESDIR|GPG_.*|BINPKG_GPG_.*|HOME|INHERITED|IUSE.*|KEYWORDS"
    r"|LESS|LESSOPEN|LICENSE|LINES|LOGNAME|LS_COLORS|MAKEOPTS|MERGE_TYPE|NINJAOPTS|OLDPWD"
    r"|P|PAGER|PATH|PF|PKGUSE|PKG_LOGDIR|PKG_TMPDIR|PN|PR|PV|PVR|PWD|SANDBOX_LOG|SHLVL"
    r"|SLOT|T|TERM|USE|USER|WORKDIR|_|(DIR|EXE|INS|LIB)OPTIONS"
    r"|PORTAGE_(ACTUAL_DISTDIR|BINPKG_TMPFILE|BUILDDIR|BUILD_GROUP|BUILD_USER|COLORMAP"
    r"|COMPRESSION_COMMAND|EBUILD_EXIT_FD|EBUILD_EXIT_FILE|ECLASS_LOCATIONS|FEATURES"
    r"|INTERNAL_CALLER|IPC_[A-Z_]+|LOG_FILE|PYTHON|QUIET|REPO_REVISIONS|SANDBOX_PID"
    r"|SOCKS5_PROXY|UPDATE_ENV|VERBOSE))$")

# What Portage sets for every phase and does not know of before.
FIXED = {
    "BASH_ENV": "/etc/spork/is/not/valid/profile.env",
    "BUILD_PREFIX": "/var/tmp/portage",
    "PM_EBUILD_HOOK_DIR": "/etc/portage/env",
    "PORTAGE_BASHRC": "/etc/portage/bashrc",
    "PORTAGE_DEBUG": "0",
    "XARGS": "xargs -r",
}

# FEATURES that a session has for itself.
OURS = {"getbinpkg"}


class Refused(Exception):
    """Why a package is not what the root's commit demands."""


def stamp_time():
    return os.lstat(os.path.join(OUT, "stamp")).st_ctime_ns


def check_tree(since):
    """All that decides how packages are compiled was left alone."""
    top = os.path.join(TREE, "etc/portage")
    for directory, names, leaves in os.walk(top):
        relative = os.path.relpath(directory, top)
        if relative == ".":
            names[:] = [name for name in names if name not in SELECTING]
            leaves = [name for name in leaves if name not in SELECTING]
        for path in [directory] + [os.path.join(directory, leaf) for leaf in leaves + names]:
            if os.lstat(path).st_ctime_ns >= since:
                raise Refused("'/etc/portage/%s' was changed in the session"
                              % os.path.normpath(os.path.relpath(path, top)))


def contents(directory):
    """What a package has installed, with the time where it is a file."""
    found = {}
    try:
        with open(os.path.join(directory, "CONTENTS"), encoding="utf-8",
                  errors="surrogateescape") as lines:
            for line in lines:
                kind, rest = line.rstrip("\n").split(" ", 1)
                if kind == "obj":
                    path, _, time = rest.rsplit(" ", 2)
                    found[path] = int(time)
                elif kind == "sym":
                    found[rest.split(" -> ", 1)[0]] = None
                else:
                    found[rest] = None
    except FileNotFoundError:
        pass
    return found


def is_harmless(path):
    return path.startswith(HARMLESS) or "/__pycache__" in path or path.endswith("-") \
        or any(path.endswith(name) for name in (".cache", "gschemas.compiled"))


def is_witness(path):
    """Whether a script of Portage is the stage's with our line in it."""
    if not re.match(r"usr/lib/portage/[^/]+/ebuild\.sh$", path):
        return False
    with open(os.path.join(CHANGES, path)) as ours, open(os.path.join(STAGE, path)) as theirs:
        lines = ours.readlines()
        return "/run/zentoo/bin/witness.sh" in lines.pop(1) and lines == theirs.readlines()


def is_mount_point(path, status):
    """Whether it is there for as long as we run, to have a file of ours laid on it."""
    return path == "usr/local/sbin/mount" and stat.S_ISREG(status.st_mode) and status.st_size == 0


def check_changes(since, merged):
    """The root was changed by merging packages and by nothing else."""
    explained = {}
    for cpv in merged:
        explained.update(contents(os.path.join(CHANGES, "var/db/pkg", cpv)))
    replaced = {portage.cpv_getkey(cpv) for cpv in merged}
    for category in os.listdir(INSTALLED):
        for package in os.listdir(os.path.join(INSTALLED, category)):
            cpv = "%s/%s" % (category, package)
            if portage.cpv_getkey(cpv) in replaced:
                for path in contents(os.path.join(INSTALLED, cpv)):
                    explained.setdefault(path, None)
    for directory, names, leaves in os.walk(CHANGES):
        relative = os.path.relpath(directory, CHANGES)
        if relative != "." and is_harmless(relative):
            names[:] = []
            continue
        links = [name for name in names if os.path.islink(os.path.join(directory, name))]
        for name in leaves + links:
            path = os.path.normpath(os.path.join(relative, name))
            status = os.lstat(os.path.join(directory, name))
            if status.st_ctime_ns < since or is_harmless(path) or is_witness(path) \
                    or is_mount_point(path, status):
                continue
            is_file = stat.S_ISREG(status.st_mode)
            time = explained.get("/" + path, 0)
            # In a file's place time says whether it is as it was merged.
            if time == 0 or is_file and time is not None and time != int(status.st_mtime):
                raise Refused("'/%s' was changed in the session, not by a package" % path)


def merged_since(vardb, since):
    """The packages that the session merged, in their order."""
    found = []
    for cpv in vardb.cpv_all():
        try:
            status = os.lstat(os.path.join(CHANGES, "var/db/pkg", cpv, "COUNTER"))
        except FileNotFoundError:
            continue
        if status.st_ctime_ns >= since:
            found.append((int(vardb.aux_get(cpv, ["COUNTER"])[0] or 0), str(cpv)))
    return [cpv for _, cpv in sorted(found)]


def demanded(cpv, repository, portdb):
    """Portage's settings for a package as the root's commit has it."""
    if cpv not in [str(match) for match in portdb.xmatch("match-visible", portage.dep.Atom("=" + cpv))]:
        raise Refused("the commit does not allow this version")
    if portdb.findname(cpv, myrepo=repository) is None:
        raise Refused("it is not of a repository of the commit")
    settings = portage.config(clone=portage.settings)
    settings.setcpv(cpv, mydb=portdb)
    return settings


def check_use(use, iuse, settings):
    known = {flag.lstrip("+-") for flag in iuse.split()}
    ours = set(settings.get("PORTAGE_USE", "").split()) & known
    theirs = set(use.split()) & known
    differing = ["-" + flag for flag in sorted(ours - theirs)]
    differing += sorted(theirs - ours)
    if differing:
        raise Refused("its USE flags are not those of the commit: " + " ".join(differing))


def exported(environment):
    """The exported variables that a package's build ended with."""
    text = bz2.decompress(environment).decode("utf-8", "replace")
    found = {}
    for flags, name, value in re.findall(
            r"^declare -([-A-Za-z]+) ([A-Za-z_]\w*)(?:=(.*))?$", text, re.MULTILINE):
        if "x" not in flags:
            continue
        if value.startswith('"') and value.endswith('"') and len(value) > 1:
            value = re.sub(r'\\([\\"$`])', r"\1", value[1:-1])
        found[name] = value
    return found


def words(value):
    return " ".join((value or "").split())


def witnessed(cpv, build):
    """The environments of the phases that a package was made in."""
    directory = os.path.join(OUT, "witness", "%s-%s" % (cpv, build))
    found = {}
    for name in os.listdir(directory) if os.path.isdir(directory) else ():
        with open(os.path.join(directory, name), encoding="utf-8", errors="replace") as stream:
            pairs = (entry.partition("=") for entry in stream.read().split("\0") if entry)
            found[name.rpartition("-")[2]] = {key: value for key, _, value in pairs}
    # Portage leaves out phases in which an ebuild does nothing, but not the last.
    if "package" not in found:
        raise Refused("it is not known in which environment it was compiled")
    return found


def compare(built, expected):
    for name in sorted(built):
        if PASSING.match(name):
            continue
        ours = expected.get(name, FIXED.get(name))
        if name.startswith("LC_") and "LC_ALL" in expected:
            # Portage sets each of them to what LC_ALL says, and unsets that.
            ours = expected["LC_ALL"]
            # Portage itself falls back to C for these two, as PMS has ebuilds expect.
            if name in ("LC_COLLATE", "LC_CTYPE") and built[name] == "C":
                continue
        if words(built[name]) != words(ours):
            refuse(name, built[name], ours)


def refuse(name, theirs, ours):
    raise Refused("it was built with %s='%s', the commit says %s"
                  % (name, words(theirs), "'%s'" % words(ours) if ours else "nothing of it"))


def check_environment(cpv, metadata, settings):
    """What decided how it was compiled is what the commit says: a variable of
    the shell, or of the command line, is none of it."""
    expected = settings.environ()
    compare(exported(metadata["environment.bz2"]), expected)
    for environment in witnessed(cpv, text(metadata, "BUILD_ID")).values():
        compare(environment, expected)
    features = [set(words(value).split()) - OURS for value in (
        expected.get("FEATURES"), text(metadata, "FEATURES"))]
    if features[0] != features[1]:
        raise Refused("it was built with other FEATURES: " + " ".join(sorted(features[0] ^ features[1])))
    for name in ("ASFLAGS", "CBUILD", "CC", "CFLAGS", "CHOST", "CTARGET", "CXX", "CXXFLAGS",
                 "EXTRA_ECONF", "EXTRA_EINSTALL", "EXTRA_MAKE", "LDFLAGS", "PKG_INSTALL_MASK"):
        ours, theirs = words(expected.get(name)), words(text(metadata, name))
        if ours != theirs:
            refuse(name, theirs, ours)


def check_ebuild(cpv, repository, metadata, portdb):
    path = portdb.findname(cpv, myrepo=repository)
    with open(path, "rb") as stream:
        if stream.read() != metadata.get(os.path.basename(path)):
            raise Refused("its ebuild is not that of the commit")


def read(path):
    package = gpkg(portage.settings, None, os.path.join("/var/cache/binpkgs", path))
    return package.get_metadata()


def text(metadata, name):
    return metadata.get(name, b"").decode().strip()


def check_built(path, metadata, portdb):
    cpv = "%s/%s" % (text(metadata, "CATEGORY"), text(metadata, "PF"))
    repository = text(metadata, "repository")
    settings = demanded(cpv, repository, portdb)
    check_ebuild(cpv, repository, metadata, portdb)
    check_use(text(metadata, "USE"), text(metadata, "IUSE"), settings)
    check_environment(cpv, metadata, settings)


def verdicts(paths):
    trees = portage.db[portage.root]
    vardb, portdb = trees["vartree"].dbapi, trees["porttree"].dbapi
    since = stamp_time()
    merged = merged_since(vardb, since)
    try:
        check_tree(since)
        check_changes(since, merged)
    except Refused as reason:
        return {path: str(reason) for path in paths}
    found = {path: "it was not merged, or merged again later" for path in paths}
    candidates = {}
    for path in paths:
        metadata = read(path)
        cpv = "%s/%s" % (text(metadata, "CATEGORY"), text(metadata, "PF"))
        candidates[cpv, text(metadata, "BUILD_ID")] = path, metadata
    stranger = None
    for cpv in merged:
        build, repository, use, iuse = vardb.aux_get(
            cpv, ["BUILD_ID", "repository", "USE", "IUSE"])
        path, metadata = candidates.get((cpv, build), (None, None))
        try:
            if path is not None and stranger is not None:
                raise Refused("it was compiled when '%s' was in the root" % stranger)
            if path is not None:
                check_built(path, metadata, portdb)
                found[path] = "ok"
                continue
            check_use(use, iuse, demanded(cpv, repository, portdb))
            name = "%s/%s-%s.gpkg.tar" % (portage.cpv_getkey(cpv), cpv.split("/")[1], build)
            if not os.path.exists(os.path.join(POOL, name)):
                raise Refused("it is not of the pool")
        except Refused as reason:
            stranger = stranger or cpv
            if path is not None:
                found[path] = str(reason)
    return found


def main():
    with open(os.path.join(OUT, "verdicts"), "w") as stream:
        for path, verdict in verdicts(sys.argv[1:]).items():
            stream.write("%s\t%s\n" % (path, " ".join(verdict.split())))


main()

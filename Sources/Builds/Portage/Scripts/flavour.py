"""Tells what decides the content of a binary package built in this root, but
is never compared by Portage when it reuses one: the inputs of the flavour.

Runs inside the root, with the composed /etc/portage and the pinned
repositories in place. Writes /run/zentoo/out/flavour: an input a line, its name
and its value with a tab between, sorted. Before them, and no inputs: CHOST,
which names a directory of its own, whether this Portage compares user
patches itself, and the SHA-256 of the lines with the inputs:

    chost	x86_64-pc-linux-gnu
    compares-patches	1
    digest	35b13634e2f9f173b4e4b8aad59b6a02a76dd74d187ef8ba98638756375c6f4e
    compiler	x86_64-pc-linux-gnu-gcc 14
    variable CFLAGS	-O2 -pipe

An input that is not known to be harmless is an input: it splits flavours,
and at worst a package is compiled twice. The lists below name what is
harmless, with the reason.
"""

import ctypes
import hashlib
import os
import subprocess

import portage

CONFIGURATION = "/etc/portage"
OUT = "/run/zentoo/out"

# Compared by Portage itself for every package it reuses.
COMPARED = {"USE", "USE_ORDER", "CHOST", "ARCH", "IUSE_IMPLICIT"}

# Only says which packages and versions are chosen.
SELECTING = {
    "ACCEPT_CHOSTS", "ACCEPT_KEYWORDS", "ACCEPT_LICENSE", "ACCEPT_PROPERTIES",
    "ACCEPT_RESTRICT", "PROFILE_ONLY_VARIABLES", "BOOTSTRAP_USE",
    "USE_EXPAND", "USE_EXPAND_HIDDEN", "USE_EXPAND_IMPLICIT",
    "USE_EXPAND_UNPREFIXED", "ENV_UNSET", "PORTAGE_ARCHLIST",
}

# Where things lie, how they are fetched, shown, logged or scheduled.
HANDLING = {
    "BINPKG_COMPRESS", "BINPKG_COMPRESS_FLAGS", "BINPKG_FORMAT", "CLEAN_DELAY",
    "COLLISION_IGNORE", "CONFIG_PROTECT", "CONFIG_PROTECT_MASK", "DISTDIR",
    "EMERGE_DEFAULT_OPTS", "EMERGE_WARNING_DELAY", "GENTOO_MIRRORS", "MAKEOPTS",
    "NINJAOPTS", "NOCOLOR", "NO_COLOR", "PKGDIR", "PORTAGE_TMPDIR",
    "PORT_LOGDIR", "UNINSTALL_IGNORE", "http_proxy", "https_proxy", "ftp_proxy",
    "no_proxy",
}
HANDLING_PREFIXES = (
    "FETCHCOMMAND", "RESUMECOMMAND", "PORTAGE_BINHOST", "PORTAGE_CHECKSUM",
    "PORTAGE_ELOG", "PORTAGE_FETCH", "PORTAGE_GPG", "PORTAGE_IONICE",
    "PORTAGE_LOGDIR", "PORTAGE_NICENESS", "PORTAGE_RSYNC", "PORTAGE_SCHEDULING",
    "PORTAGE_SSH", "PORTAGE_SYNC", "PORTAGE_TRUST", "BINPKG_GPG",
)

# FEATURES that guard, log, fetch, sign or speed up, and leave an image as it is
# (make.conf(5)).
HARMLESS_FEATURES = {
    "assume-digests", "binpkg-ignore-signature", "binpkg-logs",
    "binpkg-multi-instance", "binpkg-request-signature", "binpkg-signing",
    "buildpkg", "buildpkg-live", "buildpkg-proactive", "buildsyspkg", "candy",
    "ccache", "cgroup", "clean-logs", "collision-protect",
    "compress-build-logs", "compress-index", "config-protect-if-modified",
    "digest", "distcc", "distlocks", "downgrade-backup", "ebuild-locks",
    "fail-clean", "fakeroot", "force-mirror", "getbinpkg", "gpg-keepalive",
    "icecream", "ipc-sandbox", "jobserver-token", "keeptemp", "keepwork",
    "lmirror", "merge-sync", "merge-use-vdb", "merge-wait", "metadata-transfer",
    "mirror", "mount-sandbox", "network-sandbox", "network-sandbox-proxy",
    "news", "noclean", "notitles", "observability", "parallel-fetch",
    "parallel-install", "pid-sandbox", "pkgdir-index-trusted", "preserve-libs",
    "protect-owned", "python-trace", "qa-unresolved-soname-deps", "sandbox",
    "sesandbox", "sign", "skiprocheck", "split-elog", "split-log", "strict",
    "strict-keepdir", "stricter", "unknown-features-filter",
    "unknown-features-warn", "unmerge-backup", "unmerge-logs",
    "unmerge-orphans", "userfetch", "userpriv", "usersandbox", "usersync",
    "warn-on-large-env", "webrsync-gpg",
}

# Files of /etc/portage that only select, or say where repositories lie.
SELECTING_FILES = {
    "binrepos.conf", "categories", "make.profile", "mirrors",
    "package.accept_keywords", "package.accept_restrict", "package.keywords",
    "package.license", "package.mask", "package.properties",
    "package.provided", "package.unmask", "package.use", "package.use.force",
    "package.use.mask", "package.use.stable.force", "package.use.stable.mask",
    "repos.conf", "sets", "sets.conf", "use.force", "use.mask",
    "use.stable.force", "use.stable.mask",
}

# Since 3.0.83 Portage compares a package's user patches when it reuses a
# binary package (emerge(1), --binpkg-respect-user-patches); a Portage before
# that must not share packages between two sets of patches.
COMPARES_PATCHES = portage.vercmp(portage.VERSION, "3.0.83") >= 0

# make.conf counts through the variables it sets.
READ_AS_VARIABLES = {"make.conf", "make.globals"}


def digest(data):
    return hashlib.sha256(data).hexdigest()


def variables(settings):
    names = set()
    for layer in ("defaults", "conf"):
        names.update(settings.configdict[layer])
    expanded = set(settings.get("USE_EXPAND", "").split())
    expanded.update(settings.get("USE_EXPAND_UNPREFIXED", "").split())
    for name in sorted(names - COMPARED - SELECTING - HANDLING - expanded):
        if name.startswith(HANDLING_PREFIXES) or name.startswith("USE_EXPAND_VALUES_"):
            continue
        value = settings.get(name, "")
        if name == "FEATURES":
            value = " ".join(sorted(set(value.split()) - HARMLESS_FEATURES))
        yield "variable " + name, " ".join(value.split())


def files(top):
    """Every file below /etc/portage that does more than select."""
    left_out = SELECTING_FILES | READ_AS_VARIABLES
    if COMPARES_PATCHES:
        left_out = left_out | {"patches"}
    for directory, names, leaves in os.walk(top):
        names.sort()
        relative = os.path.relpath(directory, top)
        if relative in (".", "profile"):
            names[:] = [name for name in names if name not in left_out]
            leaves = [name for name in leaves if name not in left_out]
        for name in sorted(leaves + [n for n in names if os.path.islink(os.path.join(directory, n))]):
            path = os.path.join(directory, name)
            key = "file " + os.path.normpath(os.path.join(relative, name))
            if os.path.islink(path):
                yield key, "link " + os.readlink(path)
            else:
                with open(path, "rb") as stream:
                    yield key, digest(stream.read())


def profile(settings):
    """The profiles' bashrc files; their variables are counted above."""
    for path in settings.profiles:
        for name in ("profile.bashrc", "package.bashrc", "package.env"):
            for directory, _, leaves in os.walk(os.path.join(path, name)):
                for leaf in sorted(leaves):
                    with open(os.path.join(directory, leaf), "rb") as stream:
                        content = stream.read()
                    yield "profile %s/%s" % (name, leaf), digest(content)
            try:
                with open(os.path.join(path, name), "rb") as stream:
                    yield "profile %s %s" % (path, name), digest(stream.read())
            except (FileNotFoundError, IsADirectoryError):
                pass


def toolchain(settings):
    compiler = (settings.get("CC") or settings.get("CHOST", "") + "-gcc").split()[0]
    for candidate in (compiler, "cc"):
        try:
            version = subprocess.run(
                [candidate, "-dumpversion"], capture_output=True, text=True, check=True
            ).stdout.strip()
        except (OSError, subprocess.CalledProcessError):
            continue
        yield "compiler", "%s %s" % (os.path.basename(candidate), version)
        break
    else:
        yield "compiler", "none"
    yield "libc", libc()


def libc():
    library = ctypes.CDLL(None)
    try:
        version = library.gnu_get_libc_version
    except AttributeError:
        loaders = sorted(name for name in os.listdir("/lib") if name.startswith("ld-musl-"))
        return "musl " + " ".join(loaders)
    version.restype = ctypes.c_char_p
    return "glibc " + version().decode()


def main():
    settings = portage.settings
    inputs = {}
    for source in (variables(settings), files(CONFIGURATION), profile(settings), toolchain(settings)):
        inputs.update(source)
    lines = "".join(
        "%s\t%s\n" % (" ".join(name.split()), " ".join(value.split()))
        for name, value in sorted(inputs.items()))
    with open(os.path.join(OUT, "flavour"), "w", encoding="utf-8", errors="surrogateescape") as stream:
        stream.write("chost\t%s\n" % settings.get("CHOST", ""))
        stream.write("compares-patches\t%d\n" % COMPARES_PATCHES)
        stream.write("digest\t%s\n" % digest(lines.encode("utf-8", errors="surrogateescape")))
        stream.write(lines)


main()

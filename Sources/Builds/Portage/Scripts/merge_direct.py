"""Writes a binary package straight from its archive into the root, and its entry of
the package database beside: what dblink.merge() would do where nothing is in the way.

That is so where the package runs no phase, replaces no other one, is blocked by
none, and none of its paths is there but directories. In any other case nothing is
written here, and Portage merges the package.
"""

import bz2
import grp
import hashlib
import os
import posixpath
import pwd
import re
import stat

import portage
from portage.dbapi.vartree import _consolidate_to_metadata_file
from portage.util import writemsg_stdout
from _emerge.emergelog import emergelog

IMAGE = len("image")
LINE_ENDING = re.compile("[\n\r]")


class DirectWriter:
    """Writes those packages of a run for which that will do."""

    def __init__(self, environments, late, temporary):
        """temporary: a directory that is there when a package is merged"""
        self._environments = environments
        self._late = late
        self._has_registry = False
        self._temporary = temporary

    def merge(self, item, settings, file, phases, begin):
        """Merges a package: false where Portage has to. May raise Declined.

        item: the scheduler's MergeListItem
        begin: called when it is certain that the package will be written
        """
        if file.members is None or not is_plain(file.members, settings["D"]) \
                or not is_clear(file.members):
            return False
        package = item.pkg
        vartree = package.root_config.trees["vartree"]
        registry = vartree.dbapi._plib_registry
        if registry is not None and registry.hasEntries():
            # It may bring what a preserved library was kept for.
            return False
        environment = self._environment(settings, phases, package)
        begin()
        counter = vartree.dbapi.counter_tick()
        written = write_image(file.members, memoryview(file.image))
        link = portage.dblink(package.category, package.pf, settings=settings,
                              vartree=vartree, treetype="bintree")
        entry = entry_of(file, package)
        entry["COUNTER"] = str(counter).encode()
        entry["CONTENTS"] = "".join(line for _, _, line in written).encode()
        entry["environment.bz2"] = bz2.compress(environment, 9)
        write_entry(link, entry)
        forget_caches(vartree.dbapi, link)
        self._write_registry(vartree.dbapi)
        self._tell(item, settings, written)
        if written:
            self._late.add({path: (kind,) for kind, path, _ in written},
                           item.mtimedb["ldpath"], vartree.dbapi, settings)
            self._late.wrote(settings)
        return True

    def _environment(self, settings, phases, package):
        """What a postinst phase would save in a build directory, without one."""
        bintree = package.root_config.trees["bintree"]
        portage.doebuild_environment(
            settings["EBUILD"], "preinst", settings=settings, db=bintree.dbapi)
        settings["REPLACING_VERSIONS"] = ""

        def environ():
            # Where an environment was saved, less of the caller's variables is
            # passed (config.environ()).
            temporary, settings["T"] = settings["T"], self._saved_environment()
            try:
                return dict(settings.environ(), T=temporary)
            finally:
                settings["T"] = temporary

        return self._environments.expected(settings, environ, phases)

    def _saved_environment(self):
        """A directory for temporary files, as it is after a phase."""
        with open(os.path.join(self._temporary, "environment"), "wb"):
            return self._temporary

    def _write_registry(self, vardb):
        """Each merge writes the registry of preserved libraries, an empty one too;
        a package that replaces none changes nothing in it."""
        registry = vardb._plib_registry
        if self._has_registry or registry is None:
            return
        self._has_registry = True
        registry.lock()
        try:
            registry.load()
            registry.store()
        finally:
            registry.unlock()

    def _tell(self, item, settings, written):
        """Logs and, when asked to, prints what dblink.merge() does."""
        emergelog(False, " >>> AUTOCLEAN: %s" % item.pkg.slot_atom)
        if settings.get("PORTAGE_VERBOSE") == "1" and settings.get("PORTAGE_BACKGROUND") != "1":
            lines = [">>> Merging %s to %s" % (item.pkg.cpv, settings["ROOT"])]
            lines += [">>> %s%s" % (path, "/" if kind == "dir" else "") for kind, path, _ in written]
            writemsg_stdout("\n".join(lines) + "\n>>> %s merged.\n" % item.pkg.cpv)


def is_plain(members, image):
    """Whether an archive holds nothing that Portage would refuse, rename or tell of."""
    folders, names = {"image"}, set()
    for member in members:
        name, target = member.name, member.linkname
        if name == "image" and member.isdir():
            continue
        try:
            (name + target).encode("utf-8", "strict")
        except UnicodeEncodeError:
            return False
        if LINE_ENDING.search(name + target) or ".." in name.split("/") or name in names:
            return False
        # Below a directory of the archive: never through a link.
        if posixpath.dirname(name) not in folders:
            return False
        if member.islnk() and target not in names - folders:
            return False
        if member.issym() and target.startswith(image):
            return False
        if not (member.isreg() or member.isdir() or member.issym() or member.islnk()):
            return False
        names.add(name)
        if member.isdir():
            folders.add(name)
    return True


def is_clear(members):
    """Whether nothing is in the way: of an archive's paths there are only directories,
    and no two of them are one."""
    paths = {member.name[IMAGE:] for member in members}
    folders, places = {}, set()
    for member in members:
        path = member.name[IMAGE:]
        if not path:
            continue
        try:
            mode = os.lstat(path).st_mode
        except FileNotFoundError:
            mode = None
        except OSError:
            return False
        if member.isdir():
            if mode is not None and not stat.S_ISDIR(mode) and not os.path.isdir(path):
                return False
            continue
        folder, name = os.path.split(path)
        if folder not in folders:
            folders[folder] = os.path.realpath(folder)
        place = os.path.join(folders[folder], name)
        if mode is not None or place in places:
            return False
        places.add(place)
        if member.issym() and not leads_somewhere(path, member.linkname, paths):
            return False
    return True


def leads_somewhere(path, target, paths):
    """Whether a link's target is there, or will be: Portage tells of those that lead
    nowhere."""
    place = os.path.normpath(os.path.join(os.path.dirname(path), target))
    return place in paths or os.path.lexists(place)


class Owners:
    """Numbers of owners as tarfile finds them: by name in this root, else as they are
    in the archive."""

    def __init__(self):
        self._users = {"": None}
        self._groups = {"": None}

    def of(self, member):
        user = self._find(self._users, member.uname, lambda name: pwd.getpwnam(name).pw_uid)
        group = self._find(self._groups, member.gname, lambda name: grp.getgrnam(name).gr_gid)
        return member.uid if user is None else user, member.gid if group is None else group

    @staticmethod
    def _find(known, name, ask):
        if name not in known:
            try:
                known[name] = ask(name)
            except KeyError:
                known[name] = None
        return known[name]


def write_image(members, image):
    """Writes an archive's members below /, and returns the kind, the path and the
    line in CONTENTS of each."""
    written, originals, owners = [], {}, Owners()
    mask = os.umask(0)
    try:
        for member in members:
            path = member.name[IMAGE:]
            if not path:
                continue
            if member.isdir():
                written.append(("dir", path, write_directory(path, member, owners)))
            elif member.issym():
                written.append(("sym", path, write_link(path, member, owners)))
            else:
                if member.islnk():
                    original, details = originals[member.linkname]
                    os.link(original, path)
                else:
                    content = image[member.offset_data:member.offset_data + member.size]
                    details = write_file(path, member, content, owners)
                originals[member.name] = path, details
                written.append(("obj", path, "obj %s %s\n" % (path, details)))
    finally:
        os.umask(mask)
    return written


def write_directory(path, member, owners):
    try:
        os.mkdir(path)
    except FileExistsError:
        pass
    else:
        os.chmod(path, member.mode)
        os.chown(path, *owners.of(member))
    return "dir %s\n" % path


def write_link(path, member, owners):
    os.symlink(member.linkname, path)
    os.lchown(path, *owners.of(member))
    return "sym %s -> %s %d\n" % (path, member.linkname, os.lstat(path).st_mtime_ns // 10**9)


def write_file(path, member, content, owners):
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        write_all(descriptor, content)
        # An owner that changes takes the set-user-id bit away.
        os.fchown(descriptor, *owners.of(member))
        os.fchmod(descriptor, member.mode)
        os.utime(descriptor, (member.mtime, member.mtime))
        seconds = os.fstat(descriptor).st_mtime_ns // 10**9
    finally:
        os.close(descriptor)
    return "%s %d" % (hashlib.md5(content).hexdigest(), seconds)


def write_all(descriptor, content):
    content = memoryview(content)
    while content:
        content = content[os.write(descriptor, content):]


def entry_of(file, package):
    """What is recorded of a package: what Binpkg unpacks and adds."""
    found = dict(file.metadata)
    found.setdefault("CATEGORY", package.category.encode() + b"\n")
    found.setdefault("PF", package.pf.encode() + b"\n")
    bintree = package.root_config.trees["bintree"]
    (md5,) = bintree.dbapi.aux_get(package.cpv, ["MD5"])
    found["BINPKGMD5"] = (md5 or portage.checksum.perform_md5(file.path)).encode() + b"\n"
    return found


def write_entry(link, entry):
    """Writes a package's directory of the package database."""
    os.makedirs(link.dbcatdir, mode=0o755, exist_ok=True)
    os.mkdir(link.dbtmpdir, 0o755)
    for name, content in entry.items():
        descriptor = os.open(
            os.path.join(link.dbtmpdir, name), os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o644)
        try:
            write_all(descriptor, content)
        finally:
            os.close(descriptor)
    # Stamped with the directory's time: it comes last.
    _consolidate_to_metadata_file(link.dbtmpdir)
    os.rename(link.dbtmpdir, link.dbpkgdir)


def forget_caches(vardb, link):
    """As MergeProcess does for the parent of the process that merges."""
    if vardb._categories is not None:
        vardb._categories = None
    vardb._pkgs_changed = True
    vardb._clear_pkg_cache(link)
    try:
        vardb.aux_get(link.mycpv, ["EAPI"])
    except KeyError:
        pass

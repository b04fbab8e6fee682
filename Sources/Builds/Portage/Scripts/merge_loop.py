"""The main loop of emerge's scheduler, for binary packages alone.

In the place of Portage's own, which starts ten processes for a package and waits
for them, it has merge_install.py merge one package after the other, while threads
verify and decompress those that follow.
"""

import collections
import concurrent.futures
import contextlib
import os
import sys
import time
import traceback

from _emerge.PackageMerge import PackageMerge
from _emerge.Scheduler import Scheduler
import portage
from portage.const import PORTAGE_PACKAGE_ATOM
from portage.dep import match_from_list
from portage.versions import _pkg_str

import merge_packages
from merge_install import Installer

# FEATURES that concern all of a run.
UNUSUAL = {
    "binpkg-request-signature", "case-insensitive-fs", "cgroup", "chflags", "fakeroot",
    "observability", "selinux", "sesandbox",
}
OPTIONS = {
    "--buildpkgonly", "--fetchonly", "--fetch-all-uri", "--pretend", "--debug", "--getbinpkg",
    "--getbinpkgonly",
}
THREADS = 2
# How far threads may be ahead of the merge: in packages, and in bytes of them.
AHEAD = 8
AHEAD_BYTES = 2 * merge_packages.IN_MEMORY


def install(say, broken):
    """Has emerge, in this process, use this loop; returns what tells of it."""
    loop = Loop(say, broken)
    loop.portages = Scheduler._main_loop
    Scheduler._main_loop = lambda scheduler: loop.run(scheduler)
    return loop


class Loop:
    """Chooses the loop of a run.

    summary    what is to be told at the end
    portages   Portage's own loop
    """

    def __init__(self, say, broken):
        self.summary = "route=none"
        self.portages = None
        self._say = say
        self._broken = broken
        self._counts = collections.Counter()

    def run(self, scheduler):
        """Merges all that a scheduler has to: Scheduler._main_loop()."""
        reason = objection(scheduler)
        if reason:
            self._say("emerge merges this by itself: " + reason)
            self.summary = "route=emerge reason=" + reason
            return self.portages(scheduler)
        started = time.monotonic()
        try:
            NativeRun(scheduler, self._counts, self._say).perform()
        except Exception as error:
            self._give_up(error)
        self._counts["milliseconds"] += int(1000 * (time.monotonic() - started))
        names = ("packages", "direct", "portage", "phases", "careful", "modelled", "ebuild.sh",
                 "uninstalled", "failed", "milliseconds")
        self.summary = " ".join(
            ["route=native"] + ["%s=%d" % (name, self._counts[name]) for name in names])

    def _give_up(self, error):
        """Ends the process at once: the root is of no use any more, and nothing
        that emerge does at its end must make it look as if it were."""
        traceback.print_exception(error, file=sys.stderr)
        sys.stdout.flush()
        sys.stderr.flush()
        self._say("merge route=broken reason=%s: %s"
                  % (type(error).__name__, " ".join(str(error).split())))
        os._exit(self._broken)


def objection(scheduler):
    """Why Portage's own loop has to do this run; None when there is no reason."""
    settings = scheduler.settings
    if settings["ROOT"] != "/" or settings["EPREFIX"] or settings["SYSROOT"] != "/":
        return "ROOT, SYSROOT or EPREFIX is unusual"
    if portage.data.secpass < 2:
        return "it is not run by root"
    options = sorted(option for option in OPTIONS if scheduler.myopts.get(option))
    if options:
        return "%s was given" % " ".join(options)
    for config in [settings] + list(scheduler.pkgsettings.values()):
        features = sorted(UNUSUAL & set(config.features))
        if features:
            return "FEATURES has %s" % " ".join(features)
    for package in scheduler._pkg_queue:
        reason = None if package.installed else objection_to(package)
        if reason:
            return reason
    return None


def objection_to(package):
    """Why Portage's own loop has to merge a package."""
    if package.type_name != "binary":
        return "%s is no binary package" % package.cpv
    if match_from_list(PORTAGE_PACKAGE_ATOM, [package]):
        return "%s replaces what is at work" % package.cpv
    if "interactive" in package.properties:
        return "%s is interactive" % package.cpv
    bintree = package.root_config.trees["bintree"]
    if bintree.download_required(package.cpv):
        return "%s has to be fetched" % package.cpv
    return merge_packages.objection(bintree.getname(package.cpv))


class NativeRun:
    """Merges the packages of a scheduler in their order, in this process."""

    def __init__(self, scheduler, counts, say):
        self._scheduler = scheduler
        self._counts = counts
        self._installer = Installer(scheduler, counts, say)

    def perform(self):
        scheduler = self._scheduler
        packages = [package for package in scheduler._pkg_queue if not package.installed]
        with Ahead(packages) as ahead, self._installer, committing_once(scheduler._mtimedb):
            while scheduler._keep_scheduling():
                package = scheduler._pkg_queue.pop(0)
                if package.installed:
                    self._uninstall(package)
                else:
                    self._merge(package, ahead)
            self._installer.finish()

    def _merge(self, package, ahead):
        scheduler = self._scheduler
        scheduler._pkg_count.curval += 1
        failed = len(scheduler._failed_pkgs) + len(scheduler._failed_pkgs_all)
        self._installer.merge(scheduler._task(package), ahead.loaded(package))
        if len(scheduler._failed_pkgs) + len(scheduler._failed_pkgs_all) > failed:
            self._counts["failed"] += 1
        else:
            scheduler._status_display.curval += 1

    def _uninstall(self, package):
        """Removes what a package of this run blocks, as Portage does."""
        scheduler = self._scheduler
        self._installer.flush()
        task = PackageMerge(merge=scheduler._task(package), scheduler=scheduler._sched_iface)
        task.start()
        task.wait()
        self._counts["uninstalled"] += 1
        scheduler._do_merge_exit(task)


@contextlib.contextmanager
def committing_once(mtimedb):
    """Has the list for `emerge --resume` be written at the end, not after each
    package: nobody goes on with a root in which a merge was killed."""
    mtimedb.commit = lambda: None
    try:
        yield
    finally:
        del mtimedb.commit
        mtimedb.commit()


class Ahead:
    """Loads packages in threads, in the order in which they are merged."""

    def __init__(self, packages):
        self._waiting = collections.deque(packages)
        self._digests = digests_of(packages)
        self._futures = {}
        self._sizes = {}
        self._threads = None

    def __enter__(self):
        self._threads = concurrent.futures.ThreadPoolExecutor(THREADS)
        return self

    def __exit__(self, *_):
        self._threads.shutdown(cancel_futures=True)

    def loaded(self, package):
        """The future of a package; later ones are begun in passing."""
        while package not in self._futures:
            self._begin()
        while self._waiting and len(self._futures) <= AHEAD \
                and sum(self._sizes.values()) < AHEAD_BYTES:
            self._begin()
        self._sizes.pop(package, None)
        return self._futures.pop(package)

    def _begin(self):
        package = self._waiting.popleft()
        path = package.root_config.trees["bintree"].getname(package.cpv)
        digests = self._digests.get(package, {})
        self._sizes[package] = digests.get("size", 0)
        self._futures[package] = self._threads.submit(merge_packages.load, path, digests)


def digests_of(packages):
    """What the index of binary packages says of each: BinpkgVerifier reads the index
    anew for every package."""
    found = {}
    wanted = {}
    for package in packages:
        bintree = package.root_config.trees["bintree"]
        key = bintree.dbapi._instance_key(package.cpv)
        wanted.setdefault(bintree, {}).setdefault(str(package.cpv), {})[key] = package
    for bintree, names in wanted.items():
        for entry in bintree._load_pkgindex().packages:
            builds = names.get(entry["CPV"])
            if not builds:
                continue
            cpv = _pkg_str(entry["CPV"], metadata=entry, settings=bintree.settings)
            package = builds.get(bintree.dbapi._instance_key(cpv))
            if package is not None:
                found[package] = digests_of_entry(entry)
    return found


def digests_of_entry(entry):
    names = portage.checksum.get_valid_checksum_keys()
    digests = {name: entry[name] for name in names if entry.get(name)}
    if entry.get("SIZE", "").isdigit():
        digests["size"] = int(entry["SIZE"])
    return digests

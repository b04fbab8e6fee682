"""The main loop of emerge's scheduler, for binary packages.

In the place of Portage's own, which starts ten processes for a package and waits
for them, it has merge_install.py merge one package after the other, while threads
verify and decompress those that follow.

Where some tasks of a run are not for it, an ebuild above all, it merges the packages
that need not wait for one of them, and leaves the rest to Portage's own loop, which
finds what it would have left behind itself.
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
from merge_install import Installer, Outcome

# FEATURES that concern all of a run.
UNUSUAL = {
    "binpkg-request-signature", "case-insensitive-fs", "cgroup", "chflags", "fakeroot",
    "observability", "selinux", "sesandbox",
}
OPTIONS = {
    "--buildpkgonly", "--fetchonly", "--fetch-all-uri", "--pretend", "--debug", "--getbinpkg",
    "--getbinpkgonly",
}
# Of a summary.
NUMBERS = (
    "packages", "direct", "portage", "phases", "careful", "modelled", "ebuild.sh", "uninstalled",
    "failed", "milliseconds",
)
THREADS = 2
# How far threads may be ahead of the merge: in packages, and in bytes of them.
AHEAD = 8
AHEAD_BYTES = 2 * merge_packages.IN_MEMORY


def install(say, broken):
    """Has emerge, in this process, use this loop; returns what tells of it."""
    loop = Loop(say, broken)
    loop.portages = Scheduler._main_loop
    Scheduler._main_loop = lambda scheduler: loop.run(scheduler)
    configure = Scheduler._set_graph_config

    def remember(scheduler, config):
        # With one job the scheduler itself forgets the graph at once.
        loop.graph = None if config is None else config.graph
        configure(scheduler, config)

    Scheduler._set_graph_config = remember
    return loop


class Loop:
    """Chooses the loop of a run, or of each part of it: `emerge --keep-going` begins
    another one after a failure.

    graph      what depends on what in the run that is to come
    portages   Portage's own loop
    """

    def __init__(self, say, broken):
        self.graph = None
        self.portages = None
        self._say = say
        self._broken = broken
        self._counts = collections.Counter()
        self._is_native = False
        self._left = set()
        self._reason = None

    @property
    def summary(self):
        """What is to be told at the end."""
        if not self._is_native:
            return "route=emerge reason=" + self._reason if self._left else "route=none"
        numbers = ["%s=%d" % (name, self._counts[name]) for name in NUMBERS]
        if not self._left:
            return " ".join(["route=native"] + numbers)
        return " ".join(["route=mixed"] + numbers + [
            "left=%d" % len(self._left), "reason=" + self._reason])

    def run(self, scheduler):
        """Merges all that a scheduler has to: Scheduler._main_loop()."""
        graph, self.graph = self.graph, None
        tasks = list(scheduler._pkg_queue)
        try:
            left = left_to_portage(scheduler, graph)
        except Exception as error:
            self._give_up(error)
        self._left.difference_update(tasks)
        self._left.update(left)
        if left and not self._reason:
            self._reason = next(iter(left.values()))
        if len(left) < len(tasks) or not tasks:
            self._merge_natively(scheduler, left)
        if not left:
            return None
        if len(left) == len(tasks):
            self._say("emerge merges this by itself: " + self._reason)
        elif scheduler._keep_scheduling():
            self._say("emerge merges %d of these %d by itself: %s" % (
                len(left), len(tasks), self._reason))
        return self.portages(scheduler)

    def _merge_natively(self, scheduler, left):
        self._is_native = True
        started = time.monotonic()
        try:
            NativeRun(scheduler, left, self._counts, self._say).perform()
            if left:
                forget_what_was_done(scheduler)
        except Exception as error:
            self._give_up(error)
        self._counts["milliseconds"] += int(1000 * (time.monotonic() - started))

    def _give_up(self, error):
        """Ends the process at once: the root is of no use any more, and nothing
        that emerge does at its end must make it look as if it were."""
        traceback.print_exception(error, file=sys.stderr)
        sys.stdout.flush()
        sys.stderr.flush()
        self._say("merge route=broken reason=%s: %s"
                  % (type(error).__name__, " ".join(str(error).split())))
        os._exit(self._broken)


def left_to_portage(scheduler, graph):
    """The tasks of a run that are left to Portage's own loop, in their order, and why
    each of them is: what this loop does not do, and what has to come after it.

    graph: what depends on what, None where nobody knows
    """
    tasks = scheduler._pkg_queue
    reason = objection(scheduler)
    if reason:
        return {task: reason for task in tasks}
    if "--nodeps" in scheduler.myopts:
        graph = None
    left, behind = {}, set()
    for task in tasks:
        reason = None if task.installed else objection_to(task)
        if reason is None and left and has_to_wait(task, graph, behind):
            reason = "%s comes after one that is left" % task.cpv
        if reason is None:
            continue
        left[task] = reason
        if task.operation == "uninstall":
            # Whatever comes later may count on its files being gone.
            graph = None
        elif graph is not None:
            add_dependents(graph, task, behind)
    if not any(not task.installed and task not in left for task in tasks):
        return {task: next(iter(left.values())) for task in tasks} if left else {}
    return left


def has_to_wait(task, graph, behind):
    """Whether a task may not be done before the tasks that precede it and are left.

    The order of the list is that of dependencies, but also of blockers, which the
    graph knows as what is uninstalled before or after a package, and does not know
    any more where another package replaces the blocked one: what has to do with them
    keeps its place.
    """
    if graph is None or task not in graph or task.operation == "uninstall" or task in behind:
        return True
    neighbours = graph.child_nodes(task) + graph.parent_nodes(task)
    return any(getattr(node, "operation", None) == "uninstall" for node in neighbours)


def add_dependents(graph, task, behind):
    """Adds all that depends on a task, by whatever kind of dependency: Portage's
    loop does not ask for the kind either, but within cycles."""
    waiting = [task] if task in graph else []
    while waiting:
        parents = set(graph.parent_nodes(waiting.pop())) - behind
        behind.update(parents)
        waiting.extend(parents)


def forget_what_was_done(scheduler):
    """Leaves a scheduler to Portage's loop as that does with it: there all of a merge
    but its outcome happens in other processes."""
    for configurations in scheduler._config_pool.values():
        configurations.clear()
    for trees in scheduler.trees.values():
        libraries = trees["vartree"].dbapi._linkmap
        if libraries is not None:
            libraries._clear_cache()


def objection(scheduler):
    """Why Portage's own loop has to do all of a run; None when there is no reason."""
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
        # Portage has moved itself elsewhere, then.
        if not package.installed and match_from_list(PORTAGE_PACKAGE_ATOM, [package]):
            return "%s replaces what is at work" % package.cpv
    return None


def objection_to(package):
    """Why Portage's own loop has to merge a package."""
    if package.type_name != "binary":
        return "%s is no binary package" % package.cpv
    if "interactive" in package.properties:
        return "%s is interactive" % package.cpv
    bintree = package.root_config.trees["bintree"]
    if bintree.download_required(package.cpv):
        return "%s has to be fetched" % package.cpv
    return merge_packages.objection(bintree.getname(package.cpv))


class NativeRun:
    """Merges those packages of a scheduler that are not left to Portage's loop in their
    order, in this process."""

    def __init__(self, scheduler, left, counts, say):
        self._scheduler = scheduler
        self._left = left
        self._counts = counts
        self._installer = Installer(scheduler, counts, say)

    def perform(self):
        scheduler = self._scheduler
        packages = [task for task in self._waiting() if not task.installed]
        with Ahead(packages) as ahead, self._installer, committing_once(scheduler._mtimedb):
            while scheduler._keep_scheduling():
                package = next(self._waiting(), None)
                if package is None:
                    break
                scheduler._pkg_queue.remove(package)
                if package.installed:
                    self._uninstall(package)
                else:
                    self._merge(package, ahead)
            self._installer.finish()

    def _waiting(self):
        """The tasks that are still to be done here: a merge may make the removal of
        what it replaces superfluous."""
        return (task for task in self._scheduler._pkg_queue if task not in self._left)

    def _merge(self, package, ahead):
        scheduler = self._scheduler
        scheduler._pkg_count.curval += 1
        failed = len(scheduler._failed_pkgs) + len(scheduler._failed_pkgs_all)
        task = scheduler._task(package)
        if package in scheduler._deep_system_deps:
            # Until what it needs is there as well, Portage's loop builds one package
            # at a time.
            scheduler._system_merge_started(Outcome(task, None, None))
        self._installer.merge(task, ahead.loaded(package))
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
    package: nobody goes on with a root in which a merge was killed. Portage's loop
    writes its own again."""
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

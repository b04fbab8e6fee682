"""Merges one binary package into the root, in this process.

A package that meets nothing in its way is written straight from its archive
(merge_direct.py); any other one goes through Portage's own dblink.merge(), which is
what emerge calls too, but in a process for each package.
"""

import bz2
import collections
import contextlib
import functools
import logging
import os
import shutil

import portage
from portage.const import RETURNCODE_POSTINST_FAILURE
from portage.dbapi import vartree
from portage.dep import _repo_separator
from portage.eapi import eapi_exports_replace_vars
from portage.gpkg import tar_safe_extract
from portage.output import colorize
from portage.package.ebuild.prepare_build_dirs import prepare_build_dirs
from portage.util import ensure_dirs, writemsg_level
from portage.util import env_update
from portage.util._async.ForkProcess import ForkProcess
from portage.util._dyn_libs.dyn_libs import check_dyn_libs_inconsistent
from _emerge.EbuildPhase import _setup_locale

from merge_direct import DirectWriter, entry_of, forget_caches
from merge_environment import Declined, EnvironmentModel
from merge_filter import FilterService
from merge_late import LateWork
from merge_packages import BadPackage
from merge_phases import Checks, Environments, PhaseRunner, Phases, reason_for_care

# Whether a package counts as merged whose pkg_postinst fails. MergeProcess means to
# have it so, in a method that this Portage may not call: then emerge stops.
IS_LENIENT = hasattr(ForkProcess, "_proc_join_done")

# What Scheduler._do_merge_exit() reads of a task.
Outcome = collections.namedtuple("Outcome", "merge returncode postinst_failure")


class Installer:
    """Merges the packages of a run."""

    def __init__(self, scheduler, counts, say):
        self._scheduler = scheduler
        self._counts = counts
        self._say = say
        self._late = LateWork(scheduler)
        self._checks = Checks()
        model = EnvironmentModel(scheduler.settings["PORTAGE_BIN_PATH"])
        self._environments = Environments(model, counts, say)
        temporary = os.path.join(
            os.path.realpath(scheduler.settings["PORTAGE_TMPDIR"]), "portage", ".zentoo-merge")
        self._service = FilterService(model, temporary, portage._python_interpreter)
        self._direct = DirectWriter(self._environments, self._late, temporary)
        self._categories = set()

    def flush(self):
        """Does what was put off: somebody is going to look."""
        self._late.flush(self._scheduler.settings)

    def __enter__(self):
        self._service.__enter__()
        return self

    def __exit__(self, *_):
        """Ends a run: nothing is left but the root."""
        self._service.__exit__()
        for directory in self._categories:
            with contextlib.suppress(OSError):
                os.rmdir(directory)

    def finish(self):
        """Does the work that was put off."""
        self.flush()
        self._late.sync()

    def merge(self, item, loaded):
        """Merges a package, and tells the scheduler how that went.

        item: the scheduler's MergeListItem, which is not started
        loaded: the future of its PackageFile
        """
        package = item.pkg
        self._announce(item, "Emerging binary", "for")
        item.logger.log(" >>> emerge (%s of %s) %s to %s" % (
            item.pkg_count.curval, item.pkg_count.maxval, package.cpv, package.root))
        settings = self._configure(item)
        try:
            file = loaded.result()
            item.logger.log(" === (%s of %s) Merging Binary (%s::%s)" % (
                item.pkg_count.curval, item.pkg_count.maxval, package.cpv, file.path))
            status = self._install(item, settings, file)
        except BadPackage as error:
            writemsg_level(str(error), level=logging.ERROR, noiselevel=-1)
            status = None
        portage.elog.elog_process(package.cpv, settings)
        if status is None:
            self._scheduler._record_pkg_failure(
                package, settings.get("PORTAGE_BUILDDIR"), settings.get("PORTAGE_LOG_FILE"), 1)
            return
        self._conclude(item, settings, status)

    def _announce(self, item, action, preposition):
        """A line of MergeListItem or PackageMerge."""
        count = item.pkg_count
        message = "%s (%s of %s) %s" % (
            action, colorize("MERGE_LIST_PROGRESS", str(count.curval)),
            colorize("MERGE_LIST_PROGRESS", str(count.maxval)),
            colorize("PKG_BINARY_MERGE", item.pkg.cpv + _repo_separator + item.pkg.repo))
        if item.pkg.root_config.settings["ROOT"] != "/":
            message += " %s %s" % (preposition, item.pkg.root)
        item.statusMessage(message)

    def _configure(self, item):
        """Portage's settings for a package, as Binpkg makes them."""
        settings, package = item.settings, item.pkg
        bintree = package.root_config.trees["bintree"]
        settings.setcpv(package)
        directory = os.path.join(
            os.path.realpath(settings["PORTAGE_TMPDIR"]), "portage", package.category, package.pf)
        ebuild = os.path.join(directory, "build-info", package.pf + ".ebuild")
        settings["EBUILD"] = ebuild
        portage.doebuild_environment(ebuild, "setup", settings=settings, db=bintree.dbapi)
        self._scheduler._sched_iface.run_until_complete(_setup_locale(settings))
        settings.configdict["pkg"]["EMERGE_FROM"] = "binary"
        settings.configdict["pkg"]["MERGE_TYPE"] = "binary"
        # No other process knows of this directory.
        settings["PORTAGE_BUILDDIR_LOCKED"] = "1"
        if eapi_exports_replace_vars(settings["EAPI"]):
            settings["REPLACING_VERSIONS"] = " ".join(
                {portage.versions.cpv_getversion(cpv) for cpv in replaced_by(package)})
        settings["PORTAGE_BINPKG_FILE"] = bintree.getname(package.cpv)
        return settings

    def _install(self, item, settings, file):
        """Merges a package whose file is right: returns a phase's exit status, None
        where it failed before anything was merged."""
        if file.text("EPREFIX") != settings["EPREFIX"]:
            raise Unsupported("%s is for the prefix '%s'" % (item.pkg.cpv, file.text("EPREFIX")))
        phases = self._phases(item, settings, file)
        blockers = item.find_blockers()
        if not phases.needed and not blockers and not replaced_by(item.pkg):
            try:
                begin = functools.partial(self._announce, item, "Installing", "to")
                if self._direct.merge(item, settings, file, phases, begin):
                    self._counts["direct"] += 1
                    return os.EX_OK
            except Declined as reason:
                self._environments.tell(item.pkg.cpv, reason)
                phases.run_all()
        self._counts["portage"] += 1
        runner = PhaseRunner(item.pkg.cpv, phases, self._environments, self._late.flush,
                             self._service.program)
        return self._merge_by_portage(item, settings, file, runner, blockers)

    def _phases(self, item, settings, file):
        """Decides which phases of a package are run."""
        try:
            environment = bz2.decompress(file.metadata.get("environment.bz2", b""))
        except (OSError, ValueError) as error:
            raise BadPackage("!!! Error extracting '%s', its environment.bz2: %s\n"
                             % (file.path, error)) from error
        defined = set(file.text("DEFINED_PHASES").split())
        own = Phases(defined, None, environment)
        checks = self._checks.reason(
            settings["PATH"], own.needed, file.members, replaced_by(item.pkg))
        phases = Phases(defined, reason_for_care(settings, environment, checks), environment)
        if phases.are_own:
            self._counts["phases"] += 1
        if phases.careful:
            self._counts["careful"] += 1
            self._say("%s runs all phases: %s" % (item.pkg.cpv, phases.careful))
        elif not phases.are_own and not self._environments.is_tried(settings["EAPI"]):
            phases.trial = True
            phases.run_all()
        elif not phases.are_own and not self._environments.is_right(settings["EAPI"]):
            self._counts["ebuild.sh"] += 1
            phases.run_all()
        return phases

    def _merge_by_portage(self, item, settings, file, runner, blockers):
        """As Binpkg and MergeProcess do."""
        package = item.pkg
        iface = self._scheduler._sched_iface
        self._make_build_directory(settings, file, package)
        setup = runner.ebuild_phase(False, "setup", iface, settings)
        setup.start()
        if setup.wait() != os.EX_OK:
            return None
        file.unpack(os.path.join(settings["PORTAGE_BUILDDIR"], "image"), tar_safe_extract)
        if check_dyn_libs_inconsistent(settings["D"], file.text("PROVIDES")):
            writemsg_level(
                "!!! Error! Installing dynamic libraries (.so) with blank PROVIDES!\n",
                level=logging.ERROR, noiselevel=-1)
        ensure_dirs(settings["ED"])
        self._announce(item, "Installing", "to")
        tree = package.root_config.trees["vartree"]
        link = portage.dblink(
            package.category, package.pf, settings=settings, treetype="bintree", vartree=tree,
            blockers=blockers, scheduler=iface)
        with self._substituted(runner):
            status = link.merge(
                settings["D"], os.path.join(settings["PORTAGE_BUILDDIR"], "build-info"),
                myebuild=settings["EBUILD"],
                mydbapi=package.root_config.trees["bintree"].dbapi,
                prev_mtimes=item.mtimedb["ldpath"], counter=tree.dbapi.counter_tick())
        forget_caches(tree.dbapi, link)
        return status

    def _make_build_directory(self, settings, file, package):
        """What the clean phase leaves, and what is unpacked before pkg_setup."""
        directory = settings["PORTAGE_BUILDDIR"]
        self._categories.add(os.path.dirname(directory))
        shutil.rmtree(directory, ignore_errors=True)
        for path in (directory, directory + "/image", directory + "/build-info"):
            ensure_dirs(path, uid=portage.data.portage_uid, gid=portage.data.portage_gid,
                        mode=0o755)
        prepare_build_dirs(settings["ROOT"], settings, 1)
        for name, content in entry_of(file, package).items():
            with open(os.path.join(directory, "build-info", name), "wb") as stream:
                stream.write(content)

    @contextlib.contextmanager
    def _substituted(self, runner):
        """Has dblink.merge() start phases here and put off what can be done once."""
        changes = [
            (vartree, "EbuildPhase", runner.ebuild_phase),
            (vartree, "MiscFunctionsProcess", runner.functions),
            (env_update, "env_update", self._late.env_update),
            (vartree.dblink, "_prune_plib_registry", self._late.prune_registry),
            (vartree.dblink, "_post_merge_sync", self._late.remember_devices),
        ]
        before = [(owner, name, getattr(owner, name)) for owner, name, _ in changes]
        for owner, name, value in changes:
            setattr(owner, name, value)
        try:
            yield
        finally:
            for owner, name, value in before:
                setattr(owner, name, value)

    def _conclude(self, item, settings, status):
        """As EbuildMerge and the scheduler do when a package was merged, or not."""
        package, count = item.pkg, item.pkg_count
        postinst_failure = IS_LENIENT and status == RETURNCODE_POSTINST_FAILURE
        if status == os.EX_OK or postinst_failure:
            status = os.EX_OK
            item.world_atom(package)
            item.logger.log(" === (%s of %s) Post-Build Cleaning (%s::%s)" % (
                count.curval, count.maxval, package.cpv, settings["PORTAGE_BINPKG_FILE"]))
            item.logger.log(" ::: completed emerge (%s of %s) %s to %s" % (
                count.curval, count.maxval, package.cpv, package.root))
            self._counts["packages"] += 1
            if not postinst_failure:
                self._remove_log(settings)
        settings.pop("PORTAGE_BINPKG_FILE", None)
        if postinst_failure:
            item.statusMessage("Failed %s" % colorize(
                "PKG_BINARY_MERGE", package.cpv + _repo_separator + package.repo))
        else:
            self._announce(item, "Completed", "to")
        self._scheduler._do_merge_exit(Outcome(item, status, postinst_failure))
        # dblink.merge() leaves this variable, with which the next package would
        # write to the environment of this one.
        if "PORTAGE_UPDATE_ENV" not in settings.backupenv:
            self._scheduler._deallocate_config(settings)

    def _remove_log(self, settings):
        if "binpkg-logs" not in settings.features and settings.get("PORTAGE_LOG_FILE"):
            with contextlib.suppress(OSError):
                os.unlink(settings["PORTAGE_LOG_FILE"])


class Unsupported(Exception):
    """What is found too late to be left to Portage."""


def replaced_by(package):
    """The installed packages that a package takes the place of."""
    vardb = package.root_config.trees["vartree"].dbapi
    return vardb.match(package.slot_atom) + vardb.match("=" + package.cpv)


"""Which of Portage's phases a binary package needs, and how each is run.

Portage runs ten shells for a package without a single phase of its own. Those are
left out here of which it is known that they would change nothing, and only those.
"""

import bz2
import contextlib
import os
import re
import shutil

from _emerge.EbuildPhase import EbuildPhase
from _emerge.MiscFunctionsProcess import MiscFunctionsProcess
from portage.package.ebuild import doebuild

from merge_environment import Declined

PHASES = ("setup", "preinst", "postinst")
# Those of the package that is replaced, which may be the same one.
REMOVAL = ("prerm", "postrm", "cleanrm")

# FEATURES with which Portage does more around a phase than is done here.
CAREFUL = {
    "downgrade-backup", "fail-clean", "home-dir-template-copy", "keeptemp",
    "keepwork", "noclean", "nodoc", "noinfo", "noman", "sfperms", "suidctl", "unmerge-backup",
}
# Without these a package is compressed and stripped when it is merged.
NEEDED = {"binpkg-docompress", "binpkg-dostrip"}

# Functions that ebuild.sh calls though DEFINED_PHASES does not tell of them, and
# what success_hooks() of misc-functions.sh runs.
FUNCTIONS = re.compile(rb"^(pre_|post_)?pkg_(setup|preinst|postinst) \(\)", re.M)
REMOVING_FUNCTIONS = re.compile(rb"^(pre_|post_)?pkg_(prerm|postrm) \(\)", re.M)
SUCCESS_HOOKS = re.compile(rb"^declare [-\w]+ EBUILD_SUCCESS_HOOKS=", re.M)

# What the checks after preinst and postinst that come with Portage look for
# (50xdg-utils), and the programs without which they do nothing.
CHECKED = ("/usr/share/applications", "/usr/share/icons", "/usr/share/mime")
CHECKERS = ("gtk-update-icon-cache", "update-desktop-database", "update-mime-database")
BUILT_IN_CHECKS = {"50xdg-utils"}


class Phases:
    """The phases of one package.

    careful   why all of them are run, with all that belongs to them; None otherwise
    needed    those that are run by ebuild.sh
    trial     whether they are run to see if merge_environment.py knows the outcome
    """

    def __init__(self, defined, careful, environment):
        self.environment = environment
        self.careful = careful
        self.trial = False
        self.needed = set(defined) & set(PHASES)
        self.needed.update(match[2].decode() for match in FUNCTIONS.finditer(environment))
        if self.needed:
            # What they leave in variables is saved by the last one.
            self.needed.add("postinst")
        self.are_own = bool(self.needed)
        if careful:
            self.needed = set(PHASES)

    def run_all(self):
        """Has ebuild.sh make the environment."""
        self.needed = set(PHASES)


def reason_for_care(settings, environment, checks):
    """Why a package has to run all of Portage's phases; None if nothing but the
    package itself wants to see them.

    checks: why the checks after preinst and postinst have something to do, or None
    """
    unusual = sorted(CAREFUL & set(settings.features))
    if unusual:
        return "FEATURES has %s" % " ".join(unusual)
    if "binpkg-logs" in settings.features and settings.get("PORTAGE_LOGDIR"):
        return "its log is kept"
    missing = sorted(NEEDED - set(settings.features))
    if missing:
        return "FEATURES lacks %s" % " ".join(missing)
    if settings.get("INSTALL_MASK"):
        return "INSTALL_MASK is set"
    for path in bashrcs(settings):
        if os.path.exists(path):
            return "there is '%s'" % path
    if any(match[1] for match in FUNCTIONS.finditer(environment)):
        return "it has pre_ or post_ functions"
    if SUCCESS_HOOKS.search(environment):
        return "it has success hooks"
    return foreign_check(settings, environment) or checks


def bashrcs(settings):
    """What ebuild.sh sources beside the package's environment."""
    yield from settings._pbashrc
    yield settings["PORTAGE_BASHRC"]
    folder = os.path.join(settings["PM_EBUILD_HOOK_DIR"], settings["CATEGORY"])
    slot = settings["SLOT"].partition("/")[0]
    for name in (settings["PN"], "%s:%s" % (settings["PN"], slot), settings["P"], settings["PF"]):
        yield os.path.join(folder, name)


def removes_something(settings):
    """Whether an installed package has phases for its removal, or anything of the
    root wants to see them."""
    if any(os.path.exists(path) for path in bashrcs(settings)):
        return True
    path = os.path.join(os.path.dirname(settings["EBUILD"]), "environment.bz2")
    try:
        with bz2.open(path) as stream:
            return REMOVING_FUNCTIONS.search(stream.read()) is not None
    except (OSError, EOFError):
        # ebuild.sh sources the ebuild, then.
        return True


def foreign_check(settings, environment):
    """Checks after preinst and postinst that do not come with Portage."""
    locations = [repository.location for repository in settings.repositories]
    named = re.search(rb"^declare [-\w]+ PORTAGE_ECLASS_LOCATIONS=\((.*)\)$", environment, re.M)
    if named:
        locations += map(os.fsdecode, re.findall(rb'"(/[^"]*)"', named[1]))
    for phase in ("preinst", "postinst"):
        name = phase + "-qa-check.d"
        places = ["/usr/local/lib", "/usr/lib", "/usr/lib/portage", settings["PORTAGE_BIN_PATH"]]
        places += [os.path.join(location, "metadata") for location in locations]
        for place in places:
            with contextlib.suppress(FileNotFoundError, NotADirectoryError):
                found = set(os.listdir(os.path.join(place, name))) - BUILT_IN_CHECKS
                if found:
                    return "there is the check '%s'" % os.path.join(place, name, min(found))
    return None


class Checks:
    """Remembers whether the caches that Portage's own checks compare are up to date."""

    def __init__(self):
        self._have_run = False

    def reason(self, path, phases, members, replaces):
        """Why the checks have something to do for a package; None when not.

        A package that brings none of the files, replaces none and runs no code
        leaves the caches as they are, once they were brought up to date.
        """
        if not any(shutil.which(program, path=path) for program in CHECKERS):
            return None
        touches = members is None or any(
            member.name.startswith("image" + folder) for member in members for folder in CHECKED)
        if self._have_run and not touches and not replaces and not phases:
            return None
        self._have_run = True
        return "caches of desktop files are looked after"


class Finished:
    """A phase that there is no need to run, or that has run."""

    def __init__(self, returncode=os.EX_OK):
        self._returncode = returncode

    def start(self):
        """Nothing: it is the interface of Portage's phases."""

    def wait(self):
        return self._returncode


class PhaseRunner:
    """Stands where dblink.merge() starts Portage's phases and functions.

    phases      those of the package that is merged
    """

    def __init__(self, cpv, phases, environments, flush, python):
        """python: a PORTAGE_PYTHON that filters environments faster"""
        self._cpv = cpv
        self._phases = phases
        self._environments = environments
        self._flush = flush
        self._python = python
        self._is_extracted = False

    def ebuild_phase(self, background, phase, scheduler, settings):
        """In the place of the class EbuildPhase; background is what a process of
        its own for the merge would need, and is not looked at."""
        arguments = {"phase": phase, "scheduler": scheduler, "settings": settings}
        if self._phases.careful or phase in REMOVAL and removes_something(settings):
            return self._real(**arguments)
        if phase in ("instprep", "prerm", "postrm"):
            return Finished()
        if phase in ("clean", "cleanrm"):
            shutil.rmtree(settings["PORTAGE_BUILDDIR"], ignore_errors=True)
            return Finished()
        if phase not in self._phases.needed:
            if phase == "postinst":
                return self._modelled(**arguments)
            return Finished()
        if phase == "postinst" and self._phases.trial:
            return self._environments.compared(settings, self._phases, self._real, arguments)
        return self._real(**arguments)

    def functions(self, commands, settings, background=False, **arguments):
        """In the place of the class MiscFunctionsProcess."""
        if not self._phases.careful:
            if commands == ["preinst_mask"]:
                return Finished()
            if commands == ["success_hooks"] and not self._has_success_hooks(settings):
                return Finished()
        self._extract(settings)
        return MiscFunctionsProcess(
            background=in_background(settings), commands=commands, settings=settings, **arguments)

    def _real(self, phase, scheduler, settings):
        """Runs a phase as Portage does; without the checks after it where they have
        nothing to do."""
        self._flush(settings)
        if phase not in REMOVAL:
            self._extract(settings)
        task = EbuildPhase(background=in_background(settings), phase=phase, scheduler=scheduler,
                           settings=settings)
        checks = doebuild._post_phase_cmds
        if not self._phases.careful:
            doebuild._post_phase_cmds = {
                name: value for name, value in checks.items() if name not in PHASES}
        python = settings.get("PORTAGE_PYTHON")
        if not self._phases.careful and not self._phases.trial:
            settings["PORTAGE_PYTHON"] = self._python
        try:
            task.start()
            return Finished(task.wait())
        finally:
            doebuild._post_phase_cmds = checks
            settings["PORTAGE_PYTHON"] = python

    def _modelled(self, phase, scheduler, settings):
        """Does what a postinst phase does that is not defined."""
        # config.environ() passes less of the caller's variables once this is there.
        self._extract(settings)
        try:
            text = self._environments.expected(settings, settings.environ, self._phases)
        except Declined as reason:
            self._environments.tell(self._cpv, reason)
            self._phases.run_all()
            # Late, but in their order.
            for earlier in ("setup", "preinst"):
                outcome = self._real(earlier, scheduler, settings)
                if outcome.wait() != os.EX_OK:
                    return outcome
            return self._real(phase, scheduler, settings)
        with open(settings["PORTAGE_UPDATE_ENV"], "wb") as stream:
            stream.write(bz2.compress(text, 9))
        return Finished()

    def _extract(self, settings):
        """Puts the environment where phases read it, once: as BinpkgEnvExtractor does
        and, where it is known, as ebuild.sh then does before the first phase."""
        if self._is_extracted:
            return
        self._is_extracted = True
        path = os.path.join(settings["T"], "environment")
        text = None
        if not self._phases.careful and not self._phases.trial:
            text = self._environments.loaded(settings, self._phases.environment)
        with open(path, "wb") as stream:
            stream.write(self._phases.environment if text is None else text)
        if text is None:
            # Tells ebuild.sh that it has to be filtered.
            with open(path + ".raw", "wb"):
                pass

    def _has_success_hooks(self, settings):
        """Whether a phase that did run has registered any."""
        if not self._phases.needed:
            return False
        with contextlib.suppress(FileNotFoundError):
            with open(os.path.join(settings["T"], "environment"), "rb") as stream:
                return SUCCESS_HOOKS.search(stream.read()) is not None
        return False


def in_background(settings):
    """Whether output goes to the log alone."""
    return settings.get("PORTAGE_BACKGROUND") == "1"


BY_SHELL = "the environment of %s is made by ebuild.sh: %s"


class Environments:
    """Asks merge_environment.py, and does not believe it before it was right once
    for each EAPI."""

    def __init__(self, model, counts, say):
        self._model = model
        self._counts = counts
        self._say = say
        self._is_right = {}

    def is_tried(self, eapi):
        return eapi in self._is_right

    def is_right(self, eapi):
        return self._is_right.get(eapi, False)

    def loaded(self, settings, environment):
        """What the first phase reads; None where ebuild.sh has to find out."""
        if not self._is_right.get(settings["EAPI"], True):
            return None
        try:
            return self._model.loaded(settings, environment)
        except Declined:
            return None

    def expected(self, settings, environ, phases):
        """What postinst would save, with what environ() returns in it."""
        text = self._saved(settings, environ, phases)
        self._counts["modelled"] += 1
        return text

    def _saved(self, settings, environ, phases):
        settings["EBUILD_PHASE"] = "postinst"
        try:
            return self._model.saved(settings, environ(), phases.environment)
        finally:
            settings.pop("EBUILD_PHASE", None)

    def compared(self, settings, phases, run, arguments):
        """Runs the real phase, and remembers whether it did what was expected."""
        self._counts["ebuild.sh"] += 1
        try:
            text = self._saved(settings, settings.environ, phases)
        except Declined as reason:
            # Nothing is known about others of this EAPI.
            self._say(BY_SHELL % (settings.mycpv, reason))
            return run(**arguments)
        outcome = run(**arguments)
        if outcome.wait() == os.EX_OK:
            with bz2.open(settings["PORTAGE_UPDATE_ENV"]) as stream:
                actual = stream.read()
            self._is_right[settings["EAPI"]] = actual == text
            if actual != text:
                self._say("all packages of EAPI %s run all phases: what is expected differs %s"
                          % (settings["EAPI"], first_difference(text, actual)))
        return outcome

    def tell(self, cpv, reason):
        """Tells that the model has declined."""
        self._counts["ebuild.sh"] += 1
        self._say(BY_SHELL % (cpv, reason))


def first_difference(expected, actual):
    """The first line that differs, for the log."""
    lines = actual.splitlines()
    for number, line in enumerate(expected.splitlines()):
        if number >= len(lines) or lines[number] != line:
            return "in line %d, '%s'" % (number + 1, line[:120].decode("utf-8", "replace"))
    return "in line %d, where it ends" % (expected.count(b"\n") + 1)

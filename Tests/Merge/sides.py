"""The two programs that are compared, each in a root of its own, and what is wrong
with what they did."""

import os
import re
import shutil

import compare
from roots import ASSEMBLY

EMERGE = ["python3", "/run/zentoo/bin/emerge.py"]
MERGE = ["python3", "/run/zentoo/bin/merge.py"]
PLAIN = ["--ignore-default-opts", "--color=n", "--nospinner"]
# As git-zentoo merges binary packages (Emerge.swift), but for the order of jobs,
# which emerge leaves to chance.
OPTIONS = PLAIN + ["--verbose", "--usepkgonly", "--binpkg-respect-use=y"]
MIXED = PLAIN + ["--verbose", "--usepkg", "--buildpkg", "--binpkg-respect-use=y"]
# What a person looks for when something fails.
TELLING = re.compile(
    r"Failed to|FAILED|NOT merged|despite|this fails in|postinst failed|has exited|packages have")
SUMMARY = ">>> zentoo: merge "
# Said in another way by intention: emerge renames the file, or cannot.
RENAMED = re.compile(r"^(File renamed|!!! Got|!!! Expected)")


class Side:
    """One of the two programs, in its root, through the steps of a case."""

    def __init__(self, workshop, case, name, program):
        self.root = workshop.root(name)
        self.statuses = []
        self.output = ""
        self._program = program
        self._case = case
        self._binpkgs = None
        if case.spoil:
            self._binpkgs = os.path.join(workshop.place, "binpkgs-" + name)
            case.spoil(workshop.binpkgs, self._binpkgs)
        elif case.is_mixed:
            self._binpkgs = os.path.join(workshop.place, "binpkgs-" + name)
            shutil.copytree(workshop.binpkgs, self._binpkgs)

    def run(self):
        case = self._case
        environment = {}
        options = MIXED if case.is_mixed else OPTIONS
        if case.features is not None:
            environment["FEATURES"] = "%s %s" % (ASSEMBLY, case.features)
        for step in case.steps:
            if isinstance(step, str):
                self.root.shell(step)
                continue
            status, output = self.root.run(
                self._program + options + list(case.options) + step, environment=environment,
                binpkgs=self._binpkgs, is_writable=self._binpkgs is not None)
            self.statuses.append(status)
            self.output += output
        return self

    def telling(self):
        return sorted({line.strip(" *!") for line in self.output.splitlines()
                       if TELLING.search(line) and not RENAMED.match(line)})

    def built(self):
        """The files of binary packages that there are in the end."""
        return {os.path.join(folder, name)[len(self._binpkgs):]
                for folder, _, names in os.walk(self._binpkgs or "/nowhere") for name in names}

    def clean(self):
        if self._binpkgs:
            shutil.rmtree(self._binpkgs)


def summary_of(output):
    """The words of the last line with which merge.py tells what it has done."""
    lines = [line for line in output.splitlines() if line.startswith(SUMMARY)]
    if not lines:
        return {}
    words, _, reason = lines[-1][len(SUMMARY):].partition("reason=")
    found = dict(word.split("=", 1) for word in words.split())
    if reason:
        found["reason"] = reason
    return found


def problems_of(case, emerge, merge, since):
    """What is not as it has to be, in lines."""
    expected = case.statuses or [0] * len([step for step in case.steps if isinstance(step, list)])
    if emerge.statuses != expected:
        yield "emerge ends with %s, not %s" % (emerge.statuses, expected)
    summary = summary_of(merge.output)
    if merge.statuses != expected:
        yield "merge.py ends with %s, not %s" % (merge.statuses, expected)
    if summary.get("route") == "broken":
        yield "merge.py gives up: %s" % summary.get("reason")
        return
    if summary.get("route") != case.route:
        yield "merge.py tells %s" % summary
    for name, value in case.counts.items():
        if summary.get(name) != str(value):
            yield "merge.py tells %s=%s, not %s" % (name, summary.get(name), value)
    if "Traceback" in merge.output:
        yield "merge.py prints a traceback"
    for text in case.says:
        if text not in emerge.output:
            yield "emerge does not say '%s'" % text
        if text not in merge.output:
            yield "merge.py does not say '%s'" % text
    if not case.spoil and emerge.telling() != merge.telling():
        ours, theirs = set(emerge.telling()), set(merge.telling())
        yield from ("only emerge says '%s'" % line for line in sorted(ours - theirs))
        yield from ("only merge.py says '%s'" % line for line in sorted(theirs - ours))
    if case.is_mixed and emerge.built() != merge.built():
        yield "other packages were built: %s" % sorted(emerge.built() ^ merge.built())
    for line in compare.differences(
            emerge.root.path, merge.root.path, since, is_reordered=case.is_mixed):
        # What a failed merge leaves is there to be read, and goes with the root.
        if not any(expected) or not line.startswith("'/var/tmp/portage"):
            yield line

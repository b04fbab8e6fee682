"""Compares merge.py with emerge: merges the same packages with both, in two roots of
the demo's stage, and compares exit status, messages and roots.

    check.py                  all cases, a line for each; exits with 1 when one fails
    check.py WORD...          those whose names have one of the words in them
    check.py --time           how long both take
    check.py --kill           what is left of a merge that is killed, or fails in itself
    check.py --new-portage    all cases with a Portage that is in no line of
                              merge_tested.txt, and prints that line at the end

    --stage FILE   another stage than .build/demo/stage.tar.zst (config/demo/prepare),
                   with another Portage in it
    --keep         leaves the roots of cases that fail

Needs root, bwrap, zstd and what config/demo/prepare makes. The packages are built by
Portage in the stage, once for each state of packages.py, mixed.py and the stage
(.build/merge-check, a few minutes).
"""

import argparse
import concurrent.futures
import hashlib
import os
import re
import shutil
import sys
import time

import compare
import packages
from cases import CASES, DEMO_SET
from roots import ASSEMBLY, DEMO, DEPCACHE, TOP, Workshop
from sides import EMERGE, MERGE, OPTIONS, PLAIN, Side, problems_of, summary_of


def build(workshop):
    """Builds all packages where that was not done yet."""
    digest = hashlib.sha256()
    ebuilds = [os.path.join(TOP, "Tests/Merge", name) for name in ("packages.py", "mixed.py")]
    for path in ebuilds + [workshop.stage]:
        with open(path, "rb") as stream:
            digest.update(hashlib.file_digest(stream, "sha256").digest())
    mark = os.path.join(workshop.work, "built")
    if os.path.exists(mark):
        with open(mark) as stream:
            if stream.read() == digest.hexdigest():
                return
        os.unlink(mark)
    print("building the packages, which takes some minutes", flush=True)
    for path in (workshop.repository, workshop.binpkgs):
        shutil.rmtree(path, ignore_errors=True)
    atoms = packages.write_repository(
        workshop.repository, os.path.join(DEMO, "repository"))
    os.mkdir(workshop.binpkgs)
    root = workshop.root("build")
    root.shell("groupadd --system --gid 444 mcuser; useradd --system --uid 444 --gid mcuser "
               "--home-dir /nonexistent mcuser")
    features = "%s -sandbox -usersandbox -preserve-libs" % ASSEMBLY
    build_only = PLAIN + ["--jobs=2", "--buildpkgonly", "--nodeps", "--quiet-build=y"]
    demo = PLAIN + ["--jobs=2", "--buildpkg", "--quiet-build=y"] + DEMO_SET
    build_in(root, features, build_only + atoms)
    repository = packages.reopen(workshop.repository)
    repository.add("mc-new/moved-1", packages.content("/usr/share/moved"), slot="1")
    build_in(root, features, build_only + ["=mc-new/moved-1"])
    build_in(root, features, demo)
    shutil.rmtree(workshop.depcache, ignore_errors=True)
    shutil.move(root.path + DEPCACHE, workshop.depcache)
    root.remove()
    with open(mark, "w") as stream:
        stream.write(digest.hexdigest())


def build_in(root, features, arguments):
    status, output = root.run(
        ["nice", "-n", "10", "emerge"] + arguments, environment={"FEATURES": features},
        is_writable=True)
    if status != 0:
        sys.exit("check.py: the packages cannot be built:\n" + output[-4000:])


def check(workshop, case, keeps):
    """Runs a case; prints its line, and what failed."""
    since = int(time.time())
    sides = (Side(workshop, case, "emerge", EMERGE), Side(workshop, case, "merge", MERGE))
    with concurrent.futures.ThreadPoolExecutor() as threads:
        emerge, merge = threads.map(Side.run, sides)
    problems = list(problems_of(case, emerge, merge, since))
    for side in sides:
        side.clean()
    print("%-6s %s" % ("FAILED" if problems else "ok", case.name), flush=True)
    for line in problems[:40]:
        print("       " + line.encode("utf-8", "backslashreplace").decode())
    if len(problems) > 40:
        print("       and %d more" % (len(problems) - 40))
    if problems and keeps:
        for side, name in ((emerge, "emerge"), (merge, "merge")):
            kept = side.root.path + "-" + re.sub(r"\W+", "-", case.name)
            os.rename(side.root.path, kept)
            with open(kept + ".log", "w", errors="surrogateescape") as stream:
                stream.write(side.output)
            print("       %s: %s" % (name, kept))
    else:
        for side in sides:
            side.root.remove()
    return not problems


def check_self():
    wrong = compare.self_test()
    print("%-6s the comparison finds each kind of change" % ("FAILED" if wrong else "ok"))
    for name in wrong:
        print("       not '%s'" % name)
    return not wrong


# Tells how long a command takes, and how much of processors.
TIME = 'TIMEFORMAT="%3R %3U %3S"; time "$@"'


def timed(workshop, program, features, atoms):
    """How long a merge of packages takes in a fresh root, and how much of processors,
    in seconds."""
    root = workshop.root("timed")
    environment = {} if features is None else {"FEATURES": features}
    os.sync()
    status, output = root.run(
        ["bash", "-c", TIME, "time"] + program + OPTIONS + ["--jobs=1", "--oneshot"] + atoms,
        environment=environment)
    root.remove()
    if status != 0:
        sys.exit("check.py: a merge failed:\n" + output[-4000:])
    taken, user, system = map(float, output.splitlines()[-1].split())
    return taken, user + system


def measure(workshop):
    """Prints how many times faster the script is."""
    for name, atoms in (("100 small packages", packages.SMALL),
                        ("20 packages with three phases each", packages.PHASED)):
        runs = (("emerge", EMERGE, None), ("emerge with FEATURES of an assembly", EMERGE, ASSEMBLY),
                ("merge.py", MERGE, ASSEMBLY))
        times = [timed(workshop, program, features, atoms) for _, program, features in runs]
        print(name)
        for (who, _, _), (taken, work) in zip(runs, times):
            print("  %-36s %6.1f s (%.1fx), %6.1f s of processors (%.1fx)" % (
                who, taken, taken / times[-1][0], work, work / times[-1][1]), flush=True)


# Kills the merge when it is at the third package, and tells its exit status and how
# many processes there are a second later.
KILL = """
signal=$1
shift
"$@" > /var/tmp/output 2>&1 &
until grep -q 'Installing (3 of' /var/tmp/output; do sleep 0.05; done
kill -s $signal $!
wait $!
status=$?
sleep 1
set -- /proc/[0-9]*
echo $status $#
"""


def check_kill(workshop):
    """Kills merges; nothing but the root may have changed."""
    results = []
    for name, statuses in (("TERM", ("143",)), ("KILL", ("137",))):
        outside = workshop.work, workshop.scripts, workshop.distfiles
        before = [listing(path) for path in outside]
        root = workshop.root("killed")
        _, output = root.run(
            ["bash", "-c", KILL, "kill", name] + MERGE + OPTIONS + ["--oneshot"]
            + packages.PHASED, environment={"FEATURES": ASSEMBLY})
        root.remove()
        status, processes = output.split()[-2:]
        problems = ["'%s' has changed" % path for path, was in zip(outside, before)
                    if listing(path) != was]
        if status not in statuses:
            problems.append("its exit status is %s" % status)
        # Whoever kills at once kills all of a job (bubblewrap, containers).
        if name == "TERM" and int(processes) > 2:
            problems.append("%s processes are left" % processes)
        print("%-6s killed by SIG%s" % ("FAILED" if problems else "ok", name), flush=True)
        for line in problems:
            print("       " + line)
        results.append(not problems)
    return all(results)


# What is done to a script, how the merge has to end, and what it has to tell.
FAULTS = (
    ("a Portage that was not tested", "merge_tested.txt", "w", "", 0, "emerge"),
    ("a fault of the script", "merge_direct.py", "a",
     "\n\ndef write_image(*_):\n    raise RuntimeError('planted')\n", 75, "broken"),
)


def check_faults(workshop):
    """What can be done without is left to emerge; the rest is told."""
    results = []
    for name, script, mode, text, expected, route in FAULTS:
        scripts = os.path.join(workshop.place, "faulty-scripts")
        shutil.copytree(workshop.scripts, scripts)
        with open(os.path.join(scripts, script), mode) as stream:
            stream.write(text)
        root = workshop.root("faulty")
        status, output = root.run(
            MERGE + OPTIONS + ["--oneshot"] + packages.SMALL[:3],
            environment={"FEATURES": ASSEMBLY}, scripts=scripts)
        root.remove()
        shutil.rmtree(scripts)
        is_right = status == expected and summary_of(output).get("route") == route
        print("%-6s %s" % ("ok" if is_right else "FAILED", name), flush=True)
        if not is_right:
            print("       exit status %d, %s" % (status, summary_of(output)))
        results.append(is_right)
    return all(results)


def listing(path):
    found = []
    for folder, _, names in os.walk(path):
        for name in names:
            status = os.lstat(os.path.join(folder, name))
            found.append((folder, name, status.st_mtime_ns, status.st_size))
    return sorted(found)


def demand_tested(workshop):
    """Without its digest there is nothing to compare: emerge would do the work."""
    root = workshop.root("digest")
    _, output = root.run(MERGE + ["--print-digest"])
    root.remove()
    with open(os.path.join(workshop.scripts, "merge_tested.txt")) as stream:
        if output.split()[-1] not in stream.read():
            sys.exit("check.py: the stage's Portage is not in merge_tested.txt: --new-portage")


def admit(workshop):
    """Has the roots' copy of merge_tested.txt name the Portage of the stage; returns
    the line."""
    root = workshop.root("digest")
    status, output = root.run(MERGE + ["--print-digest"])
    root.remove()
    if status != 0:
        sys.exit("check.py: this Portage has no digest:\n" + output)
    with open(os.path.join(workshop.scripts, "merge_tested.txt"), "a") as stream:
        stream.write(output)
    return output.strip()


def arguments():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("words", nargs="*")
    parser.add_argument("--time", action="store_true")
    parser.add_argument("--kill", action="store_true")
    parser.add_argument("--new-portage", action="store_true")
    parser.add_argument("--keep", action="store_true")
    parser.add_argument("--stage", default=os.path.join(TOP, ".build/demo/stage.tar.zst"))
    return parser.parse_args()


def main():
    options = arguments()
    if os.getuid() != 0:
        sys.exit("check.py: this needs root")
    if not os.path.exists(options.stage):
        sys.exit("check.py: '%s' is not there: config/demo/prepare .build/demo" % options.stage)
    workshop = Workshop(os.path.realpath(options.stage), os.path.join(TOP, ".build/demo"),
                        os.path.join(TOP, ".build/merge-check"))
    try:
        workshop.make_pristine()
        build(workshop)
        shutil.copytree(workshop.depcache, workshop.pristine + DEPCACHE, dirs_exist_ok=True)
        line = admit(workshop) if options.new_portage else None
        if not options.new_portage:
            demand_tested(workshop)
        if options.time:
            return measure(workshop)
        if options.kill:
            sys.exit(not all([check_kill(workshop), check_faults(workshop)]))
        chosen = [case for case in CASES if not options.words
                  or any(word in case.name for word in options.words)]
        results = [check_self()]
        results += [check(workshop, case, options.keep) for case in chosen]
        if not options.words:
            results += [check_kill(workshop), check_faults(workshop)]
        if not all(results):
            sys.exit("%d of %d failed" % (results.count(False), len(results)))
        if line and not options.words:
            print("all is well; add to merge_tested.txt:\n" + line)
    finally:
        if not options.keep:
            workshop.close()


if __name__ == "__main__":
    main()

"""Runs `emerge --pretend`, and tells which binary packages the root would consist
of, and whether all sources are there of what would be compiled: then nothing has to
be fetched, and the network is not needed at all.

Runs inside the root: plan.py --pretend ARGUMENT...

It writes /run/zentoo/out/planned: the binary packages that would be merged, and
those of PKGDIR that the stage consists of already and that would stay; as
described.py has it. The last line of its output is

    [sources complete]

when every file that these packages' SRC_URI names under their USE flags is in
DISTDIR and is what the Manifest says. In any other case, that Portage cannot be
asked among them, the line is not there.
"""

import signal
import sys

# First of all: it loads Portage as emerge itself does.
import emerge
import described

from _emerge import actions
from _emerge.main import emerge_main
from portage.exception import PortageException
from portage.versions import cpv_getkey


PLANNED = "/run/zentoo/out/planned"


def watch(name, heed):
    """Calls heed with the first argument and the result of a function of emerge from
    now on; never, where this Portage has no such function."""
    function = getattr(actions, name, None)
    if function is None:
        return

    def watched(*arguments, **options):
        result = function(*arguments, **options)
        heed(arguments[0], result)
        return result

    setattr(actions, name, watched)


def has_sources(task):
    if getattr(task, "type_name", "") != "ebuild":
        return True
    portdb = task.root_config.trees["porttree"].dbapi
    return portdb.fetch_check(task.cpv, useflags=task.use.enabled, myrepo=task.repo)


def tell(graphs, configuration):
    if graphs:
        tell_packages(graphs[-1], configuration.target_config.trees)
        tell_sources(graphs[-1])


def tell_sources(graph):
    try:
        if all(has_sources(task) for task in graph.altlist()):
            print("[sources complete]", flush=True)
    except Exception:
        # Whatever it is, the step that fetches will say it in Portage's words.
        pass


def tell_packages(graph, trees):
    """Describes the binary packages of the planned root."""
    tasks = [task for task in graph.altlist() if getattr(task, "operation", "") == "merge"]
    with open(PLANNED, "w", encoding="utf-8") as stream:
        for task in tasks:
            if task.type_name == "binary":
                stream.write(described.binary_package(task.root_config.trees, task.cpv, True))
        replaced = {(task.cp, task.slot) for task in tasks}
        for cpv in binary_packages_of_stage(trees):
            if (cpv.cp, cpv.slot) not in replaced:
                stream.write(described.binary_package(trees, cpv, False))


def binary_packages_of_stage(trees):
    """The binary packages in PKGDIR that are installed already, as in a stage that
    was bootstrapped."""
    vardb, bindb = trees["vartree"].dbapi, trees["bintree"].dbapi
    for installed in vardb.cpv_all():
        build, time = vardb.aux_get(installed, ["BUILD_ID", "BUILD_TIME"])
        if not build:
            continue
        for candidate in bindb.cp_list(cpv_getkey(installed)):
            # Others have builds of that number too; hardly of that second.
            if str(candidate) == str(installed) \
                    and bindb.aux_get(candidate, ["BUILD_ID", "BUILD_TIME"]) == [build, time]:
                yield candidate


def main():
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)
    emerge.disregard_installed_libc()
    graphs = []
    watch("backtrack_depgraph", lambda _, result: graphs.append(result[1]))
    # Here the graph is done with, and Portage's caches are still open.
    watch("action_build", lambda configuration, _: tell(graphs, configuration))
    try:
        return emerge_main(sys.argv[1:])
    except PortageException as error:
        print(error, file=sys.stderr)
        return 1


sys.exit(main())

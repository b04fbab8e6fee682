"""Runs `emerge --pretend`, and tells behind it whether all sources are there of
what would be compiled: then nothing has to be fetched, and the network is not
needed at all.

Runs inside the root: plan.py --pretend ARGUMENT... The last line is

    [sources complete]

when every file that these packages' SRC_URI names under their USE flags is in
DISTDIR and is what the Manifest says. In any other case, that Portage cannot be
asked among them, the line is not there.
"""

import signal
import sys

# First of all: it loads Portage as emerge itself does.
import emerge

from _emerge import actions
from _emerge.main import emerge_main
from portage.exception import PortageException


def watch(name, heed):
    """Calls heed with whatever a function of emerge returns from now on; never,
    where this Portage has no such function."""
    function = getattr(actions, name, None)
    if function is None:
        return

    def watched(*arguments, **options):
        result = function(*arguments, **options)
        heed(result)
        return result

    setattr(actions, name, watched)


def has_sources(task):
    if getattr(task, "type_name", "") != "ebuild":
        return True
    portdb = task.root_config.trees["porttree"].dbapi
    return portdb.fetch_check(task.cpv, useflags=task.use.enabled, myrepo=task.repo)


def tell(graphs):
    try:
        if graphs and all(has_sources(task) for task in graphs[-1].altlist()):
            print("[sources complete]", flush=True)
    except Exception:
        # Whatever it is, the step that fetches will say it in Portage's words.
        pass


def main():
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)
    emerge.disregard_installed_libc()
    graphs = []
    watch("backtrack_depgraph", lambda result: graphs.append(result[1]))
    # Here the graph is done with, and Portage's caches are still open.
    watch("action_build", lambda status: tell(graphs))
    try:
        return emerge_main(sys.argv[1:])
    except PortageException as error:
        print(error, file=sys.stderr)
        return 1


sys.exit(main())

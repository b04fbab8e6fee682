"""emerge(1) for roots that are made of binary packages, many times as fast.

Runs inside the root: merge.py ARGUMENT..., with the arguments of emerge. The
resolver, the world file, the messages, the logs and the exit status are emerge's
own; only the main loop of its scheduler is another one: it merges one package
after the other in this process (merge_install.py) and starts a shell only where a
package defines a phase. What is in the root afterwards is what emerge would have
left there, but for the order of lines in CONTENTS.

A run may be mixed, as where a package is compiled whose dependencies are binary
packages. All binary packages that need not wait for an ebuild are then merged in
that way first, in their order, and the scheduler's own loop goes on with the rest.
So a package that emerge would have merged during or after a compilation it has
nothing to do with is there before it.

The work goes back to emerge in four steps, each of which is told in a line that
begins with `>>> zentoo: `:

  the run          when this Portage was not tested (merge_tested.txt), when ROOT,
                   the prefix or FEATURES are unusual, when Portage itself is to be
                   merged, or when there is no package that may go first
  a task           when it is no merge of an unsigned gpkg file that is there, or
                   has to come after one that is not
  a package        runs all of Portage's phases when anything of the root wants to
                   see them: a bashrc, hooks, masks, checks
  an environment   is made by Portage's ebuild.sh when merge_environment.py does
                   not know what that would write

The last line that begins with `>>> zentoo: merge ` tells what happened, in words
`key=value` of which `reason`, where there is one, is the last and takes the rest:

    route=native     and then numbers: packages (merged), direct (written straight
                     from the archive), portage (merged by Portage's functions),
                     phases (with a phase of their own), careful (with all
                     phases), modelled and ebuild.sh (who made their environment),
                     uninstalled, failed, milliseconds (in the loop)
    route=mixed      the same numbers of what was done here, then left (tasks that
                     were left to emerge's loop, and not merged here by a later
                     part of a run that kept going), and why the first of them was
    route=emerge     emerge has done the work, or does from here on, and why
    route=none       emerge has ended before there was anything to merge
    route=broken     this script failed, not a package: the exit status is 75, the
                     root is to be thrown away and the work to be begun again
                     with emerge

Files are written to the root alone; whoever kills this throws the root away.
"""

import hashlib
import os
import runpy
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
TESTED = os.path.join(HERE, "merge_tested.txt")
BROKEN = 75  # EX_TEMPFAIL

# The files of Portage whose behaviour is reproduced or relied upon here. What they
# call is Portage's public interface, or is asked at run time: the names in
# merge_environment.py, for one.
CONCERNED_MODULES = (
    "_emerge/AbstractEbuildProcess.py",
    "_emerge/Binpkg.py",
    "_emerge/BinpkgEnvExtractor.py",
    "_emerge/BinpkgVerifier.py",
    "_emerge/BlockerDB.py",
    "_emerge/EbuildBuildDir.py",
    "_emerge/EbuildMerge.py",
    "_emerge/EbuildPhase.py",
    "_emerge/EbuildProcess.py",
    "_emerge/MergeListItem.py",
    "_emerge/MiscFunctionsProcess.py",
    "_emerge/PackageMerge.py",
    "_emerge/PackageUninstall.py",
    "_emerge/Scheduler.py",
    "portage/dbapi/_MergeProcess.py",
    "portage/dbapi/_SyncfsProcess.py",
    "portage/dbapi/bintree.py",
    "portage/dbapi/vartree.py",
    "portage/gpkg.py",
    "portage/package/ebuild/_config/special_env_vars.py",
    "portage/package/ebuild/config.py",
    "portage/package/ebuild/doebuild.py",
    "portage/package/ebuild/prepare_build_dirs.py",
    "portage/util/_async/ForkProcess.py",
    "portage/util/_dyn_libs/PreservedLibsRegistry.py",
    "portage/util/env_update.py",
    "portage/util/movefile.py",
)
CONCERNED_PROGRAMS = (
    "ebuild.sh",
    "filter-bash-environment.py",
    "misc-functions.sh",
    "phase-functions.sh",
    "postinst-qa-check.d/50xdg-utils",
    "preinst-qa-check.d/50xdg-utils",
    "save-ebuild-env.sh",
)


def say(words):
    """Tells something of this script; flushed, as others write to the same place."""
    print(">>> zentoo: " + words, flush=True)


def portage_version():
    """The version of Portage and the digest of its files that are concerned.

    A first line `#!` is left out: distributions write their own.
    """
    import portage

    modules = os.path.dirname(os.path.dirname(os.path.abspath(portage.__file__)))
    paths = [(name, os.path.join(modules, name)) for name in CONCERNED_MODULES]
    paths += [(name, os.path.join(portage.const.PORTAGE_BIN_PATH, name))
              for name in CONCERNED_PROGRAMS]
    total = hashlib.sha256()
    for name, path in paths:
        with open(path, "rb") as stream:
            content = stream.read()
        if content.startswith(b"#!"):
            content = content.partition(b"\n")[2]
        total.update(b"%s %s\n" % (
            name.encode(), hashlib.sha256(content).hexdigest().encode()))
    return portage.VERSION, total.hexdigest()


def tested():
    """The digests of merge_tested.txt."""
    with open(TESTED, encoding="utf-8") as stream:
        lines = (line.partition("#")[0].split() for line in stream)
        return {words[1] for words in lines if len(words) == 2}


def untested():
    """Why this Portage is not known well enough; None when it is."""
    try:
        version, digest = portage_version()
    except (ImportError, AttributeError, OSError) as error:
        return "this Portage is built differently: %s" % error
    if digest not in tested():
        return "Portage %s (%s) is not in merge_tested.txt" % (version, digest)
    return None


def emerge_instead(reason):
    """Becomes emerge, with the same arguments."""
    say("merge route=emerge reason=%s" % reason)
    os.execv(sys.executable, [sys.executable, os.path.join(HERE, "emerge.py")] + sys.argv[1:])


def main():
    if sys.argv[1:] == ["--print-digest"]:
        print("%s %s" % portage_version())
        return
    reason = untested()
    if reason:
        emerge_instead(reason)
    try:
        import emerge
        import merge_loop
    except (ImportError, AttributeError) as error:
        emerge_instead("the script cannot work with this Portage: %s" % error)
    emerge.disregard_installed_libc()
    sys.argv[0] = emerge.program()
    loop = merge_loop.install(say, BROKEN)
    try:
        runpy.run_path(sys.argv[0], run_name="__main__")
    finally:
        say("merge " + loop.summary)


if __name__ == "__main__":
    main()

"""Gets the source of a package ready to be patched. Runs inside the root, as

    patch.py choose ATOM    finds the version that emerge would choose, fetches
                            its sources, and writes /run/zentoo/out/chosen:
                            tab-separated `key=value` fields: cpv, slot, repo,
                            eapi, live (0 or 1); or `problem` and `hint` fields

    patch.py prepare CPV REPOSITORY
                            unpacks and prepares it up to where user patches
                            are applied; userpatches.sh is its bashrc

    patch.py collect CPV    hands out what that has left, as /run/zentoo/out/:
                            source/, with all user patches before the one that
                            is worked on, and with that one;
                            base/, without that one; prepared, a file of words:
                            `rejected` when that one does not apply
                            applying, the name of another one that does not
"""

import os
import subprocess
import sys

import portage

OUT = "/run/zentoo/out"
# As PORTAGE_TMPDIR has it.
BUILDS = "/var/tmp/portage"


def tell(**fields):
    with open(os.path.join(OUT, "chosen"), "w", encoding="utf-8", errors="surrogateescape") as stream:
        for key, value in fields.items():
            for line in value if isinstance(value, list) else [value]:
                stream.write("%s=%s\n" % (key, " ".join(str(line).split())))


def database():
    return portage.db[portage.root]["porttree"].dbapi


def choose(text):
    portdb = database()
    atom = portage.dep.Atom(text, allow_repo=True)
    cpv = portdb.xmatch("bestmatch-visible", atom)
    if not cpv:
        found = portdb.xmatch("match-all", atom)
        if found:
            tell(problem="every version of '%s' is masked" % text,
                 hint=["%s: %s" % (cpv, ", ".join(portage.getmaskingstatus(cpv, portdb=portdb)))
                       for cpv in reversed(found[-5:])])
        else:
            tell(problem="no ebuild matches '%s'" % text, hint=[])
        return 1
    slot, eapi, properties, repository = portdb.aux_get(
        cpv, ["SLOT", "EAPI", "PROPERTIES", "repository"])
    tell(cpv=cpv, slot=slot, repo=repository, eapi=eapi, live=int("live" in properties.split()))
    return ebuild(cpv, repository, "fetch")


def ebuild(cpv, repository, *commands):
    path = database().findname(cpv, myrepo=repository)
    if path is None:
        sys.exit("'%s::%s' is no longer there" % (cpv, repository))
    return subprocess.call(["ebuild", "--color=n", path] + list(commands))


def prepare(cpv, repository):
    status = ebuild(cpv, repository, "prepare")
    # Ended where it was to end, which ebuild(1) takes for a failure.
    return 0 if os.path.exists(os.path.join(BUILDS, cpv, "temp/zentoo-prepared")) else status or 1


def collect(cpv):
    temporary = os.path.join(BUILDS, cpv, "temp")
    if os.path.exists(os.path.join(temporary, "zentoo-applying")):
        subprocess.check_call(
            ["cp", "--", os.path.join(temporary, "zentoo-applying"), os.path.join(OUT, "applying")])
    if not os.path.exists(os.path.join(temporary, "zentoo-prepared")):
        return 0
    for name in ("base", "source"):
        copy = os.path.join(temporary, "zentoo-" + name)
        if os.path.isdir(copy):
            # Neither owners nor set-user-id bits: these are files to be read.
            target = os.path.join(OUT, name)
            subprocess.check_call(
                ["cp", "-dR", "--preserve=timestamps", "--reflink=auto", "-T", "--", copy, target])
            subprocess.check_call(["chmod", "-R", "u+rwX", "--", target])
    with open(os.path.join(OUT, "prepared"), "w") as stream:
        if os.path.exists(os.path.join(temporary, "zentoo-rejected")):
            stream.write("rejected\n")
    return 0


sys.exit({"choose": choose, "prepare": prepare, "collect": collect}[sys.argv[1]](*sys.argv[2:]))

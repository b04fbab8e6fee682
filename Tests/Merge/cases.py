"""What check.py does with both programs: one case after the other, each in two
fresh roots."""

import dataclasses
import os
import shutil

from packages import PHASED, SMALL


@dataclasses.dataclass
class Case:
    """Steps that have to end in the same exit status, messages and root.

    steps     lists are arguments of emerge, strings are shell scripts for the root
    statuses  what the steps of emerge end with
    route     what the script has to tell of itself
    counts    numbers of its summary, after the last step, that have to be so
    says      what both have to say
    is_mixed  whether packages may be compiled, and have to be kept as binary ones then
    """

    name: str
    steps: list
    statuses: list = None
    features: str = ""
    route: str = "native"
    counts: dict = dataclasses.field(default_factory=dict)
    says: tuple = ()
    options: tuple = ("--jobs=1",)
    spoil: object = None
    is_mixed: bool = False


DEMO_SET = ["app-misc/zen-meta", "net-misc/zend", "app-text/sayings", "app-misc/koan",
            "app-admin/bell", "dev-util/text2c", "virtual/oracle"]


def merge(*atoms):
    return ["--oneshot"] + list(atoms)


def replaced(name, *between):
    """One version after the other."""
    return [merge("=mc-new/%s-1" % name), *between, merge("=mc-new/%s-2" % name)]


def edit(name, change):
    """A copy of the binary packages with a changed file among them."""

    def spoil(binpkgs, copy):
        shutil.copytree(binpkgs, copy)
        path = os.path.join(copy, name)
        with open(path, "r+b") as stream:
            change(stream)

    return spoil


def flip(where):
    """Changes a byte, at a part of the length."""

    def change(stream):
        size = stream.seek(0, os.SEEK_END)
        stream.seek(int(size * where))
        byte = stream.read(1)
        stream.seek(-1, os.SEEK_CUR)
        stream.write(bytes([byte[0] ^ 0x55]))

    return change


def cut(stream):
    stream.truncate(stream.seek(0, os.SEEK_END) // 2)


def drop(name):
    def spoil(binpkgs, copy):
        shutil.copytree(binpkgs, copy)
        os.unlink(os.path.join(copy, name))

    return spoil


def unindexed(change):
    """The same, and no digest in the index either."""

    def spoil(binpkgs, copy):
        change(binpkgs, copy)
        index = os.path.join(copy, "Packages")
        with open(index) as stream:
            lines = stream.readlines()
        with open(index, "w") as stream:
            stream.writelines(line for line in lines
                              if not line.startswith(("MD5:", "SHA1:", "SIZE:")))

    return spoil


def mixed(name, *steps, route="mixed", options=("--jobs=2",), **expected):
    """A run in which packages are compiled, in FEATURES of which none is taken away."""
    return Case(name, list(steps), route=route, features=None, is_mixed=True,
                options=tuple(options), **expected)


# Two binary packages, an ebuild that needs them when it is built, and a binary package
# that needs what comes of it; last, one that has to do with none.
CHAIN = merge("=mc-mixed/user-1", "mc-mixed/behind", SMALL[0])
KEEP_GOING = ["--jobs=1", "--keep-going=y"]

SPOILED = "mc-small/small007/small007-1-1.gpkg.tar"
EAPIS = (5, 6, 7, 8)

CASES = [
    Case("the demo's set", [DEMO_SET], counts={"failed": 0}),
    Case("100 small packages", [merge(*SMALL)], counts={"packages": 100, "direct": 99}),
    Case("100 small packages, jobs in the background", [merge(*SMALL[:20])],
         options=("--jobs=2",), features="-parallel-install"),
    Case("20 packages with three phases", [merge(*PHASED)], counts={"phases": 20}),
    Case("every EAPI", [merge(*["=mc-eapi/%s%d-1" % (name, eapi) for eapi in EAPIS
                               for name in ("first", "second", "third", "phased")])],
         counts={"modelled": 8, "ebuild.sh": 4, "phases": 4}),
    Case("plain FEATURES", [merge(*SMALL[:3], *PHASED[:2])], features=None),
    Case("one phase alone", [merge("mc-some/setup", "mc-some/preinst", "mc-some/postinst",
                                   "mc-some/setuppreinst")], counts={"phases": 4}),
    Case("odd file names", [merge("mc-small/small000", "mc-odd/names")], counts={"direct": 1}),
    Case("modes, owners, times and hard links", [merge("mc-small/small000", "mc-odd/modes")],
         counts={"direct": 1}),
    Case("links", [merge("mc-small/small000", "mc-odd/links", "mc-odd/dangling")]),
    Case("two names for one file", [merge("mc-odd/twice")]),
    Case("two files for one name", [merge("mc-odd/double")], statuses=[1],
         says=("NOT merged due to internal collisions",)),
    Case("no files", [merge("mc-small/small000", "mc-odd/empty")], counts={"direct": 1}),
    Case("a capability", [merge("mc-odd/capable")]),
    Case("variables of all kinds", [merge("mc-small/small000", "mc-odd/variables",
                                          "mc-odd/map")]),
    Case("variables of /etc/env.d", [merge("mc-odd/environment", *SMALL[:2], *PHASED[:1])]),
    Case("a large package", [merge("mc-small/small000", "mc-odd/large")]),
    Case("success hooks", [merge("mc-odd/hooks")]),
    Case("pkg_pretend", [merge("mc-odd/pretends")]),
    Case("an account made in pkg_setup", [merge("mc-small/small000", "mc-acct/bysetup")]),
    Case("an account made in pkg_preinst", [merge("mc-acct/bypreinst")]),
    Case("an account made by another package", [merge("mc-small/small000", "mc-acct/owned")],
         counts={"direct": 1}),
    Case("the world file", [SMALL[:3], [SMALL[1]]]),
    Case("merged twice", [merge(*SMALL[:2]), merge(*SMALL[:2])]),
    Case("an upgrade", replaced("plain")),
    Case("a downgrade", replaced("plain") + [merge("=mc-new/plain-1")]),
    Case("an upgrade of a package with phases", replaced("phased")),
    Case("an upgrade with prerm and postrm", replaced("removal")),
    Case("phases of a package that replaces itself", [
        merge("=mc-new/removal-2"), merge("=mc-new/removal-2")]),
    Case("another slot", replaced("slots")),
    Case("a moved slot", [merge("mc-new/moved:0"), merge("mc-new/moved:1")]),
    Case("a library that is in use", [merge("=mc-new/library-1", "mc-new/user"),
                                      merge("=mc-new/library-2"), merge(SMALL[0]),
                                      merge("=mc-new/library-1"), merge(SMALL[1])],
         says=(">>> needed    obj /usr/lib/libmc.so.1", "!!! existing preserved libs:")),
    Case("configuration that was changed", replaced(
        "config", "echo changed >> /etc/mc/changed; rm /etc/mc/gone; echo x > /etc/mc/only2")),
    Case("files that were deleted", replaced("plain", "rm -r /usr/share/plain")),
    Case("a link in the place of a directory", replaced("directory"), statuses=[0, 1],
         says=("NOT merged",)),
    Case("a directory in the place of a file", replaced("file")),
    Case("files in the way", ["mkdir -p /usr/bin/small000; echo mine > /etc/small001.conf; "
                              "ln -s nowhere /usr/share/small002", merge(*SMALL[:3])]),
    Case("a blocker", [merge("mc-block/one"), merge("mc-block/two")]),
    Case("a strong blocker", [merge("mc-block/two"), merge("mc-block/three")],
         statuses=[0, 1], route="none"),
    Case("a collision", [merge("mc-collide/one"), merge("mc-collide/two")], statuses=[0, 1],
         says=("NOT merged due to file collisions",)),
    Case("a collision that is allowed", [merge("mc-collide/one"), merge("mc-collide/two")],
         features="-protect-owned", says=("merged despite file collisions",)),
    Case("checks of desktop files", [
        merge("mc-desk/one", "mc-desk/updater", "mc-desk/other", "mc-desk/two")],
        features="-parallel-install"),
    Case("a bashrc", ["echo 'post_pkg_postinst() { echo ${PF} >> /var/lib/bashrc.log; }' "
                      "> /etc/portage/bashrc", merge(*SMALL[:2], *PHASED[:1])],
         counts={"careful": 3}),
    Case("a bashrc for one package", [
        "mkdir -p /etc/portage/env/mc-small; echo 'pre_pkg_setup() { echo hi > /var/lib/hi; }' "
        "> /etc/portage/env/mc-small/small001", merge(*SMALL[:3])], counts={"careful": 1}),
    Case("INSTALL_MASK", ["echo 'INSTALL_MASK=\"/usr/share/masked\"' >> /etc/portage/make.conf",
                          merge("mc-odd/masked")], counts={"careful": 1}),
    Case("FEATURES that mask and change", [merge("mc-odd/masked", "mc-odd/suid")],
         features="nodoc noman sfperms", counts={"careful": 2}),
    Case("a foreign check", [
        "mkdir -p /usr/local/lib/postinst-qa-check.d; "
        "echo 'echo checked >> /var/lib/check.log' > /usr/local/lib/postinst-qa-check.d/60mine",
        merge(*SMALL[:2])], counts={"careful": 2}),
    Case("FEATURES of emerge's own", [merge(*SMALL[:2])], features="observability",
         route="emerge"),
    Case("a failing pkg_pretend", [merge(SMALL[0], "mc-fail/pretend")], statuses=[1],
         says=("this fails in pretend",), route="none"),
    Case("a failing pkg_setup", [merge(SMALL[0], "mc-fail/setup", SMALL[1])], statuses=[1],
         says=("this fails in setup", ">>> Failed to emerge mc-fail/setup-1"),
         counts={"failed": 1}),
    Case("a failing pkg_preinst", [merge(SMALL[0], "mc-fail/preinst", SMALL[1])], statuses=[1],
         says=("this fails in preinst", ">>> Failed to install mc-fail/preinst-1"),
         counts={"failed": 1}),
    Case("a failing pkg_postinst", [merge(SMALL[0], "mc-fail/postinst", SMALL[1])],
         statuses=[1], says=("this fails in postinst", "FAILED postinst: 1",
                             ">>> Failed to install mc-fail/postinst-1"),
         counts={"failed": 1, "packages": 1}),
    Case("a pkg_preinst that exits", [merge("mc-fail/exits")], statuses=[1],
         says=("has exited",), counts={"failed": 1}),
    Case("failures in the background", [merge("mc-fail/preinst")], statuses=[1],
         options=("--jobs=2", "--quiet-build=y"), says=("this fails in preinst",)),
    Case("to keep going", [merge("--keep-going", "mc-fail/setup", "mc-fail/preinst", *SMALL[:4])],
         statuses=[1], says=("The following 2 packages have",)),
    Case("a package whose digest is wrong", [merge(*SMALL[5:9])], statuses=[1],
         says=("Digest verification failed", "Failed to emerge mc-small/small007-1"),
         spoil=edit(SPOILED, flip(0.5)), counts={"failed": 1, "packages": 2}),
    Case("a package that is cut off", [merge(*SMALL[5:9])], statuses=[1],
         says=("Digest verification failed", "Failed to emerge mc-small/small007-1"),
         spoil=edit(SPOILED, cut), counts={"failed": 1, "packages": 2}),
    Case("a package that is cut off and not in the index", [merge(*SMALL[5:9])], statuses=[1],
         says=("Error extracting", "Failed to emerge mc-small/small007-1"),
         spoil=unindexed(edit(SPOILED, cut)), counts={"failed": 1, "packages": 2}),
    Case("a package whose Manifest is wrong", [merge(*SMALL[5:9])], statuses=[1],
         says=("Error extracting", "Failed to emerge mc-small/small007-1"),
         spoil=unindexed(edit(SPOILED, flip(0.4))), counts={"failed": 1, "packages": 2}),
    Case("a package that is not there", [merge(*SMALL[5:9])], statuses=[1],
         says=("non-existent binary", "Failed to emerge mc-small/small007-1"),
         spoil=drop(SPOILED), counts={"failed": 1, "packages": 2}),
    mixed("an ebuild among binary packages, one job", CHAIN, options=["--jobs=1"],
          counts={"packages": 3, "left": 2}),
    mixed("an ebuild among binary packages, two jobs", CHAIN,
          counts={"packages": 3, "left": 2}),
    mixed("ebuilds at both ends of a binary package", merge(
        "=mc-mixed/last-1", "=mc-mixed/other-1", *SMALL[:3], PHASED[0]),
          counts={"packages": 6, "phases": 1, "left": 4}),
    mixed("an ebuild that fails, one job", merge(
        "=mc-mixed/fails-1", "mc-mixed/dropped", "=mc-mixed/user-1", "mc-mixed/behind",
        SMALL[0]), statuses=[1], options=KEEP_GOING, counts={"packages": 3},
          says=("this fails in a compiler", "mc-mixed/dropped-1 dropped because it requires")),
    mixed("an ebuild that fails, two jobs", merge(
        "=mc-mixed/fails-1", "mc-mixed/dropped", "=mc-mixed/user-1", "mc-mixed/behind",
        SMALL[0]), statuses=[1], options=["--jobs=2", "--keep-going=y"],
          says=("this fails in a compiler", "mc-mixed/dropped-1 dropped because it requires")),
    mixed("an ebuild that fails without going on", merge(
        "mc-mixed/tool", "=mc-mixed/fails-1", "mc-mixed/dropped"), statuses=[1],
          options=["--jobs=1"], counts={"packages": 1, "left": 2},
          says=("Failed to emerge mc-mixed/fails-1",)),
    mixed("a binary package that fails before an ebuild", merge(
        "mc-fail/setup", "=mc-mixed/user-1", "mc-mixed/behind", SMALL[0]), statuses=[1],
          options=KEEP_GOING, counts={"failed": 1}, says=("this fails in setup",)),
    mixed("a binary package that replaces and one that blocks, before an ebuild",
          merge("=mc-new/plain-1", "mc-block/one"),
          merge("=mc-new/plain-2", "mc-block/two", "=mc-mixed/unhindered-1"),
          counts={"packages": 2, "uninstalled": 1, "left": 1}),
    mixed("an ebuild that blocks", merge("mc-block/one"),
          merge("=mc-mixed/blocker-1", "mc-mixed/tool", "=mc-mixed/free-1"),
          counts={"packages": 1, "left": 3}),
    mixed("a binary package that blocks after an ebuild", merge("mc-block/one"),
          merge("=mc-mixed/free-1", "mc-block/two", "mc-mixed/tool"),
          counts={"packages": 1, "left": 3}),
    mixed("a library that is in use, before an ebuild", merge("=mc-new/library-1", "mc-new/user"),
          merge("=mc-new/library-2", "=mc-mixed/free-1"), merge("=mc-mixed/more-1", SMALL[0]),
          counts={"packages": 1, "left": 1}, says=("!!! existing preserved libs:",)),
    mixed("the demo's set, a part of which is compiled", [
        "--usepkg-exclude=app-misc/koan app-text/sayings", "--keep-going=y", *DEMO_SET]),
    mixed("a dependency after the merge", merge("=mc-mixed/parent-1", "mc-mixed/base"),
          counts={"packages": 2, "left": 2}),
    mixed("no dependencies", merge(
        "--nodeps", "mc-mixed/tool", "=mc-mixed/free-1", "mc-mixed/plugin"),
          options=["--jobs=1"], counts={"packages": 1, "left": 2}),
    mixed("ebuilds alone", merge("=mc-mixed/free-1", "=mc-mixed/more-1"), route="emerge"),
    mixed("binary packages alone, to be built where they are not there", merge(*SMALL[:3]),
          route="native", counts={"packages": 3}),
]

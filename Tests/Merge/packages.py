"""The packages that check.py merges: ebuilds in a copy of the demo's repository."""

import os
import re
import shutil

import mixed

SMALL = ["mc-small/small%03d" % number for number in range(100)]
PHASED = ["mc-phases/three%02d" % number for number in range(20)]

EBUILD = """\
# Made by Tests/Merge/packages.py
EAPI=%(eapi)s

DESCRIPTION="Merged by two programs that have to do the same"
HOMEPAGE="https://wiki.gentoo.org/wiki/No_homepage"
S="${WORKDIR}"

LICENSE="0BSD"
SLOT="%(slot)s"
KEYWORDS="amd64"
RDEPEND="%(depends)s"

src_install() {
%(install)s
}

%(functions)s
"""

THREE_PHASES = """
pkg_setup() { elog "setup of ${PF}"; ZC_NOTE="set up"; }
pkg_preinst() { elog "preinst of ${PF}: ${ZC_NOTE}"; ZC_NOTE+=", put in"; }
pkg_postinst() {
	elog "postinst of ${PF}: ${ZC_NOTE}"
	echo "${ZC_NOTE} ${REPLACING_VERSIONS}" > "${EROOT%/}/var/lib/${PN}.note" || die
}
"""

REMOVAL = """
pkg_preinst() { ZC_REMOVED="${REPLACING_VERSIONS:-none}"; }
pkg_prerm() { echo "prerm ${PVR} ${ZC_REMOVED} ${REPLACED_BY_VERSION}" >> "${EROOT%/}/var/lib/${PN}.log"; }
pkg_postrm() { echo "postrm ${PVR} ${ZC_REMOVED}" >> "${EROOT%/}/var/lib/${PN}.log"; }
"""

ACCOUNT = """
pkg_%s() {
	grep -q "^mcuser:" "${EROOT%%/}/etc/passwd" && return
	groupadd --prefix "${EROOT:-/}" --system --gid 444 mcuser || die
	useradd --prefix "${EROOT:-/}" --system --uid 444 --gid mcuser --home-dir /nonexistent \\
		--shell /sbin/nologin mcuser || die
}
"""

CAPABILITY = r"""
pkg_postinst() {
	python3 -c 'import os, sys; os.setxattr(sys.argv[1], "security.capability", bytes.fromhex("0100000200040000000000000000000000000000"))' \
		"${EROOT%/}/usr/bin/capable" || die
}
"""

LIBRARY = """
	echo "int mc_answer(void) { return %s; }" > mc.c || die
	gcc -shared -fPIC -Wl,-soname,libmc.so.%s -o libmc.so.%s mc.c || die
	into /usr
	dolib.so libmc.so.%s
	dosym libmc.so.%s /usr/lib/libmc.so
"""

USER_OF_LIBRARY = """
	echo "extern int mc_answer(void); int main(void) { return mc_answer(); }" > use.c || die
	echo "int mc_answer(void) { return 0; }" > mc.c || die
	gcc -shared -fPIC -Wl,-soname,libmc.so.1 -o libmc.so mc.c || die
	gcc -o mc-use use.c -L. -lmc || die
	dobin mc-use
"""

TOUCHER = r"""
	printf '#!/bin/sh\necho "$*" > "$1/mimeinfo.cache"\necho "$1" >> /var/lib/desktop.log\n' \
		> update-desktop-database || die
	dobin update-desktop-database
"""

DESKTOP = r"""
	printf '[Desktop Entry]\nMimeType=text/plain;\n' > ${PN}.desktop || die
	insinto /usr/share/applications
	doins ${PN}.desktop
"""

ODD_NAMES = r"""
	mkdir -p "${D}/usr/share/mc odd/sub dir" || die
	for name in "a space" "  two" "quote'\"s" 'do$llar' 'back\slash' "tab	tab" "ünïcödé ☃" "-dash" "*"; do
		echo "${name}" > "${D}/usr/share/mc odd/${name}" || die
	done
	echo 1 > "${D}/usr/share/mc odd/$(printf 'caf\351')" || die
	ln -s "a space" "${D}/usr/share/mc odd/link -> to" || die
	ln -s "../ünïcödé ☃" "${D}/usr/share/mc odd/sub dir/ünï" || die
"""

MODES = r"""
	mkdir -p "${D}"/usr/share/mc-modes/{sticky,setgid,closed} "${D}"/usr/bin || die
	chmod 1777 "${D}"/usr/share/mc-modes/sticky || die
	chmod 2755 "${D}"/usr/share/mc-modes/setgid || die
	chmod 0700 "${D}"/usr/share/mc-modes/closed || die
	for mode in 4755 2755 6711 0400 0600 0000 1755; do
		echo ${mode} > "${D}"/usr/share/mc-modes/m${mode} || die
		chmod ${mode} "${D}"/usr/share/mc-modes/m${mode} || die
	done
	chown 7:8 "${D}"/usr/share/mc-modes/m4755 "${D}"/usr/share/mc-modes/closed || die
	chmod 4755 "${D}"/usr/share/mc-modes/m4755 || die
	chown 12345:54321 "${D}"/usr/share/mc-modes/m0600 || die
	ln "${D}"/usr/share/mc-modes/m0400 "${D}"/usr/share/mc-modes/twin || die
	ln "${D}"/usr/share/mc-modes/m0400 "${D}"/usr/share/mc-modes/sticky/triplet || die
	touch -d '1999-12-31 23:59:58.123456789' "${D}"/usr/share/mc-modes/m1755 || die
	: > "${D}"/usr/share/mc-modes/empty || die
	keepdir /var/lib/mc-modes
"""

LINKS = r"""
	mkdir -p "${D}"/usr/share/mc-links/real "${D}"/bin "${D}"/usr/bin || die
	echo real > "${D}"/usr/share/mc-links/real/file || die
	ln -s real "${D}"/usr/share/mc-links/relative || die
	ln -s /usr/share/mc-links/real/file "${D}"/usr/share/mc-links/absolute || die
	ln -s ../../../bin/sh "${D}"/usr/share/mc-links/shell || die
	ln -s mc-merged "${D}"/usr/bin/mc-first || die
	echo merged > "${D}"/bin/mc-merged || die
"""


def content(*paths, text="${PF}"):
    """Shell code that installs files with a line in each."""
    lines = []
    for path in paths:
        lines.append("\tmkdir -p \"${D}%s\" || die" % os.path.dirname(path))
        lines.append("\techo \"%s of %s\" > \"${D}%s\" || die" % (path, text, path))
    return "\n".join(lines) or "\t:"


class Repository:
    """Writes ebuilds."""

    def __init__(self, directory, template):
        shutil.copytree(template, directory, symlinks=True)
        self.directory = directory
        self.packages = []
        self._categories = set()

    def add(self, cpv, *ebuild, **options):
        """Adds a package of which a binary one is made."""
        self.add_source(cpv, *ebuild, **options)
        self.packages.append("=" + cpv)

    def add_source(self, cpv, install="", functions="", eapi=8, slot="0", depends=""):
        category, rest = cpv.split("/")
        name = re.match(r"(.*?)-\d", rest)[1]
        place = os.path.join(self.directory, category, name)
        os.makedirs(place, exist_ok=True)
        with open(os.path.join(place, rest + ".ebuild"), "w", encoding="utf-8") as stream:
            stream.write(EBUILD % {
                "eapi": eapi, "slot": slot, "depends": depends,
                "install": install or "\t:", "functions": functions})
        self._categories.add(category)

    def finish(self):
        with open(os.path.join(self.directory, "profiles/categories"), "a") as stream:
            stream.writelines("%s\n" % name for name in sorted(self._categories))


def write_repository(directory, template):
    """Makes a repository with all packages; returns their atoms."""
    repository = Repository(directory, template)
    add = repository.add
    for name in SMALL:
        short = name.partition("/")[2]
        add(name + "-1", content(
            "/usr/share/%s/data" % short, "/usr/share/%s/more data" % short, "/usr/bin/%s" % short,
            "/etc/%s.conf" % short, "/usr/share/doc/%s-1/README" % short)
            + "\n\tdosym %s /usr/bin/%s-too" % (short, short))
    for name in PHASED:
        short = name.partition("/")[2]
        add(name + "-1", content("/usr/share/%s/data" % short), THREE_PHASES)
    for eapi in (5, 6, 7, 8):
        for name in ("first", "second", "third"):
            add("mc-eapi/%s%d-1" % (name, eapi),
                content("/usr/share/eapi/%s%d" % (name, eapi)), eapi=eapi)
        add("mc-eapi/phased%d-1" % eapi, content("/usr/share/eapi/phased%d" % eapi),
            THREE_PHASES, eapi=eapi)
    for phases in (("setup",), ("preinst",), ("postinst",), ("setup", "preinst")):
        name = "".join(phases)
        add("mc-some/%s-1" % name, content("/usr/share/some/%s" % name), "".join(
            "pkg_%s() { ZC_%s=\"${PF} $(date +%%Y)\"; export ZC_OUT=1; einfo %s; }\n"
            % (phase, phase.upper(), phase) for phase in phases))
    add("mc-odd/names-1", ODD_NAMES)
    add("mc-odd/modes-1", MODES)
    add("mc-odd/links-1", LINKS)
    add("mc-odd/dangling-1", "\tdosym /nowhere /usr/share/dangling")
    add("mc-odd/double-1", content("/bin/mc-double", "/usr/bin/mc-double", text="both"))
    add("mc-odd/twice-1", content("/bin/mc-twice") + "\n\tmkdir -p \"${D}/usr/bin\" || die"
        "\n\tcp -a \"${D}/bin/mc-twice\" \"${D}/usr/bin/mc-twice\" || die")
    add("mc-odd/empty-1")
    add("mc-odd/capable-1", content("/usr/bin/capable"), CAPABILITY)
    add("mc-odd/variables-1", content("/usr/share/variables"), """
declare -A ZC_MAP=( [one]=1 [two]=2 [three]=3 )
ZC_LIST=( "a b" c 'd"e' )
ZC_TEXT="two
lines \\$x \\`y\\` \\\\ ünï"
export ZC_EXPORTED="with space"
zc_function() {
	cat <<-END
		pkg_postinst () of a text
	END
	local x="}"
}
""")
    add("mc-odd/map-1", content("/usr/share/map"), "declare -A ZC_MAP=( [one]=1 [two]=2 [three]=3 )")
    add("mc-odd/environment-1", content("/usr/share/environment") + r"""
	echo 'ZC_FROM_ENV="yes"' > 99mc || die
	doenvd 99mc""")
    add("mc-odd/large-1", r"""
	dodir /usr/share
	head -c 70000000 /dev/urandom > "${D}"/usr/share/large || die""")
    add("mc-odd/hooks-1", content("/usr/share/hooks"), """
zc_hook() { echo success >> "${EROOT%/}/var/lib/hooks.log"; }
pkg_setup() { EBUILD_SUCCESS_HOOKS+=" zc_hook"; }
""")
    add("mc-odd/pretends-1", content("/usr/share/pretends"),
        "pkg_pretend() { elog pretending; }")
    add("mc-odd/masked-1", content(
        "/usr/share/masked", "/usr/share/doc/masked", "/usr/share/man/man1/masked.1"))
    add("mc-odd/suid-1", content("/usr/bin/mc-suid") + "\n\tfperms 4755 /usr/bin/mc-suid")

    for phase in ("setup", "preinst"):
        name = "by" + phase
        add("mc-acct/%s-1" % name, content("/usr/share/acct/%s" % name)
            + "\n\tchown mcuser:mcuser \"${D}\"/usr/share/acct/%s || die" % name,
            ACCOUNT % phase)
    add("mc-acct/owned-1", content("/usr/share/acct/owned")
        + "\n\tchown mcuser:mcuser \"${D}\"/usr/share/acct/owned || die", depends="mc-acct/account")
    add("mc-acct/account-1", functions=ACCOUNT % "preinst")

    for version in ("1", "2"):
        add("mc-new/plain-" + version, content(
            "/usr/share/plain/both", "/usr/share/plain/only%s" % version)
            + "\n" + content("/usr/share/plain/same", text="any"))
        add("mc-new/removal-" + version, content("/usr/share/removal/%s" % version), REMOVAL)
        add("mc-new/phased-" + version, content("/usr/share/new-phased/%s" % version),
            THREE_PHASES)
        add("mc-new/config-" + version, content("/etc/mc/same", text="any") + "\n"
            + content("/etc/mc/changed", "/etc/mc/only%s" % version, "/etc/mc/gone"))
        add("mc-new/slots-" + version, content("/usr/share/slots/%s" % version), slot=version)
        add("mc-new/library-" + version, LIBRARY % ((version,) * 5), slot="0/" + version)
    add("mc-new/moved-1", content("/usr/share/moved"), slot="0")
    add("mc-new/user-1", USER_OF_LIBRARY)
    add("mc-new/directory-1", content("/usr/share/exchange/file"))
    add("mc-new/directory-2", "\tdosym plain /usr/share/exchange")
    add("mc-new/file-1", content("/usr/share/other-exchange"))
    add("mc-new/file-2", content("/usr/share/other-exchange/file"))
    add("mc-block/one-1", content("/usr/share/block/file", text="one"))
    add("mc-block/two-1", content("/usr/share/block/file", text="two"), depends="!mc-block/one")
    add("mc-block/three-1", content("/usr/share/block/file", text="three"),
        depends="!!mc-block/two")
    add("mc-collide/one-1", content("/usr/share/collide/file", text="one"))
    add("mc-collide/two-1", content("/usr/share/collide/file", "/usr/share/collide/too",
                                    text="two"))
    add("mc-desk/updater-1", TOUCHER)
    for name in ("one", "two"):
        add("mc-desk/%s-1" % name, DESKTOP)
    add("mc-desk/other-1", content("/usr/share/desk-other"))
    for phase in ("setup", "preinst", "postinst", "pretend"):
        body = "[[ ${MERGE_TYPE} == binary ]] && die \"this fails in ${EBUILD_PHASE}\"; :"
        add("mc-fail/%s-1" % phase, content("/usr/share/fail/%s" % phase),
            "pkg_%s() { %s; }" % (phase, body))
    add("mc-fail/exits-1", content("/usr/share/fail/exits"),
        "pkg_preinst() { [[ ${MERGE_TYPE} == binary ]] && exit 3; :; }")
    mixed.add(repository, content)
    repository.finish()
    return repository.packages


def reopen(directory):
    """The repository again, to change a package of it."""
    repository = Repository.__new__(Repository)
    repository.directory, repository.packages, repository._categories = directory, [], set()
    return repository

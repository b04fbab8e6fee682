# Copyright 2026 git-zentoo developers
# Distributed under the terms of the GNU General Public License v2

EAPI=8

inherit zen-make

DESCRIPTION="A package that fails, to see what git-zentoo does then"

SLOT="0"
KEYWORDS="amd64"
IUSE="repaired configure install newline pipe postinst preinst prepare pretend setup thief unpack"

# It does not compile unless it is repaired, and fails in every other phase
# that is named by a flag. With a pipe it is merged, and its binary package never
# can be; with a line break in a name it is not merged at all. A thief writes to
# binary packages that are none of its own.
fickle_mood() {
	if use "${EBUILD_PHASE}"; then die "not in the mood for ${EBUILD_PHASE}"; fi
}

pkg_pretend() {
	fickle_mood
}

pkg_setup() {
	fickle_mood
}

src_unpack() {
	fickle_mood
	default
}

src_prepare() {
	fickle_mood
	default
}

src_configure() {
	fickle_mood
	default
}

src_compile() {
	local -x CPPFLAGS="${CPPFLAGS}"
	use repaired && CPPFLAGS+=" -DFICKLE_REPAIRED"
	zen-make_src_compile
}

src_install() {
	fickle_mood
	zen-make_src_install
	if use pipe; then
		mkdir -p "${ED}/var/lib/fickle" || die
		mkfifo "${ED}/var/lib/fickle/pipe" || die
	fi
	if use newline; then
		mkdir -p "${ED}/var/lib/fickle" || die
		touch "${ED}/var/lib/fickle/"$'two\nlines' || die
	fi
}

pkg_preinst() {
	fickle_mood
}

fickle_steal() {
	local pool=/var/cache/binpkgs own
	own=$(echo "${pool}/dev-util/fickle/"*.gpkg.tar)
	printf x >>"$(echo "${pool}/dev-util/text2c/"*-1.gpkg.tar)" || die
	mkdir -p "${pool}/app-admin/bell" || die
	cp "${own}" "${pool}/app-admin/bell/bell-1.0-7.gpkg.tar" || die
	rm -f "${pool}/Packages" || die
	ln -s /etc/passwd "${pool}/Packages" || die
	mkdir -m 0 "${pool}/"$'\377' || die
}

pkg_postinst() {
	fickle_mood
	if use thief; then fickle_steal; fi
}

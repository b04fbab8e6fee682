# Copyright 2026 git-zentoo developers
# Distributed under the terms of the GNU General Public License v2

EAPI=8

inherit zen-make

DESCRIPTION="A collection of sayings, found by number"

SLOT="0"
KEYWORDS="amd64"

src_install() {
	zen-make_src_install
	keepdir /var/lib/sayings
}

# The index is made on the machine, not packaged, as a font cache would be.
pkg_postinst() {
	[[ -z ${ROOT} ]] || return 0
	sayings --index || die "cannot index the sayings"
}

pkg_postrm() {
	[[ -n ${REPLACED_BY_VERSION} ]] || rm -f "${EROOT}"/var/lib/sayings/index
}

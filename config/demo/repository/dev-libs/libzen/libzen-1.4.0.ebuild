# Copyright 2026 git-zentoo developers
# Distributed under the terms of the GNU General Public License v2

EAPI=8

inherit zen-make

DESCRIPTION="Sayings by number"

SLOT="1/0"
KEYWORDS="amd64"
IUSE="static-libs"

src_install() {
	zen-make_src_install
	if use static-libs; then
		zen-make DESTDIR="${D}" install-static
	fi
}

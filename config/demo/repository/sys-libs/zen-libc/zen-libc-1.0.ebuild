# Copyright 2026 git-zentoo developers
# Distributed under the terms of the GNU General Public License v2

EAPI=8

DESCRIPTION="Stands in Portage's package database for the libc that the stage has"
HOMEPAGE="https://wiki.gentoo.org/wiki/No_homepage"
S=${WORKDIR}

LICENSE="0BSD"
SLOT="0"
KEYWORDS="amd64"

src_install() {
	echo "${PN} ${PV}" > libc || die
	insinto /usr/share/zen
	doins libc
}

# Copyright 2026 git-zentoo developers
# Distributed under the terms of the GNU General Public License v2

EAPI=8

DESCRIPTION="Everything a contemplative machine needs (it installs nothing itself)"
HOMEPAGE="https://wiki.gentoo.org/wiki/No_homepage"

LICENSE="0BSD"
SLOT="0"
KEYWORDS="amd64"
IUSE="+bell"

RDEPEND="
	app-misc/koan
	app-text/sayings
	net-misc/zend
	virtual/oracle
	bell? ( app-admin/bell )
"

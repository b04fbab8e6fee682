# Copyright 2026 git-zentoo developers
# Distributed under the terms of the GNU General Public License v2

EAPI=8

inherit zen-make

DESCRIPTION="Say something wise to whoever connects from this machine"

SLOT="0"
KEYWORDS="amd64"
IUSE="syslog"

RDEPEND="
	acct-group/zend
	acct-user/zend
	dev-libs/libzen:2=
"
DEPEND="dev-libs/libzen:2="

src_compile() {
	local -x CPPFLAGS="${CPPFLAGS}"
	use syslog && CPPFLAGS+=" -DZEND_SYSLOG"
	zen-make_src_compile
}

src_install() {
	zen-make_src_install
	newinitd "${FILESDIR}"/zend.initd zend
	newconfd "${FILESDIR}"/zend.confd zend
	insinto /usr/lib/systemd/system
	doins "${FILESDIR}"/zend.service
}

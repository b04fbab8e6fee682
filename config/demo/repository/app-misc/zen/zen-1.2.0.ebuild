# Copyright 2026 git-zentoo developers
# Distributed under the terms of the GNU General Public License v2

EAPI=8

inherit zen-make

DESCRIPTION="Print the saying that belongs to a text"

SLOT="0"
KEYWORDS="amd64"
IUSE="+color nls static"

RDEPEND="!static? ( dev-libs/libzen:2= )"
DEPEND="
	!static? ( dev-libs/libzen:2= )
	static? ( dev-libs/libzen:2=[static-libs] )
"

src_compile() {
	local -x CPPFLAGS="${CPPFLAGS}" LDFLAGS="${LDFLAGS}"
	use color && CPPFLAGS+=" -DZEN_COLOR"
	use nls && CPPFLAGS+=" -DZEN_NLS"
	use static && LDFLAGS+=" -static"
	zen-make_src_compile
}

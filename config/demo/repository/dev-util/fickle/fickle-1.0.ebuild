# Copyright 2026 git-zentoo developers
# Distributed under the terms of the GNU General Public License v2

EAPI=8

inherit zen-make

DESCRIPTION="A package that fails to compile, to see what git-zentoo does then"

SLOT="0"
KEYWORDS="amd64"
IUSE="repaired"

src_compile() {
	local -x CPPFLAGS="${CPPFLAGS}"
	use repaired && CPPFLAGS+=" -DFICKLE_REPAIRED"
	zen-make_src_compile
}

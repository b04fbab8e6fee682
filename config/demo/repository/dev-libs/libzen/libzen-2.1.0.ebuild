# Copyright 2026 git-zentoo developers
# Distributed under the terms of the GNU General Public License v2

EAPI=8

inherit zen-make

DESCRIPTION="The saying that belongs to a text"

# The subslot is the number in the library's soname.
SLOT="2/1"
KEYWORDS="~amd64"
IUSE="cpu_flags_x86_sse4_2 static-libs"

src_compile() {
	if use cpu_flags_x86_sse4_2; then
		local -x CPPFLAGS="${CPPFLAGS} -DZEN_SSE4_2" CFLAGS="${CFLAGS} -msse4.2"
	fi
	zen-make_src_compile
}

src_install() {
	zen-make_src_install
	if use static-libs; then
		zen-make DESTDIR="${D}" install-static
	fi
}

# Copyright 2026 git-zentoo developers
# Distributed under the terms of the GNU General Public License v2

EAPI=8

DESCRIPTION="A program that names the C library among its dependencies"
HOMEPAGE="https://wiki.gentoo.org/wiki/No_homepage"
S=${WORKDIR}

LICENSE="0BSD"
SLOT="0"
KEYWORDS="amd64"

DEPEND="virtual/libc"

src_compile() {
	echo "int main(void) { return 0; }" > needy.c || die
	"${CC:-${CHOST}-gcc}" ${CFLAGS} ${LDFLAGS} -o needy needy.c || die
}

src_install() {
	dobin needy
}

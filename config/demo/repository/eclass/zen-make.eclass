# Copyright 2026 git-zentoo developers
# Distributed under the terms of the GNU General Public License v2

# @ECLASS: zen-make.eclass
# @MAINTAINER:
# git-zentoo developers <developers@git-zentoo.example>
# @SUPPORTED_EAPIS: 8
# @BLURB: build the demo's sources, which come as a tarball with a Makefile

case ${EAPI} in
	8) ;;
	*) die "${ECLASS}: EAPI ${EAPI:-0} not supported" ;;
esac

HOMEPAGE="https://wiki.gentoo.org/wiki/No_homepage"
# No address: config/demo/make-distfiles packs it.
SRC_URI="${P}.tar"
LICENSE="0BSD"

# @FUNCTION: zen-make
# @USAGE: [make arguments]
# @DESCRIPTION:
# Run make with the compiler of CHOST; the flags reach it by the environment.
zen-make() {
	emake CC="${CC:-${CHOST}-gcc}" AR="${AR:-${CHOST}-ar}" \
		LIBDIR="${EPREFIX}/usr/$(get_libdir)" "${@}"
}

zen-make_src_compile() {
	zen-make
}

zen-make_src_install() {
	zen-make DESTDIR="${D}" install
}

EXPORT_FUNCTIONS src_compile src_install

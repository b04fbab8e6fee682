# Copyright 2026 git-zentoo developers
# Distributed under the terms of the GNU General Public License v2

EAPI=8

inherit zen-make

DESCRIPTION="A question to sit with, and a saying to leave with"

SLOT="0"
KEYWORDS="amd64"
IUSE="test"
RESTRICT="!test? ( test )"

RDEPEND="dev-libs/libzen:1="
DEPEND="${RDEPEND}"
BDEPEND="dev-util/text2c"

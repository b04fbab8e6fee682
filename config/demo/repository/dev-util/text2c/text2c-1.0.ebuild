# Copyright 2026 git-zentoo developers
# Distributed under the terms of the GNU General Public License v2

EAPI=8

inherit zen-make

DESCRIPTION="Make a C array of strings from lines of text"

SLOT="0"
KEYWORDS="amd64"

# Copyright 2026 git-zentoo developers
# Distributed under the terms of the GNU General Public License v2

EAPI=8

DESCRIPTION="Virtual for a program that answers a question"

SLOT="0"
KEYWORDS="amd64"

RDEPEND="|| ( app-misc/zen app-misc/koan )"

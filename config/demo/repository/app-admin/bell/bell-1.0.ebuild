# Copyright 2026 git-zentoo developers
# Distributed under the terms of the GNU General Public License v2

EAPI=8

inherit zen-make

DESCRIPTION="Ring, and let the log say who did (a program with the set-user-id bit)"

SLOT="0"
KEYWORDS="amd64"

# Copyright 2026 git-zentoo developers
# Distributed under the terms of the GNU General Public License v2

EAPI=8

inherit zen-acct

DESCRIPTION="The user net-misc/zend runs as"

KEYWORDS="amd64"

ACCT_ID=310

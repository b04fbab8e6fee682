# Copyright 2026 git-zentoo developers
# Distributed under the terms of the GNU General Public License v2

# @ECLASS: zen-acct.eclass
# @MAINTAINER:
# git-zentoo developers <developers@git-zentoo.example>
# @SUPPORTED_EAPIS: 8
# @BLURB: a system user or group as a package (a small acct-user and acct-group)
# @DESCRIPTION:
# The package's category says which of the two, its name the account's name.
# Packages which need the account depend on it, and a binary package creates it
# on the machine it is installed on.

case ${EAPI} in
	8) ;;
	*) die "${ECLASS}: EAPI ${EAPI:-0} not supported" ;;
esac

# @ECLASS_VARIABLE: ACCT_ID
# @REQUIRED
# @DESCRIPTION:
# The number of the user or group, the same on every machine.

SLOT="0"
S=${WORKDIR}

[[ ${CATEGORY} == acct-user ]] && RDEPEND="acct-group/${PN}"

zen-acct_pkg_preinst() {
	case ${CATEGORY} in
		acct-group)
			grep -q "^${PN}:" "${EROOT}"/etc/group && return
			groupadd --prefix "${EROOT:-/}" --system --gid "${ACCT_ID}" "${PN}" ||
				die "cannot add group ${PN}"
			;;
		acct-user)
			grep -q "^${PN}:" "${EROOT}"/etc/passwd && return
			useradd --prefix "${EROOT:-/}" --system --uid "${ACCT_ID}" --gid "${PN}" \
				--home-dir /nonexistent --shell /sbin/nologin "${PN}" ||
				die "cannot add user ${PN}"
			;;
		*)
			die "${ECLASS}: category ${CATEGORY} is neither acct-user nor acct-group"
			;;
	esac
}

EXPORT_FUNCTIONS pkg_preinst

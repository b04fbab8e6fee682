# Read by Portage as the bashrc of a job that prepares a source to be patched:
# hands out the source as it is where user patches are applied, and ends
# src_prepare there, since a user patch is never applied to what comes after.
#
# With ZENTOO_PATCH, the name of a user patch, that is where this one would be
# applied; and the source is handed out once more with it.
if [[ ${EBUILD_PHASE-} == prepare ]] && declare -F eapply_user eapply >/dev/null; then
	eval "__zentoo_$(declare -f eapply_user)"
	eval "__zentoo_$(declare -f eapply)"

	# A copy: what calls eapply_user may be a subshell, and is not ended then.
	__zentoo_hand_out() {
		# What its owner may not read is not to be built from either.
		chmod -R u+rX . 2>/dev/null
		cp -dR --preserve=timestamps --reflink=auto . "${T}/zentoo-$1" || die "cannot copy the source"
	}

	__zentoo_end() {
		__zentoo_hand_out source
		: >"${T}/zentoo-prepared"
		exit 0
	}

	eapply() {
		local patch=${!#}
		patch=${patch##*/}
		if [[ -z ${__zentoo_patches_users-} ]]; then
			__zentoo_eapply "$@"
			return
		fi
		if [[ ${patch} == "${ZENTOO_PATCH-}" ]]; then
			__zentoo_hand_out base
			nonfatal __zentoo_eapply "$@" || : >"${T}/zentoo-rejected"
			__zentoo_end
		fi
		# Left behind by a patch that does not apply.
		printf '%s' "${patch}" >"${T}/zentoo-applying"
		__zentoo_eapply "$@" || return
		rm -f "${T}/zentoo-applying"
	}

	# bash 5.2 may have forgotten a process that ended early, which
	# eapply_user takes for a patch that does not apply.
	wait() {
		builtin wait "$@" || [[ $? -eq 127 ]]
	}

	eapply_user() {
		local __zentoo_patches_users=1
		__zentoo_eapply_user "$@"
		__zentoo_end
	}
fi

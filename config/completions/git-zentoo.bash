# 'git zentoo ...' through git's own completion (git-completion.bash says how):
# the words after 'zentoo' are completed as those of 'git-zentoo' are.
_git_zentoo() {
	# Where 'zentoo' stands: options of git, as in 'git -C DIR zentoo', may
	# come first, and git's completion tells how many words they are.
	local -i at=${__git_cmd_idx:-1}
	local -a COMP_WORDS=(git-zentoo "${words[@]:at+1}")
	local -i COMP_CWORD=cword-at
	local COMP_LINE="${COMP_WORDS[*]}"
	local -i COMP_POINT=${#COMP_LINE}
	_git-zentoo git-zentoo "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD - 1]}"
}

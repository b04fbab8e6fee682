# Names of builds have '@' in them, at which readline splits words, as it does
# at ':' and '=' (COMP_WORDBREAKS in bash(1)). Joins the words given, which are
# those of COMP_LINE, where nothing but such a character stands between them:
# into 'joined', with the new places of the words number $1 and $2 in
# 'joined_current' and 'joined_start'.
__git-zentoo_join() {
	local -ir current=$1 start=$2
	shift 2
	local rest=$COMP_LINE blanks word previous=
	local -i index=0
	joined=()
	for word; do
		blanks=${rest%%[![:space:]]*}
		rest=${rest#"$blanks"}
		if [[ ${#joined[@]} -gt 0 && -z $blanks && ($word == [@:=]* || $previous == *[@:=]) ]]; then
			joined[${#joined[@]} - 1]+=$word
		else
			joined+=("$word")
		fi
		rest=${rest#"$word"}
		previous=$word
		((index != current)) || joined_current=$((${#joined[@]} - 1))
		((index != start)) || joined_start=$((${#joined[@]} - 1))
		index+=1
	done
}

# Completes the word number $1 of the words that follow, without readline's
# splitting: it puts a reply in the place of what is behind the last ':' or '=',
# or of what begins with the last '@'.
__git-zentoo_complete() {
	local -i COMP_CWORD=$1
	shift
	local -a COMP_WORDS=(git-zentoo "$@")
	local COMP_LINE="${COMP_WORDS[*]}"
	local -i COMP_POINT=${#COMP_LINE}
	local current=${COMP_WORDS[COMP_CWORD]}
	_git-zentoo git-zentoo "$current" "${COMP_WORDS[COMP_CWORD - 1]}"
	local breaks=${COMP_WORDBREAKS//[^@:=]/}
	[[ -n $breaks && $current == *["$breaks"]* ]] || return 0
	local head=${current%"${current##*["$breaks"]}"}
	COMPREPLY=("${COMPREPLY[@]#"${head%@}"}")
}

# 'git-zentoo ...'
__git-zentoo_main() {
	local -a joined
	local -i joined_current=0 joined_start=0
	__git-zentoo_join "$COMP_CWORD" 0 "${COMP_WORDS[@]}"
	__git-zentoo_complete "$joined_current" "${joined[@]:1}"
}
complete -o filenames -F __git-zentoo_main git-zentoo

# 'git zentoo ...' through git's own completion (git-completion.bash says how):
# the words after 'zentoo' are completed as those of 'git-zentoo' are. Options
# of git, as in 'git -C DIR zentoo', may come first, and git's completion tells
# how many words they are.
_git_zentoo() {
	local -a joined
	local -i joined_current=0 joined_start=0
	# shellcheck disable=SC2154 # cword and words are those of git's completion
	__git-zentoo_join "$cword" "${__git_cmd_idx:-1}" "${words[@]}"
	# As git-zentoo is completed, not as git is, which adds blanks itself.
	compopt -o filenames +o nospace 2>/dev/null
	__git-zentoo_complete "$((joined_current - joined_start))" "${joined[@]:joined_start+1}"
}

# complete-live.bash DIRECTORY GIT-COMPLETION LINE - what the line becomes when
# Tab is pressed in a bash that has a terminal: here readline splits the words
directory=$1
completion=$2
line=$3
heard=

# Reads until the shell has said $1.
await() {
	local character
	while [[ $heard != *"$1"* ]]; do
		IFS= read -r -t 600 -N 1 -u "${COPROC[0]}" character || exit 1
		heard+=$character
	done
}

say() {
	printf '%s' "$1" >&"${COPROC[1]}"
}

coproc script --quiet --command 'bash --norc --noprofile -i' /dev/null 2>/dev/null
say "PS1=; bind 'set enable-bracketed-paste off'; source '$completion'; source '$directory/bash/git-zentoo'
show() { printf '<%s>' \"\$READLINE_LINE\"; }; bind -x '\"\\C-t\": show'; echo rea''dy
"
await ready
heard=
say "$line"$'\t\x14'
await '>'
heard=${heard##*<}
printf '%s\n' "${heard%%>*}"
say $'\x15exit\n'

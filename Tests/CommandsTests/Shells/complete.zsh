# complete.zsh DIRECTORY WORD... - what the line becomes when Tab is pressed
zmodload zsh/zpty
directory=$1
shift

# Reads until the shell has said $1.
await() {
	local out
	while [[ $heard != *$1* ]]; do
		zpty -r z out || return 1
		heard+=$out
	done
}

zpty z zsh -f -i
zpty -w z "PS1=; fpath=($directory/zsh \$fpath); autoload -Uz compinit; compinit -D -u
show() { print -r -- \"<\$BUFFER\"'>' }; zle -N show; bindkey '^X' show; print rea''dy"
await ready
heard=
zpty -w -n z "$*"$'\t\x18'
await '>'
heard=${heard##*<}
print -r -- "${heard%%>*}"
zpty -d z

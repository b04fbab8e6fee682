# complete.bash DIRECTORY GIT-COMPLETION WORD... - what bash offers for the last word
source "$2"
source "$1/bash/git-zentoo"
shift 2
COMP_WORDS=("$@")
COMP_CWORD=$(($# - 1))
COMP_LINE="$*"
COMP_POINT=${#COMP_LINE}
COMPREPLY=()
current=${COMP_WORDS[COMP_CWORD]}
previous=${COMP_WORDS[COMP_CWORD - 1]}
case $1 in
git) __git_wrap__git_main git "$current" "$previous" ;;
*) _git-zentoo git-zentoo "$current" "$previous" ;;
esac
for reply in "${COMPREPLY[@]}"; do
	echo "${reply%% }"
done

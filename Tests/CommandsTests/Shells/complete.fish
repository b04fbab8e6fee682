# complete.fish DIRECTORY WORD... - what fish offers for the last word
set -p fish_complete_path $argv[1]/fish
source $argv[1]/fish/conf.d/git-zentoo.fish
complete -C "$argv[2..]" | string replace -r '\t.*' ''

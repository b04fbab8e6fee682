# 'git zentoo ...' in fish, whose own completion of git completes any git-NAME
# by what completes that program; some versions look for it under a wrong name,
# so it is said here once more. The functions are those of fish's git.fish.
complete -c git -f -n __fish_git_needs_command -a zentoo -d 'Make Gentoo networks immutable infrastructure'
complete -c git -f -n '__fish_git_using_command zentoo' -a '(__fish_git_complete_custom_command zentoo)'

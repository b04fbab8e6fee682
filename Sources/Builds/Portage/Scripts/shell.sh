# What bash reads for a shell in a root: all that a login shell reads, and a
# prompt that says where one is.
[ -r /etc/profile ] && . /etc/profile
for zentoo_profile in ~/.bash_profile ~/.bash_login ~/.profile; do
    if [ -r "$zentoo_profile" ]; then
        . "$zentoo_profile"
        break
    fi
done
[ -r ~/.bashrc ] && . ~/.bashrc
PS1="(${ZENTOO_SHELL_OF-}) ${PS1:-\\u@\\h:\\w\\\$ }"
# Nothing of ours is left to what is compiled here.
unset zentoo_profile ZENTOO_SHELL_OF

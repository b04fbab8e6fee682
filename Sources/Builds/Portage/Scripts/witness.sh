# Read by Portage's ebuild.sh at the beginning of each phase, in a session in a
# root: tells in which environment a package is compiled. A phase may be a
# sandboxed one of another user, so each leaves its own beside the package's
# other temporary files, and the last one, which is root's, collects them.
case ${EBUILD_PHASE-} in
'' | depend | clean | nofetch | pretend) ;;
*)
    if [ -d "${T-}" ]; then
        env -0 >"$T/.zentoo-$EBUILD_PHASE"
        if [ "$EBUILD_PHASE" = package ] && [ -n "${BUILD_ID-}" ]; then
            mkdir -p "/run/zentoo/witness/$CATEGORY/$PF-$BUILD_ID" &&
                cp "$T"/.zentoo-* "/run/zentoo/witness/$CATEGORY/$PF-$BUILD_ID"
        fi
    fi 2>/dev/null
    ;;
esac

#!/bin/sh
#
# The first process of a job's container: does the job's steps, one after the
# other, each in namespaces of its own where nothing is seen but what the step
# is lent. Run by the stage's own sh(1) with the stage's own tools: a stage may
# be of any libc and for any processor, so that nothing of ours can be counted
# on to run in it. What is used of mount(8), umount(8), unshare(1) and
# chroot(1) busybox has as well; with -n the first two make no /run/mount in the root.
#
#   job MARK REPORT OWNER ROOT N [PATH ID]... N [PATH]... [STEP]...
#
#     MARK    begins the lines that are ours; no step can know it
#     REPORT  the file that takes all that is said; - for standard output
#     OWNER   uid:gid of whoever the written directories are for; - for root
#     ROOT    what a step sees as /: `/` of the container itself, `directory`,
#             or `layer`, an overlay over the stage's tree
#     PATH ID storage that is told to be the right one by what a file says
#     PATH    what OWNER gets in the end
#     STEP    CONDITION NETWORK TERMINAL SIZE and SIZE words:
#             N [KIND FROM TARGET]... [NAME=VALUE]... COMMAND...
#
# All that is lent lies in /dev/zentoo, which is in memory and leaves no mark
# in the root. The text is in the environment, as ZENTOO_RUNNER.
set -u
umask 022
here=/dev/zentoo

say() {
	printf '\n%s %s\n' "$mark" "$*" >&3
}

first_line() {
	read -r line <<-TEXT
		$1
	TEXT
	printf %s "$line"
}

# --- The job

give_up() {
	say "failed $(first_line "$1")"
	exit 125
}

# How many processes the kernel has ended here for want of memory; see
# memory.events in the kernel's cgroup-v2 documentation, and memory.oom_control
# in that of version 1.
memory_kills() {
	kills=0
	for events in /sys/fs/cgroup/memory.events /sys/fs/cgroup/memory/memory.oom_control; do
		[ -r "$events" ] || continue
		while read -r key value; do
			if [ "$key" = oom_kill ]; then kills=$value; fi
		done <"$events"
		break
	done
	printf %s "$kills"
}

# What Docker lays over the root, and packages of the root want to replace.
take_names() {
	mkdir -p "$here/names"
	for file in hosts hostname resolv.conf; do
		[ -e "/etc/$file" ] || continue
		cat "/etc/$file" >"$here/names/$file"
		grep -q " /etc/$file " /proc/mounts || continue
		error=$(umount -n "/etc/$file" 2>&1) || give_up "the container may not mount: $error"
		# Made by Docker where the stage has none.
		[ -s "/etc/$file" ] || rm -f "/etc/$file"
	done
	rm -f /.dockerenv
	mount -n -o remount,size=50%,mode=1777 /dev/shm 2>/dev/null || :
}

# Takes away what was made to mount on, innermost first.
unmake() {
	paths=
	while IFS= read -r path; do
		paths=$path'
'$paths
	done <"$here/made"
	printf %s "$paths" | while IFS= read -r path; do
		path=${root%/}$path
		if [ -L "$path" ]; then
			:
		elif [ -d "$path" ]; then
			rmdir "$path" 2>/dev/null
		elif [ -f "$path" ] && [ ! -s "$path" ]; then
			rm -f "$path"
		fi
	done
}

take_step() {
	say "started $index"
	before=$(memory_kills)
	: >"$here/made"
	: >"$here/verdict"
	# For the shell that it starts.
	# shellcheck disable=SC2016
	set -- sh -c 'eval "$ZENTOO_RUNNER"' zentoo step "$root" "$network" "$size" "$@"
	if [ "$network" = network ]; then
		set -- unshare -m -p -i -f "$@"
	else
		set -- unshare -m -p -i -n -f "$@"
	fi
	if [ "$terminal" = terminal ]; then
		# What is typed is for the step alone, Ctrl-C too.
		trap : INT QUIT
		"$@" 3>&- 4>"$here/verdict" 5>"$here/made"
		status=$?
	else
		"$@" </dev/null >&3 2>&3 4>"$here/verdict" 5>"$here/made" &
		wait $!
		status=$?
	fi
	verdict=
	read -r verdict <"$here/verdict"
	unmake
	case $verdict in
	ran) ;;
	'') give_up "cannot make the namespaces of a step" ;;
	*) give_up "$verdict" ;;
	esac
	say "ended $index $status $(($(memory_kills) - before))"
}

job() {
	mark=$1 report=$2 owner=$3 root=$4
	shift 4
	case $report in
	-)
		exec 3>&1
		# Whoever holds the other end of our standard input lives as long
		# as it is open.
		exec 6<&0
		(cat <&6 >/dev/null 3>&- && kill -KILL $$) &
		exec 6<&-
		;;
	*) exec 3>>"$report" ;;
	esac
	trap 'exit 143' TERM
	count=$1
	shift
	while [ "$count" -gt 0 ]; do
		found=
		{ read -r found <"$1"; } 2>/dev/null
		if [ "$found" != "$2" ]; then
			say "foreign $1"
			exit 125
		fi
		shift 2
		count=$((count - 1))
	done
	owned=$1
	shift
	owned_paths=
	while [ "$owned" -gt 0 ]; do
		owned_paths="$owned_paths $1"
		shift
		owned=$((owned - 1))
	done
	take_names
	case $root in
	directory) root=$here/root ;;
	layer)
		root=$here/root
		mkdir "$root"
		error=$(mount -n -t overlay overlay "$root" -o \
			"lowerdir=$here/stage,upperdir=$here/job/upper,workdir=$here/job/work" 2>&1) ||
			give_up "cannot lay an overlay: $error"
		;;
	esac

	index=0 failed=
	while [ $# -gt 0 ]; do
		condition=$1 network=$2 terminal=$3 size=$4
		shift 4
		if [ -z "$failed" ] || [ "$condition" = always ]; then
			take_step "$@"
			[ "$status" = 0 ] || failed=yes
		fi
		shift "$size"
		index=$((index + 1))
	done
	if [ "$owner" != - ]; then
		# Slots of ours, without spaces.
		# shellcheck disable=SC2086
		chown -hR "$owner" $owned_paths
	fi
	say 'done'
}

# --- One step, first process of its own namespace

halt() {
	first_line "$1" >&4
	exit 125
}

must() {
	error=$("$@" 2>&1) || halt "$error"
}

loopback() {
	ip link set lo up 2>/dev/null || ifconfig lo up 2>/dev/null || python3 -c '
import fcntl, socket, struct
with socket.socket() as any:
    fcntl.ioctl(any, 0x8914, struct.pack("16sh14x", b"lo", 1))' 2>/dev/null || :
}

# enter DIRECTORY WORD... - makes a directory the root of all that follows, as
# switch_root(8) does: Docker forbids pivot_root(2).
enter() {
	cd "$1" || halt "cannot enter the root"
	shift
	for place in dev proc sys; do
		[ -d "$place" ] || must mkdir "$place"
	done
	must mount -n -o rbind /dev dev
	must mount -n -o rbind /sys sys
	must mount -n --move . /
	# Whoever breaks out of the chroot finds nothing that was lent in the old
	# root, which these paths still lead to.
	for place in /dev /sys /proc; do
		must umount -n -l "$place"
	done
	# busybox looks up what it is to remount in /proc/mounts. It stays below the
	# /proc of the step, and must not allow more than that in `hide`.
	must mount -n -t proc -o ro,nosuid,nodev,noexec,hidepid=2 proc proc
	# For the shell that it starts.
	# shellcheck disable=SC2016
	exec chroot . sh -c 'eval "$ZENTOO_RUNNER"' zentoo inside "$@"
}

# point TARGET KIND - finds, or makes, where something is laid: $place. Links
# are followed as they are seen here, and never to what is not the root's.
point() {
	pending=$1 place='' links=0
	while [ -n "$pending" ]; do
		part=${pending%%/*}
		case $pending in
		*/*) pending=${pending#*/} ;;
		*) pending= ;;
		esac
		case $part in
		'' | .) continue ;;
		..)
			place=${place%/*}
			continue
			;;
		esac
		next=$place/$part
		case $next in
		/dev | /proc | /sys) halt "cannot mount on '$1': it leads to '$next'" ;;
		esac
		if [ -L "$next" ]; then
			links=$((links + 1))
			[ "$links" -le 40 ] ||
				halt "cannot mount on '$1': too many levels of symbolic links"
			link=$(readlink "$next")
			case $link in
			/*) place= ;;
			esac
			pending=$link/$pending
		elif [ -d "$next" ]; then
			place=$next
		elif [ -e "$next" ]; then
			[ -z "${pending%%/}" ] || halt "cannot mount on '$1': '$next' is not a directory"
			place=$next
		else
			if [ -n "$pending" ] || [ "$2" = directory ]; then
				must mkdir "$next"
			else
				must touch "$next"
			fi
			printf '%s\n' "$next" >&5
			place=$next
		fi
	done
}

# lay KIND FROM TARGET
lay() {
	if [ "$1" = memory ]; then
		point "$3" directory
		must mount -n -t tmpfs -o "size=$2,nosuid,nodev,mode=$(stat -c %a "$place")" tmpfs "$place"
		return
	fi
	from=$here/$2
	if [ -d "$from" ]; then
		point "$3" directory
	elif [ -e "$from" ]; then
		point "$3" file
	else
		halt "cannot mount on '$3': what is lent is not there"
	fi
	must mount -n -o bind "$from" "$place"
	if [ "$1" = read-only ]; then
		must mount -n -o remount,bind,nosuid,nodev,ro "$place"
	else
		must mount -n -o remount,bind,nosuid,nodev "$place"
	fi
}

# What is masked, and what can only be looked at, as Docker has it for the
# container itself: this /proc is new.
mask() {
	for path in bus fs irq mtrr sys sysrq-trigger; do
		[ -e "/proc/$path" ] || continue
		must mount -n -o bind "/proc/$path" "/proc/$path"
		must mount -n -o remount,bind,nosuid,nodev,noexec,ro "/proc/$path"
	done
	for path in /proc/acpi /proc/asound /proc/kcore /proc/keys /proc/latency_stats \
		/proc/sched_debug /proc/scsi /proc/timer_list /proc/timer_stats \
		/sys/devices/virtual/powercap /sys/firmware; do
		if [ -d "$path" ]; then
			must mount -n -t tmpfs -o ro,size=4k tmpfs "$path"
		elif [ -e "$path" ]; then
			must mount -n -o bind /dev/null "$path"
		fi
	done
}

# Leaves nothing to be seen of the container but what was laid.
hide() {
	for place in "$here"/*; do
		umount -n -l "$place" 2>/dev/null
	done
	# From within a user namespace the kernel allows a new /proc, as Portage's
	# pid-sandbox mounts one, with no more rights than some /proc that is there
	# and not masked. That one is read-only, and lies out of reach.
	must mount -n -t tmpfs -o size=4k,mode=755 tmpfs "$here"
	must mkdir "$here/proc"
	mount -n -t proc -o ro,nosuid,nodev,noexec,subset=pid,hidepid=2 proc "$here/proc" 2>/dev/null ||
		must mount -n -t proc -o ro,nosuid,nodev,noexec,hidepid=2 proc "$here/proc"
	must mount -n -t tmpfs -o ro,size=4k,mode=755 tmpfs "$here"
	must mount -n -t proc -o nosuid,nodev,noexec proc /proc
	mask
}

# Gives the process that has moved to a user namespace the ids of this one, and
# says so on standard output. Nobody else is in this process namespace.
give_ids() {
	own=$(readlink /proc/self/ns/user)
	process=
	while [ -z "$process" ]; do
		for other in /proc/[0-9]*; do
			[ "$(readlink "$other/ns/user")" = "$own" ] || process=$other
		done
		# Ends us when whoever was to be moved is gone.
		echo waiting
	done 2>/dev/null
	for map in uid_map gid_map; do
		ids=
		while read -r first _ count; do
			ids="$ids$first $first $count
"
		done <"/proc/self/$map"
		printf %s "$ids" >"$process/$map" || return
	done
	echo given
}

# begin WORD... - the command of the step
begin() {
	echo ran >&4
	exec 3>&- 4>&- 5>&- <&6 6<&-
	cd /
	exec "$@"
}

# In a user namespace of the step's own: over what was mounted until now it has
# no power, whatever its capabilities; see mount_namespaces(7).
nested() {
	while [ "${said-}" != given ]; do
		read -r said || halt "cannot make a user namespace"
	done
	begin "$@"
}

step() {
	root=$1
	shift
	[ "$1" = network ] || loopback
	if [ "$root" = / ]; then inside "$@"; else enter "$root" "$@"; fi
}

# inside NETWORK SIZE WORD...
inside() {
	network=$1 size=$2
	shift 2
	later=$(($# - size))
	count=$1
	shift
	while [ "$count" -gt 0 ]; do
		lay "$1" "$2" "$3"
		shift 3
		count=$((count - 1))
	done
	if [ "$network" = network ]; then
		for file in hosts resolv.conf; do
			[ ! -e "$here/names/$file" ] || lay read-only "names/$file" "/etc/$file"
		done
	fi
	hide
	# The words of later steps go, those of this one stay.
	count=$(($# - later))
	while [ "$count" -gt 0 ]; do
		set -- "$@" "$1"
		shift
		count=$((count - 1))
	done
	shift "$later"
	set -- env -i "$@"
	if command -v setpriv >/dev/null; then set -- setpriv --nnp "$@"; fi
	exec 6<&0
	error=$(unshare -U true 2>&1)
	case $?:$error in
	0:*)
		# For the shell that it starts.
		# shellcheck disable=SC2016
		give_ids | exec unshare -U -m sh -c 'eval "$ZENTOO_RUNNER"' zentoo nested "$@"
		;;
	# An emulator has several threads, and none of them may move.
	*[Ii]"nvalid argument"*) (begin "$@") ;;
	*) halt "cannot make a user namespace: $(first_line "$error")" ;;
	esac
	exit $?
}

"$@"

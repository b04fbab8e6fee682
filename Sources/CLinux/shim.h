// What the Linux launcher of the local engine needs of the kernel and Swift
// cannot reach: variadic functions, and headers that the Glibc module leaves
// out.
#ifndef ZENTOO_CLINUX_SHIM_H
#define ZENTOO_CLINUX_SHIM_H

#include <errno.h>
#include <linux/sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/syscall.h>
#include <sys/vfs.h>
#include <unistd.h>

// prctl(2) is variadic. Orphans below this process become its children.
static inline int zentoo_become_subreaper(void) {
    return prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);
}

// syscall(2) is variadic, and C libraries older than glibc 2.36 have no
// pidfd_open(2).
static inline int zentoo_pidfd_open(pid_t pid) {
    return (int)syscall(SYS_pidfd_open, pid, 0);
}

// unshare(2) and pipe2(2) are GNU extensions, which the Glibc module leaves
// out. The flags of pipe2 come from Swift: <fcntl.h> here would make `struct
// stat` a member of this module, and no longer of Glibc.
static inline int zentoo_unshare_mounts(void) {
    return (int)syscall(SYS_unshare, CLONE_NEWNS);
}

static inline int zentoo_unshare_user(void) {
    return (int)syscall(SYS_unshare, CLONE_NEWUSER);
}

static inline int zentoo_pipe(int ends[2], int flags) {
    return (int)syscall(SYS_pipe2, ends, flags);
}

// fork(2) is out of Swift's reach. Starts a program that waits in between: it
// becomes itself when a byte comes through the gate, a pipe, and ends should
// all who hold the gate open be gone first. What it says on standard error
// goes to `errors`.
static inline pid_t zentoo_spawn_behind(const int gate[2], int errors, char *const arguments[]) {
    pid_t child = fork();
    if (child != 0) return child;
    char byte;
    close(gate[1]);
    if (read(gate[0], &byte, 1) == 1 && dup2(errors, STDERR_FILENO) >= 0) {
        execvp(arguments[0], arguments);
        dprintf(STDERR_FILENO, "cannot run '%s': %s\n", arguments[0], strerror(errno));
    }
    _exit(127);
}

// fork(2) is out of Swift's reach. Starts a process that moves into a new user
// namespace, says 0 or the error number through `report`, and lives there until
// the last who holds `gate` open is gone; both are pipes.
static inline pid_t zentoo_hold_user_namespace(const int report[2], const int gate[2]) {
    pid_t child = fork();
    if (child != 0) return child;
    close(gate[1]);
    char result = syscall(SYS_unshare, CLONE_NEWUSER) == 0 ? 0 : (char)errno;
    char byte;
    if (write(report[1], &result, 1) == 1) {
        close(report[1]);
        while (read(gate[0], &byte, 1) < 0 && errno == EINTR) {}
    }
    _exit(0);
}

// Of <stdlib.h>, as POSIX has them, but hidden from the Glibc module.
int posix_openpt(int flags);
int grantpt(int descriptor);
int unlockpt(int descriptor);
char *ptsname(int descriptor);

// Window sizes of terminals (ioctl_tty(2)), in C because the Swift module that
// `struct winsize` belongs to depends on the version of glibc.

// The width of a terminal in columns; 0 for what is none.
static inline int zentoo_window_columns(int terminal) {
    struct winsize size;
    return ioctl(terminal, TIOCGWINSZ, &size) == 0 ? size.ws_col : 0;
}

// Gives one terminal the size of another.
static inline int zentoo_copy_window_size(int from, int to) {
    struct winsize size;
    return ioctl(from, TIOCGWINSZ, &size) == 0 ? ioctl(to, TIOCSWINSZ, &size) : -1;
}

// POSIX_SPAWN_SETSID is hidden from the Glibc module; in glibc and musl it is
// this.
enum { ZENTOO_SPAWN_SETSID = 0x80 };

// <sys/signalfd.h> is not in the Glibc module.
static inline int zentoo_signalfd(const sigset_t *mask) {
    return signalfd(-1, mask, SFD_CLOEXEC | SFD_NONBLOCK);
}

// Reads one signal from such a descriptor: its number, or -1.
static inline int zentoo_read_signal(int descriptor) {
    struct signalfd_siginfo info;
    ssize_t length = read(descriptor, &info, sizeof info);
    return length == (ssize_t)sizeof info ? (int)info.ssi_signo : -1;
}

// <sys/vfs.h> is not in the Glibc module: the magic number of the file
// system that holds a path, or -1. See statfs(2).
static inline int64_t zentoo_file_system_type(const char *path) {
    struct statfs status;
    return statfs(path, &status) == 0 ? (int64_t)status.f_type : -1;
}

#endif

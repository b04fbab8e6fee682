"""Roots of the demo's stage, and commands that run in them."""

import os
import shutil
import subprocess
import tempfile

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
SCRIPTS = os.path.join(TOP, "Sources/Builds/Portage/Scripts")
DEMO = os.path.join(TOP, "config/demo")
REPOSITORY = "/var/db/repos/zentoo-demo"
BINPKGS = "/var/cache/binpkgs"
# What Portage knows of ebuilds: a repository for many comes with it.
DEPCACHE = "/var/cache/edb/dep"

# What git-zentoo gives a job (BuildJobs.swift).
ENVIRONMENT = {
    "LC_ALL": "C.UTF-8", "TZ": "UTC", "MAKEOPTS": "-j2", "PORTAGE_TMPDIR": "/var/tmp",
    "CLEAN_DELAY": "0", "TERM": "dumb", "NOCOLOR": "true", "HOME": "/root",
    "PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
}
# FEATURES with which it makes a root of binary packages.
ASSEMBLY = ("-ipc-sandbox -mount-sandbox -network-sandbox -pid-sandbox -merge-sync "
            "parallel-install")


class Workshop:
    """Directories that all roots share.

    work      what stays for the next time: binary packages
    place     what does not: the roots
    """

    def __init__(self, stage, demo, work):
        self.stage = stage
        self.distfiles = os.path.join(demo, "distfiles")
        self.work = work
        os.makedirs(work, exist_ok=True)
        room = shutil.disk_usage("/dev/shm").free if os.path.isdir("/dev/shm") else 0
        self.place = tempfile.mkdtemp(
            prefix="merge-check-", dir="/dev/shm" if room > 4 << 30 else work)
        self.repository = os.path.join(work, "repository")
        self.binpkgs = os.path.join(work, "binpkgs")
        self.depcache = os.path.join(work, "depcache")
        self.scripts = os.path.join(self.place, "scripts")
        self.pristine = os.path.join(self.place, "pristine")
        shutil.copytree(SCRIPTS, self.scripts)

    def make_pristine(self):
        """Unpacks the stage, and configures Portage in it as the demo does."""
        os.mkdir(self.pristine)
        subprocess.run(["tar", "-C", self.pristine, "--numeric-owner", "-xf", self.stage],
                       check=True)
        portage = os.path.join(self.pristine, "etc/portage")
        shutil.rmtree(portage, ignore_errors=True)
        shutil.copytree(os.path.join(DEMO, "portage/base"), portage, symlinks=True,
                        ignore=shutil.ignore_patterns("patches"))
        for path in (REPOSITORY, BINPKGS, "/var/cache/distfiles", "/run/zentoo/bin"):
            os.makedirs(self.pristine + path, exist_ok=True)

    def root(self, name):
        """A fresh root."""
        root = Root(self, os.path.join(self.place, name))
        subprocess.run(["cp", "-a", "--reflink=auto", self.pristine, root.path], check=True)
        return root

    def close(self):
        shutil.rmtree(self.place, ignore_errors=True)


class Root:
    """A root that commands run in."""

    def __init__(self, workshop, path):
        self.path = path
        self._workshop = workshop

    def argv(self, command, environment=(), binpkgs=None, is_writable=False, scripts=None):
        """The arguments that run a command in the root."""
        argv = ["bwrap", "--bind", self.path, "/", "--dev", "/dev", "--proc", "/proc",
                "--unshare-pid", "--die-with-parent",
                "--ro-bind", self._workshop.repository, REPOSITORY,
                "--ro-bind", scripts or self._workshop.scripts, "/run/zentoo/bin",
                "--bind", self._workshop.distfiles, "/var/cache/distfiles",
                "--bind" if is_writable else "--ro-bind",
                binpkgs or self._workshop.binpkgs, BINPKGS, "--clearenv"]
        for name, value in dict(ENVIRONMENT, **dict(environment)).items():
            argv += ["--setenv", name, value]
        return argv + ["--"] + list(command)

    def run(self, command, **options):
        """Runs a command; returns its exit status and all that it prints."""
        result = subprocess.run(
            self.argv(command, **options), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT, text=True, errors="surrogateescape")
        return result.returncode, result.stdout

    def shell(self, script):
        """Runs a script in the root that has to succeed."""
        status, output = self.run(["sh", "-ec", script])
        if status != 0:
            raise RuntimeError("'%s' failed: %s" % (script, output))

    def remove(self):
        shutil.rmtree(self.path)

"""Does a command, such as emerge, whose compilations are done by other machines
with distcc(1).

    distribute.py JOBS HOST/SLOTS... -- COMMAND...

Of the hosts those are used that answer and give the same object for the same
source as the compiler here, byte for byte: what is of another version or for
another machine does not. With none of them the command is done all the same,
here. JOBS is the least that make(1) is told to do at once.

What is found out is said in lines that begin with "distcc: ".
"""

import concurrent.futures
import os
import shlex
import shutil
import subprocess
import sys
import tempfile
import time

import portage

# A host may have to be fetched and started first.
PATIENCE = 60
SOURCE = "zentoo-probe.c"


def say(text):
    print("distcc: " + text, flush=True)


def compiler():
    """What ebuilds call, as tc-getCC of toolchain-funcs.eclass finds it."""
    settings = portage.settings
    chosen = shlex.split(settings.get("CC", "")) or [settings.get("CHOST", "") + "-gcc"]
    for candidate in (chosen[0], "cc"):
        if shutil.which(candidate):
            return candidate
    return None


def compile_(command, directory, environment=None):
    """The object, or None and why there is none."""
    result = subprocess.run(
        command + ["-c", SOURCE, "-o", "probe.o"], cwd=directory, capture_output=True,
        env={**os.environ, **(environment or {})}, check=False)
    if result.returncode != 0:
        lines = result.stderr.decode(errors="replace").splitlines()
        return None, lines[-1] if lines else "status %d" % result.returncode
    with open(os.path.join(directory, "probe.o"), "rb") as stream:
        return stream.read(), ""


def workplace(parent):
    directory = tempfile.mkdtemp(dir=parent)
    with open(os.path.join(directory, SOURCE), "w", encoding="ascii") as stream:
        stream.write("int probe(int number) { return number * number + 7; }\n")
    return directory


def fits(host, own, cc, parent, deadline):
    """Whether the host does what the compiler here does."""
    while True:
        # distcc(1) remembers for a minute in DISTCC_DIR who did not answer.
        directory = workplace(parent)
        theirs, reason = compile_(["distcc", cc], directory, {
            "DISTCC_HOSTS": host, "DISTCC_FALLBACK": "0", "DISTCC_DIR": directory})
        if theirs is not None:
            return theirs == own, "has another compiler"
        if time.monotonic() > deadline:
            return False, "does not answer: " + reason
        time.sleep(0.2)


def answering(hosts):
    cc = compiler()
    if not shutil.which("distcc"):
        say("not used: there is no distcc in this root")
        return []
    if cc is None:
        say("not used: there is no compiler in this root")
        return []
    with tempfile.TemporaryDirectory(dir="/var/tmp") as parent:
        own, reason = compile_([cc], workplace(parent))
        if own is None:
            say("not used: %s does not compile: %s" % (cc, reason))
            return []
        deadline = time.monotonic() + PATIENCE
        with concurrent.futures.ThreadPoolExecutor(len(hosts)) as pool:
            results = list(pool.map(lambda host: fits(host, own, cc, parent, deadline), hosts))
    good = []
    for host, (is_good, reason) in zip(hosts, results):
        name = host.split("/")[0]
        if is_good:
            good.append(host)
        else:
            say("without %s: it %s" % (name, reason))
    return good


def knows_proxy():
    """Whether this distcc passes through Portage's network-sandbox: see
    socks5-server.py of Portage."""
    with open(shutil.which("distcc"), "rb") as stream:
        return b"DISTCC_SOCKS_PROXY" in stream.read()


def main():
    split = sys.argv.index("--")
    jobs, hosts, command = int(sys.argv[1]), sys.argv[2:split], sys.argv[split + 1:]
    environment = dict(os.environ)
    good = answering(hosts)
    if good:
        features = ["distcc"]
        if "network-sandbox" in portage.settings.features and not knows_proxy():
            say("unsandboxed: network-sandbox")
            features.append("-network-sandbox")
        slots = sum(int(host.split("/")[1]) for host in good)
        environment["FEATURES"] = " ".join([environment.get("FEATURES", "")] + features).strip()
        environment["DISTCC_HOSTS"] = " ".join(good)
        environment["MAKEOPTS"] = "-j%d" % max(jobs, slots)
        say("compilers: " + " ".join(host.split("/")[0] for host in good))
    os.execvpe(command[0], command, environment)


main()

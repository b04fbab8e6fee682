"""Compares two roots path by path.

    compare.py ROOT ROOT [SINCE]   prints what differs, and exits with 1 then
    compare.py --self-test         plants every kind of change, and has to find it

Of each path these are compared: type, mode, owner, extended attributes, the target
of a link, the number of a device, the names that are hard links of each other, size,
SHA-256, and time in nanoseconds.

What is normalised:
  - times after SINCE (seconds since 1970) are those of the run: all of them count as one
  - in the package database the order of CONTENTS, and times after SINCE in it
  - the line `#dir_mtime=` in `metadata`, the time of the directory it lies in
  - BUILD_TIME of what was compiled after SINCE, and BINPKGMD5, the digest of the file
    that was made of it, in which there are times
  - where packages may be merged in another order (is_reordered), COUNTER, the number
    of a merge

What is left out: logs, and caches that hold times of the run (IGNORED).
"""

import hashlib
import os
import re
import shutil
import stat
import subprocess
import sys
import tempfile
import time

IGNORED = {
    "/var/cache/edb/mtimedb",
    "/var/cache/edb/vdb_blockers.pickle",
    "/var/cache/ldconfig/aux-cache",
    "/var/log/emerge.log",
    "/var/log/portage/elog/summary.log",
}
DATABASE = "/var/db/pkg/"


def scan(root, since, is_reordered):
    """All paths below a root, with what is compared of each."""
    found, groups = {}, {}
    waiting = [""]
    while waiting:
        folder = waiting.pop()
        for entry in os.scandir(root + folder):
            path = folder + "/" + entry.name
            if path in IGNORED:
                continue
            status = entry.stat(follow_symlinks=False)
            found[path] = describe(root, path, status, since, is_reordered)
            if stat.S_ISDIR(status.st_mode):
                waiting.append(path)
            elif status.st_nlink > 1:
                groups.setdefault((status.st_dev, status.st_ino), []).append(path)
    for paths in groups.values():
        for path in paths:
            found[path]["hard links"] = sorted(paths)
    return found


def describe(root, path, status, since, is_reordered):
    """What is compared of a path."""
    place, mode = root + path, status.st_mode
    found = {
        "type": stat.S_IFMT(mode),
        "mode": oct(stat.S_IMODE(mode)),
        "owner": (status.st_uid, status.st_gid),
        "attributes": {name: os.getxattr(place, name, follow_symlinks=False)
                       for name in os.listxattr(place, follow_symlinks=False)},
        "time": "of the run" if status.st_mtime_ns > since * 10**9 else status.st_mtime_ns,
    }
    if stat.S_ISLNK(mode):
        found["target"] = os.readlink(place)
    elif stat.S_ISREG(mode):
        content = normalised(path, place, since, is_reordered)
        found["size"] = len(content)
        found["content"] = hashlib.sha256(content).hexdigest()
    elif not stat.S_ISDIR(mode):
        found["device"] = status.st_rdev
    return found


def normalised(path, place, since, is_reordered):
    """A file's content without what the clock and the order of names decide."""
    with open(place, "rb") as stream:
        content = stream.read()
    if not path.startswith(DATABASE):
        return content
    name = path.rpartition("/")[2]
    if name == "metadata":
        content = re.sub(rb"(?m)^#dir_mtime=.*\n", b"", content)
        return re.sub(rb"(?m)^(BUILD_TIME|COUNTER)=(.*)$", lambda match: b"%s=%s" % (
            match[1], number(match[1].decode(), match[2], since, is_reordered)), content)
    if name in ("BUILD_TIME", "COUNTER"):
        return number(name, content, since, is_reordered)
    if name == "BINPKGMD5" and is_built(os.path.dirname(place), since):
        return b"of the run"
    if name == "CONTENTS":
        return b"\n".join(sorted(content_line(line, since) for line in content.splitlines()))
    return content


def number(name, text, since, is_reordered):
    """A number of the package database, where neither the clock nor the order of merges
    decides."""
    if name == "COUNTER":
        return b"of the run" if is_reordered else text
    return b"of the run" if text.strip().isdigit() and int(text) >= since else text


def is_built(entry, since):
    """Whether a package was compiled after a time."""
    try:
        with open(entry + "/BUILD_TIME") as stream:
            return int(stream.read()) >= since
    except FileNotFoundError:
        return False


def content_line(line, since):
    match = re.fullmatch(rb"((?:obj|sym) .*) (\d+)", line)
    return match[1] + b" of the run" if match and int(match[2]) >= since else line


def differences(first, second, since, is_reordered=False):
    """What differs between two roots, in lines."""
    ours, theirs = (scan(root, since, is_reordered) for root in (first, second))
    lines = []
    for path in sorted(set(ours) | set(theirs)):
        if path not in theirs:
            lines.append("%r is only in the first" % path)
        elif path not in ours:
            lines.append("%r is only in the second" % path)
        else:
            names = sorted(set(ours[path]) | set(theirs[path]))
            lines += ["%r differs in %s: %s, %s" % (
                path, name, ours[path].get(name), theirs[path].get(name))
                for name in names if ours[path].get(name) != theirs[path].get(name)]
    return lines


def make_sample(root):
    """A root with one of everything."""
    entry = root + DATABASE + "a/b-1"
    os.makedirs(entry)
    os.makedirs(root + "/folder")
    for name in ("file", "linked", "other"):
        with open(root + "/" + name, "w") as stream:
            stream.write("content of a file")
        os.utime(root + "/" + name, (1000, 1000))
    os.link(root + "/linked", root + "/twin")
    os.symlink("file", root + "/symlink")
    os.mknod(root + "/device", 0o600 | stat.S_IFCHR, os.makedev(1, 3))
    with open(entry + "/CONTENTS", "w") as stream:
        stream.write("dir /folder\nobj /file 00 1000\nsym /symlink -> file %d\n" % time.time())
    with open(entry + "/metadata", "w") as stream:
        stream.write("#dir_mtime=1\nBUILD_TIME=1000\nCOUNTER=1\nSLOT=0\n")
    for name, value in (
            ("BUILD_TIME", 1000), ("COUNTER", 1), ("BINPKGMD5", 1),
            ("../BUILD_TIME", time.time()), ("../BINPKGMD5", 1)):
        with open(entry + "/" + name, "w") as stream:
            stream.write("%d\n" % value)


def rewrite(path, before, after):
    status = os.lstat(path)
    with open(path) as stream:
        content = stream.read()
    if before not in content:
        raise ValueError("'%s' is not in %s" % (before, path))
    with open(path, "w") as stream:
        stream.write(content.replace(before, after))
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))


def separate(root):
    """Makes files of hard links."""
    os.unlink(root + "/twin")
    shutil.copy2(root + "/linked", root + "/twin")


def join(root):
    """Makes hard links of files."""
    os.unlink(root + "/other")
    os.link(root + "/file", root + "/other")


def retype(root):
    os.unlink(root + "/other")
    os.mkdir(root + "/other")


def renumber(root):
    os.unlink(root + "/device")
    os.mknod(root + "/device", 0o600 | stat.S_IFCHR, os.makedev(1, 5))


def retarget(root):
    os.unlink(root + "/symlink")
    os.symlink("other", root + "/symlink")


def plant(name, value):
    return lambda root: os.setxattr(root + "/file", name, value)


CAPABILITY = bytes.fromhex("0100000200040000000000000000000000000000")
ENTRY = DATABASE + "a/b-1/"
CONTENTS = ENTRY + "CONTENTS"
METADATA = ENTRY + "metadata"
CHANGES = {
    "a path more": lambda root: os.mkdir(root + "/more"),
    "a path less": lambda root: os.unlink(root + "/symlink"),
    "another type": retype,
    "the mode of a file": lambda root: os.chmod(root + "/file", 0o4755),
    "the mode of a directory": lambda root: os.chmod(root + "/folder", 0o700),
    "a user": lambda root: os.chown(root + "/file", 7, -1),
    "a group of a link": lambda root: os.lchown(root + "/symlink", -1, 7),
    "an attribute": plant("trusted.zentoo", b"1"),
    "a capability": plant("security.capability", CAPABILITY),
    "the target of a link": retarget,
    "a hard link that is none": separate,
    "files that are hard links": join,
    "the number of a device": renumber,
    "the size of a file": lambda root: rewrite(root + "/file", "content", "contents"),
    "the content of a file": lambda root: rewrite(root + "/file", "content", "context"),
    "the time of a file": lambda root: os.utime(root + "/file", (1001, 1001)),
    "part of a second": lambda root: os.utime(root + "/file", ns=(0, 1000 * 10**9 + 1)),
    "a digest in CONTENTS": lambda root: rewrite(root + CONTENTS, "/file 00", "/file 01"),
    "a path in CONTENTS": lambda root: rewrite(root + CONTENTS, "dir /folder\n", ""),
    "an old time in CONTENTS": lambda root: rewrite(root + CONTENTS, "1000", "1001"),
    "the number of a merge": lambda root: rewrite(root + ENTRY + "COUNTER", "1", "2"),
    "the same in metadata": lambda root: rewrite(root + METADATA, "COUNTER=1", "COUNTER=2"),
    "the digest of a package": lambda root: rewrite(root + ENTRY + "BINPKGMD5", "1", "2"),
    "the time of an old build": lambda root: rewrite(root + ENTRY + "BUILD_TIME", "1000", "1001"),
    "a word of metadata": lambda root: rewrite(root + METADATA, "SLOT=0", "SLOT=1"),
}


def reorder(root):
    rewrite(root + CONTENTS, "dir /folder\nobj /file 00 1000\n", "obj /file 00 1000\ndir /folder\n")


# Those that are none where packages are merged in another order.
REORDERED = {"the number of a merge", "the same in metadata"}
EQUALS = {
    "nothing": lambda root: None,
    "the order of CONTENTS": reorder,
    "the time of a directory entry": lambda root: rewrite(root + METADATA, "time=1", "time=2"),
    "the time of a build": lambda root: rewrite(root + ENTRY + "../BUILD_TIME", "\n", "0\n"),
    "the digest of what was built": lambda root: rewrite(root + ENTRY + "../BINPKGMD5", "1", "2"),
    "a time of the run": lambda root: os.utime(root + "/symlink", follow_symlinks=False),
}


def self_test():
    """Plants each change in a copy; tells of those that are not found."""
    wrong = []
    with tempfile.TemporaryDirectory() as place:
        sample = place + "/sample"
        os.mkdir(sample)
        since = time.time() - 1
        make_sample(sample)
        for name, change in list(CHANGES.items()) + list(EQUALS.items()):
            copy = place + "/copy"
            subprocess.run(["cp", "-a", sample, copy], check=True)
            change(copy)
            found = [bool(differences(sample, copy, since, is_reordered))
                     for is_reordered in (False, True)]
            if found != [name in CHANGES, name in CHANGES and name not in REORDERED]:
                wrong.append(name)
            shutil.rmtree(copy)
    return wrong


def main():
    if sys.argv[1:] == ["--self-test"]:
        wrong = self_test()
        for name in wrong:
            print("FAILED %s" % name)
        if not wrong:
            print("ok     %d kinds of change are found, %d are none" % (len(CHANGES), len(EQUALS)))
        sys.exit(bool(wrong))
    if len(sys.argv) not in (3, 4):
        sys.exit("usage: compare.py ROOT ROOT [SINCE]")
    since = float(sys.argv[3]) if len(sys.argv) == 4 else time.time()
    lines = differences(sys.argv[1].rstrip("/"), sys.argv[2].rstrip("/"), since)
    for line in lines:
        print(line)
    sys.exit(bool(lines))


if __name__ == "__main__":
    main()

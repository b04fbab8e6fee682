"""Binary packages of the format gpkg: verified, and read into memory.

Nothing here needs more of Portage than its own safe unpacking, and nothing writes
but PackageFile.unpack(), so that load() may run in threads.
"""

import bz2
import contextlib
import gzip
import hashlib
import io
import lzma
import os
import posixpath
import subprocess
import tarfile
import threading

try:
    import zstandard
except ImportError:
    zstandard = None

# Larger files are read twice in place of being held in memory.
IN_MEMORY = 64 << 20
CHUNK = 1 << 20
ZSTD = ["zstd", "-dcq", "--long=31"]
SUFFIXES = ("", ".bz2", ".gz", ".xz", ".zst")


class BadPackage(Exception):
    """Why a file cannot be merged, in emerge's words where it has any."""


def objection(path):
    """Why Portage itself has to merge this file; None when load() will do, which
    is also who complains of a broken one."""
    if not path.endswith(".gpkg.tar"):
        return "'%s' is no gpkg file" % path
    try:
        with tarfile.open(path, "r:") as outer:
            for member in outer:
                name = posixpath.basename(member.name)
                if name.endswith(".sig"):
                    return "'%s' is signed" % path
                if name == "Manifest" and b"BEGIN PGP" in outer.extractfile(member).read():
                    return "'%s' is signed" % path
                stem, suffix = split_compression(name)
                if stem in ("metadata.tar", "image.tar") and suffix not in SUFFIXES:
                    return "'%s' is compressed with %s" % (path, suffix.lstrip("."))
    except (OSError, tarfile.TarError):
        pass
    return None


def split_compression(name):
    """`image.tar.zst` as `image.tar` and `.zst`."""
    stem, found, suffix = name.partition(".tar")
    return stem + found, suffix


class PackageFile:
    """A verified package.

    metadata    what is to be known of it, by name
    members     the members of its image, where all of it is in memory, else None
    image       the uncompressed image, for the same packages
    """

    def __init__(self, path):
        self.path = path
        self.metadata = {}
        self.members = None
        self.image = None
        self._image_name = None
        self._image_range = None

    def text(self, name):
        """One of its metadata, empty where there is none."""
        return self.metadata.get(name, b"").decode("utf-8", "replace").strip()

    def unpack(self, directory, extractor):
        """Unpacks the image with Portage's class for that: owners are looked up by
        name, now."""
        try:
            if self.image is not None:
                with tarfile.open(fileobj=io.BytesIO(self.image), mode="r:") as image:
                    extractor(image, "image").extractall(directory)
            else:
                self._unpack_stream(directory, extractor)
        except (ValueError, EOFError, tarfile.TarError, lzma.LZMAError) as error:
            raise BadPackage("!!! Error extracting '%s', %s\n" % (self.path, error)) from error

    def _unpack_stream(self, directory, extractor):
        with open(self.path, "rb") as file:
            part = Part(file, *self._image_range)
            with decompressing(self._image_name, part) as stream:
                with tarfile.open(fileobj=stream, mode="r|") as image:
                    extractor(image, "image").extractall(directory)


class Part(io.RawIOBase):
    """A range of an open file, as a file."""

    def __init__(self, file, offset, size):
        super().__init__()
        self._file = file
        self._left = size
        file.seek(offset)

    def readable(self):
        return True

    def readinto(self, buffer):
        data = self._file.read(min(len(buffer), self._left))
        self._left -= len(data)
        buffer[:len(data)] = data
        return len(data)


@contextlib.contextmanager
def decompressing(name, part):
    """The uncompressed content of a part, by the name of the file that it is."""
    suffix = split_compression(name)[1]
    source = io.BufferedReader(part, CHUNK)
    if suffix != ".zst":
        openers = {"": lambda stream: stream,
                   ".bz2": bz2.open, ".gz": gzip.open, ".xz": lzma.open}
        with openers[suffix](source) as stream:
            yield stream
        return
    process = subprocess.Popen(ZSTD, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    feeder = threading.Thread(target=feed, args=(source, process.stdin), daemon=True)
    feeder.start()
    try:
        yield process.stdout
    finally:
        process.stdout.close()
        feeder.join()
        process.wait()


def feed(source, sink):
    """Writes one to the other, for as long as somebody reads it."""
    try:
        with sink:
            while chunk := source.read(CHUNK):
                sink.write(chunk)
    except BrokenPipeError:
        pass


def decompress(name, data):
    """The same for what is in memory."""
    suffix = split_compression(name)[1]
    try:
        if suffix == ".zst" and zstandard:
            reader = zstandard.ZstdDecompressor(max_window_size=1 << 31)
            return reader.decompressobj().decompress(data)
        if suffix == ".zst":
            return subprocess.run(
                ZSTD, input=data, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                check=True).stdout
        decompressors = {"": bytes, ".bz2": bz2.decompress, ".gz": gzip.decompress,
                         ".xz": lzma.decompress}
        return decompressors[suffix](data)
    except (OSError, EOFError, ValueError, lzma.LZMAError, subprocess.CalledProcessError) as error:
        raise BadPackage("'%s' cannot be decompressed: %s" % (name, error)) from error
    except Exception as error:
        if zstandard and isinstance(error, zstandard.ZstdError):
            raise BadPackage("'%s' cannot be decompressed: %s" % (name, error)) from error
        raise


def load(path, digests):
    """Verifies a package by the digests of the index and by its own Manifest, and
    reads it.

    digests: as bintree has them, "size" among them
    """
    try:
        with open(path, "rb") as file:
            check_size(path, os.fstat(file.fileno()).st_size, digests)
            check_digests(path, file, digests)
            file.seek(0)
            return read(path, file)
    except FileNotFoundError:
        raise BadPackage("!!! Tried to use non-existent binary '%s'\n"
                         "!!! Likely caused by an outdated index. Run 'emaint binhost -f'.\n"
                         % path) from None
    except BadPackage as error:
        text = str(error)
        if text.startswith("!!!") or text.startswith("\n!!!"):
            raise
        raise BadPackage("!!! Error extracting '%s', %s\n" % (path, text)) from error
    except (tarfile.TarError, EOFError) as error:
        raise BadPackage("!!! Error extracting '%s', %s\n" % (path, error)) from error


def mismatch(path, name, value, expected):
    return BadPackage(
        "\n!!! Digest verification failed:\n!!! %s\n!!! Reason: Failed on %s verification\n"
        "!!! Got: %s\n!!! Expected: %s\n" % (path, name, value, expected))


def check_size(path, size, digests):
    if "size" in digests and size != digests["size"]:
        raise mismatch(path, "size", size, digests["size"])


def check_digests(path, file, digests):
    """Compares a file with the digests of the index that Python knows of."""
    sums = {name: hashlib.new(name.lower()) for name in digests
            if name.lower() in hashlib.algorithms_available}
    if "BLAKE2B" in digests:
        sums["BLAKE2B"] = hashlib.blake2b()
    while sums and (chunk := file.read(CHUNK)):
        for total in sums.values():
            total.update(chunk)
    for name, total in sums.items():
        if total.hexdigest() != digests[name].lower():
            raise mismatch(path, name, total.hexdigest(), digests[name])


def read(path, file):
    """Reads an open package whose digests are right, or not known."""
    package = PackageFile(path)
    is_small = os.fstat(file.fileno()).st_size <= IN_MEMORY
    with tarfile.open(fileobj=file, mode="r:") as outer:
        parts = outer.getmembers()
        manifest = check_structure(outer, parts)
        for part in parts:
            name = posixpath.basename(part.name)
            if name == "Manifest":
                continue
            data = verified(file, part, manifest[name], not name.startswith("image") or is_small)
            stem = split_compression(name)[0]
            if stem == "metadata.tar":
                package.metadata = unpack_metadata(decompress(name, data))
            elif stem == "image.tar":
                package._image_name = name
                package._image_range = part.offset_data, part.size
                if is_small:
                    package.image = decompress(name, data)
                    package.members = list_members(package.image)
    if not package.metadata or package._image_name is None:
        raise BadPackage("it has no image or no metadata")
    return package


def check_structure(outer, parts):
    """Checks what a gpkg consists of, and returns its Manifest."""
    names = [part.name for part in parts]
    folders = {posixpath.dirname(name) for name in names}
    leaves = [posixpath.basename(name) for name in names]
    if len(folders) != 1 or any(name.startswith("/") or name.count("/") != 1 for name in names):
        raise BadPackage("gpkg file structure mismatch")
    if len(set(leaves)) != len(leaves):
        raise BadPackage("a part of it is there twice")
    if "Manifest" not in leaves or not any(leaf.startswith("gpkg-1") for leaf in leaves):
        raise BadPackage("it is no complete gpkg file")
    text = outer.extractfile(parts[leaves.index("Manifest")]).read().decode("utf-8", "replace")
    manifest = {}
    for words in (line.split() for line in text.splitlines()):
        if len(words) >= 5 and words[0] == "DATA" and words[2].isdigit():
            manifest[words[1]] = int(words[2]), dict(zip(words[3::2], words[4::2]))
    if set(manifest) != set(leaves) - {"Manifest"}:
        raise BadPackage("its Manifest does not name what is in it")
    return manifest


def verified(file, part, entry, keeps):
    """Checks a part by its line of the Manifest; returns its content where asked to."""
    size, digests = entry
    name = posixpath.basename(part.name)
    sums = {known: maker() for known, maker in
            (("SHA512", hashlib.sha512), ("BLAKE2B", hashlib.blake2b)) if known in digests}
    if not sums:
        raise BadPackage("no supported checksum of '%s' found" % name)
    file.seek(part.offset_data)
    kept, left = [], part.size
    while left and (chunk := file.read(min(CHUNK, left))):
        left -= len(chunk)
        for total in sums.values():
            total.update(chunk)
        if keeps:
            kept.append(chunk)
    if left or part.size != size:
        raise BadPackage("'%s' is truncated" % name if left else "'%s' file size mismatched" % name)
    if any(total.hexdigest() != digests[known].lower() for known, total in sums.items()):
        raise BadPackage("'%s' checksum mismatched" % name)
    return b"".join(kept)


def unpack_metadata(data):
    found = {}
    with tarfile.open(fileobj=io.BytesIO(data), mode="r:") as archive:
        for member in archive:
            folder, _, name = member.name.partition("/")
            if not member.isreg() or folder != "metadata" or not name or "/" in name:
                raise BadPackage("Invalid metadata path: %s" % member.name)
            found[name] = archive.extractfile(member).read()
    return found


def list_members(data):
    with tarfile.open(fileobj=io.BytesIO(data), mode="r:") as archive:
        return archive.getmembers()

"""Filters environments for the phases of packages, in this process.

ebuild.sh starts filter-bash-environment.py with Python four times for a package of
three phases, and each start takes longer than the work. Here PORTAGE_PYTHON is a
script that hands the text to a thread of merge.py, which has the filter loaded; what
else ebuild.sh does with PORTAGE_PYTHON is done by Python as ever.
"""

import contextlib
import os
import shlex
import shutil
import threading

REQUESTS = "requests"
PROGRAM = """\
#!/bin/sh
case $1 in
*/filter-bash-environment.py) ;;
*) exec %(python)s "$@" ;;
esac
cd %(directory)s && mkfifo $$.in $$.out && printf %%s "$2" > $$.names || exit
echo $$ > %(requests)s
cat > $$.in
cat $$.out
[ -e $$.done ]
status=$?
rm -f $$.in $$.out $$.names $$.done
exit $status
"""


class FilterService:
    """A context: the thread, and the program that asks it."""

    def __init__(self, model, directory, python):
        """directory: to be made, below the root's temporary files"""
        self._model = model
        self._directory = directory
        self._python = python
        self._requests = None
        self._thread = None

    @property
    def program(self):
        """What PORTAGE_PYTHON is to be."""
        return os.path.join(self._directory, "python")

    def __enter__(self):
        shutil.rmtree(self._directory, ignore_errors=True)
        os.makedirs(self._directory)
        requests = os.path.join(self._directory, REQUESTS)
        os.mkfifo(requests)
        with open(self.program, "w") as stream:
            stream.write(PROGRAM % {
                "python": shlex.quote(self._python), "requests": REQUESTS,
                "directory": shlex.quote(self._directory)})
        os.chmod(self.program, 0o755)
        # Open for both: so it does not end when one who asks has gone.
        self._requests = os.fdopen(os.open(requests, os.O_RDWR | os.O_CLOEXEC), "r+b", 0)
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_):
        self._requests.write(b"\n")
        # A phase that was killed may have left it waiting for a text.
        self._thread.join(timeout=5)
        shutil.rmtree(self._directory, ignore_errors=True)

    def _serve(self):
        for line in iter(self._requests.readline, b"\n"):
            self._answer(os.path.join(self._directory, line.decode().strip()))

    def _answer(self, path):
        """Filters a text; the mark is what tells that it is whole."""
        with open(path + ".in", "rb") as stream:
            text = stream.read()
        with open(path + ".out", "wb") as stream, contextlib.suppress(OSError):
            with open(path + ".names", "rb") as names:
                words = names.read().split()
            stream.write(self._model.filtered(words, text))
            stream.flush()
            with open(path + ".done", "wb"):
                pass

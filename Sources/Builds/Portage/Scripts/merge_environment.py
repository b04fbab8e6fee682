"""What Portage's ebuild.sh makes of a binary package's environment.bz2 before the
first phase that reads it; and after the last one where the package has neither
pkg_setup nor pkg_preinst nor pkg_postinst: both without a shell.

Portage runs these phases all the same. Each sources the environment that was saved,
over the variables that Portage exports, and saves it again. Which names it then
leaves out is asked of Portage's own functions, once for each EAPI; the text goes
through Portage's own filter; how variables and functions follow each other is
bash's order, `declare -p` and `declare -fp`.

Whatever is not understood is declined: then bash itself has to do it.
"""

import contextlib
import importlib.machinery
import importlib.util
import io
import os
import re
import subprocess
import sys
import tempfile

# Runs the functions that filter and save an environment, with a program in the
# place of the filter that prints the names it is called with, and with `unset`
# printing what it is to forget.
ASK = r"""
source "${PORTAGE_BIN_PATH}"/ebuild.sh || exit
__filter_readonly_variables --filter-features --filter-locale --filter-path --filter-sandbox </dev/null
__filter_readonly_variables --filter-features </dev/null
__filter_readonly_variables --filter-path --filter-sandbox --allow-extra-vars </dev/null
declare() { :; }
unset() { echo "loading $*"; }
( __save_ebuild_env )
unset() { echo "saving $*"; }
( __save_ebuild_env --exclude-init-phases )
"""
SHOW = '#!/bin/sh\nprintf "filter %s\\n" "$2"\n'

DECLARATION = re.compile(rb"declare (?:(-\S+) )?([A-Za-z_]\w*)(=|$)")
FUNCTION = re.compile(rb"(\S+) \(\) *\n$")
FUNCTION_FLAGS = re.compile(rb"declare -f\S* (\S+)\n$")
DOUBLE_QUOTE_END = re.compile(rb'(?<!\\)(?:\\\\)*"\n$')
UNPRINTABLE = re.compile(rb"[^ -~]")
# Portage's names for its own business, and variables of ebuild.sh's own loops.
RESERVED = b"___"
# Of make.conf, not of where a package was built (__preprocess_ebuild_env).
UNSET = {b"PORTAGE_BZIP2_COMMAND", b"PORTAGE_BUNZIP2_COMMAND"}
LOOP_VARIABLES = {b"x", b"i", b"path", b"seen"}


class Declined(Exception):
    """Why bash itself has to say what becomes of an environment."""


class Names:
    """What Portage leaves out, for one EAPI.

    filters     patterns: when an environment is loaded, when it was, and when it is
                saved to the package database
    loading     variables and functions that are forgotten when it was loaded
    saving      the same when it is saved to the package database
    """

    def __init__(self, filters, loading, saving):
        self.filters = filters
        self.loading = loading
        self.saving = saving


class EnvironmentModel:
    """Answers for all packages of a run."""

    def __init__(self, programs):
        """programs: Portage's directory of programs"""
        self._filter = load_program(os.path.join(programs, "filter-bash-environment.py"))
        self._names = {}

    def loaded(self, settings, text):
        """What a package's first phase sources: __preprocess_ebuild_env()."""
        names = self._names_for(settings)
        dropped_variables, dropped_functions = names.loading
        variables, functions = split(self._filtered(names.filters[0], text))
        kept = [statement for name, _, statement in variables
                if name not in dropped_variables and name not in UNSET
                and not name.startswith(RESERVED)]
        return self._filtered(
            names.filters[1], b"".join(kept) + without(functions, dropped_functions))

    def saved(self, settings, environ, text):
        """What would be written for a package's environment.

        environ: what Portage exports in pkg_postinst
        text: the package's environment, uncompressed
        """
        names = self._names_for(settings)
        dropped_variables, dropped_functions = names.saving
        variables, functions = split(self._filtered(names.filters[0], text))
        kept = exported(environ, names)
        for name, flags, statement in variables:
            if name in dropped_variables or name.startswith(RESERVED):
                kept.pop(name, None)
            elif name not in LOOP_VARIABLES:
                kept[name] = sourced(name, flags, statement, name in kept)
        body = b"".join(kept[name] for name in sorted(kept))
        return self._filtered(names.filters[2], body + without(functions, dropped_functions))

    def filtered(self, words, text):
        """What filter-bash-environment.py writes that is called with these words."""
        return self._filtered(pattern(words), text)

    def _filtered(self, expression, text):
        target = io.BytesIO()
        self._filter.filter_bash_environment(expression, io.BytesIO(text), target)
        return target.getvalue()

    def _names_for(self, settings):
        eapi = settings["EAPI"]
        if eapi not in self._names:
            self._names[eapi] = ask(settings)
        return self._names[eapi]


def load_program(path):
    """A program of Portage's as a module; nothing is left beside it."""
    loader = importlib.machinery.SourceFileLoader("zentoo_filter", path)
    module = importlib.util.module_from_spec(
        importlib.util.spec_from_loader(loader.name, loader))
    writes, sys.dont_write_bytecode = sys.dont_write_bytecode, True
    try:
        loader.exec_module(module)
    finally:
        sys.dont_write_bytecode = writes
    return module


def ask(settings):
    """Has Portage's own functions tell what they leave out."""
    with tempfile.TemporaryDirectory(dir=settings["T"]) as directory:
        show = os.path.join(directory, "show")
        with open(show, "w") as stream:
            stream.write(SHOW)
        os.chmod(show, 0o755)
        environ = dict(settings.environ(), EBUILD_PHASE="clean", EMERGE_FROM="binary",
                       PORTAGE_PYTHON=show)
        result = subprocess.run(
            ["bash", "-c", ASK], env=environ, stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    lines = result.stdout.decode("utf-8", "surrogateescape").splitlines()
    filters = [line.split()[1:] for line in lines if line.startswith("filter ")]
    loading = forgotten(lines, "loading")
    saving = forgotten(lines, "saving")
    if result.returncode != 0 or len(filters) != 3 or not all(loading + saving):
        raise Declined("Portage's functions for it are not as they were")
    return Names([pattern(words) for words in filters], loading, saving)


def forgotten(lines, word):
    """The variables and the functions that lines of `unset` name."""
    calls = [line.split()[1:] for line in lines if line.startswith(word + " ")]
    variables = {os.fsencode(name) for call in calls if call[:1] != ["-f"]
                 for name in call if name != "-v"}
    functions = {os.fsencode(name) for call in calls if call[:1] == ["-f"] for name in call[1:]}
    return variables, functions


def pattern(words):
    """As filter-bash-environment.py makes it of its argument."""
    names = [os.fsencode(word) for word in words] + [rb"\d.*", rb".*\W.*"]
    return re.compile(b"^(" + b"|".join(names) + b")$")


def exported(environ, names):
    """The variables that Portage exports, as `declare -p` shows them."""
    found = {}
    for name, value in environ.items():
        name, value = os.fsencode(name), os.fsencode(value)
        if name in names.saving[0]:
            continue
        if UNPRINTABLE.search(value):
            if names.filters[2].match(name):
                continue
            raise Declined("'%s' has characters that bash writes in its own way"
                           % name.decode("utf-8", "replace"))
        found[name] = b'declare -x %s="%s"\n' % (name, re.sub(rb'(["$`\\])', rb"\\\1", value))
    return found


def sourced(name, flags, statement, is_exported):
    """A saved variable, when it was sourced: one that is exported stays so."""
    if flags is not None and b"A" in flags and statement.count(b"[") > 1:
        raise Declined("the order of '%s' is bash's" % name.decode())
    if not is_exported or flags is not None and b"x" in flags:
        return statement
    if flags is None:
        return statement.replace(b"declare ", b"declare -x ", 1)
    if flags == b"--":
        return statement.replace(b"declare --", b"declare -x", 1)
    raise Declined("'%s' is exported and declared '%s'" % (name.decode(), flags.decode()))


def split(text):
    """Variables in their order, as (name, flags, statement), and the functions."""
    found, lines, at = [], text.splitlines(keepends=True), 0
    while at < len(lines):
        match = DECLARATION.match(lines[at])
        if not match:
            break
        end = at + extent(lines, at, match)
        found.append((match[2], match[1], b"".join(lines[at:end])))
        at = end
    return found, lines[at:]


def extent(lines, at, match):
    """How many lines a variable takes."""
    value = lines[at][match.end():]
    if match[3] != b"=":
        return 1
    if value.startswith(b'"'):
        # The first quote is none that ends a word.
        rest, ends = value[1:], DOUBLE_QUOTE_END.search
    elif value.startswith(b"("):
        rest, ends = value, lambda line: line.endswith(b")\n")
    else:
        return 1
    count = 1
    while not ends(rest):
        if at + count >= len(lines):
            raise Declined("'%s' has no end" % match[2].decode())
        rest = lines[at + count]
        count += 1
    return count


def without(lines, dropped):
    """The functions but for those that are forgotten."""
    kept, at = [], 0
    while at < len(lines):
        function = FUNCTION.match(lines[at])
        match = function or FUNCTION_FLAGS.match(lines[at])
        if not match:
            raise Declined("it is not known what '%s' is"
                           % lines[at].decode("utf-8", "replace").strip())
        end = at + 1
        if function:
            with contextlib.suppress(ValueError):
                end = lines.index(b"}\n", at) + 1
        if match[1] not in dropped and not match[1].startswith(RESERVED):
            kept += lines[at:end]
        at = end
    return b"".join(kept)

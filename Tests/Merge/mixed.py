"""The packages of mixed runs: some have a binary package, the others are compiled.

What is compiled needs what a merge leaves behind at once: a library that is found
by way of /etc/env.d and ld.so.cache, and a program.
"""

LIBRARY = r"""
	echo "int mc_base(void) { return 42; }" > base.c || die
	gcc -shared -fPIC -Wl,-soname,libmcbase.so.1 -o libmcbase.so.1 base.c || die
	exeinto /opt/mc-base/lib
	doexe libmcbase.so.1
	dosym libmcbase.so.1 /opt/mc-base/lib/libmcbase.so
	echo 'LDPATH="/opt/mc-base/lib"' > 60mc-base || die
	doenvd 60mc-base
"""

TOOL = r"""
	printf '#!/bin/sh\necho "made of $*"\n' > mc-tool || die
	exeinto /opt/mc-tool/bin
	doexe mc-tool
"""

USER = r"""
	cat > use.c <<-END || die
		#include <stdio.h>
		extern int mc_base(void);
		int main(void) { return printf("%d\n", mc_base()) < 0; }
	END
	gcc -o ${PN} use.c -L/opt/mc-base/lib -lmcbase || die
	./${PN} > answer || die "the library is not found"
	/opt/mc-tool/bin/mc-tool "$(< answer)" > made || die "the program is not found"
	dobin ${PN}
	insinto /usr/share/${PN}
	doins answer made
"""

NEEDS = 'DEPEND="mc-mixed/base:="\nBDEPEND="mc-mixed/tool"'


def add(repository, content):
    """Adds them to a repository; content makes shell code that installs files."""
    binary, source = repository.add, repository.add_source
    binary("mc-mixed/base-1", LIBRARY, slot="0/1")
    binary("mc-mixed/tool-1", TOOL)
    source("mc-mixed/user-1", USER, NEEDS, depends="mc-mixed/base:=")
    source("mc-mixed/other-1", USER, NEEDS, depends="mc-mixed/base:=")
    binary("mc-mixed/behind-1", content("/usr/share/mixed/behind"), depends="mc-mixed/user")
    source("mc-mixed/last-1", content("/usr/share/mixed/last"), 'DEPEND="mc-mixed/behind"',
           depends="mc-mixed/behind")
    source("mc-mixed/fails-1", '\tdie "this fails in a compiler"', 'DEPEND="mc-mixed/tool"')
    binary("mc-mixed/dropped-1", content("/usr/share/mixed/dropped"), depends="mc-mixed/fails")
    source("mc-mixed/unhindered-1", content("/usr/share/mixed/unhindered"),
           'DEPEND="mc-block/two >=mc-new/plain-2"')
    source("mc-mixed/blocker-1", content("/usr/share/block/file", text="source"),
           depends="!mc-block/one")
    source("mc-mixed/free-1", content("/usr/share/mixed/free"))
    source("mc-mixed/more-1", content("/usr/share/mixed/more"))
    source("mc-mixed/parent-1", content("/usr/share/mixed/parent"),
           'DEPEND="mc-mixed/tool"\nPDEPEND="mc-mixed/plugin"')
    binary("mc-mixed/plugin-1", content("/usr/share/mixed/plugin"), depends="mc-mixed/parent")

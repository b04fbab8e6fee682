/* bell - ring, and let the log say who did
 *
 * Set-user-id root, for the log is root's: it takes no argument, trusts no
 * environment, and drops its privilege as soon as the log is open. */
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

int main(void)
{
	int log = open("/var/log/bell.log", O_WRONLY | O_APPEND | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0644);

	if (setuid(getuid()) != 0) {
		perror("bell: setuid");
		return 1;
	}
	if (log < 0) {
		perror("bell: /var/log/bell.log");
		return 1;
	}
	dprintf(log, "%ld uid %lu rang\n", (long)time(NULL), (unsigned long)getuid());
	puts("dong");
	return 0;
}

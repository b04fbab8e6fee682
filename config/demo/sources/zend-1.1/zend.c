/* zend [-p PORT] - say something wise to whoever connects from this machine */
#include <arpa/inet.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#ifdef ZEND_SYSLOG
#include <syslog.h>
#endif

#include <zen.h>

static int listen_on(unsigned short port)
{
	struct sockaddr_in address = {
		.sin_family = AF_INET,
		.sin_port = htons(port),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK),
	};
	int yes = 1;
	int listener = socket(AF_INET, SOCK_STREAM, 0);

	if (listener < 0)
		return -1;
	setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
	if (bind(listener, (struct sockaddr *)&address, sizeof address) < 0 ||
	    listen(listener, 8) < 0) {
		close(listener);
		return -1;
	}
	return listener;
}

static void answer(int visitor)
{
	char now[32], line[256];
	int length;

	snprintf(now, sizeof now, "%ld", (long)time(NULL));
	length = snprintf(line, sizeof line, "%s\n", zen_pick(now));
	if (write(visitor, line, (size_t)length) != length)
		perror("zend: write");
	close(visitor);
}

int main(int argc, char **argv)
{
	unsigned short port = 1717;
	int listener;

	if (argc == 3 && strcmp(argv[1], "-p") == 0) {
		port = (unsigned short)strtoul(argv[2], NULL, 10);
	} else if (argc != 1) {
		fprintf(stderr, "usage: zend [-p PORT]\n");
		return 2;
	}
	signal(SIGPIPE, SIG_IGN);
	listener = listen_on(port);
	if (listener < 0) {
		perror("zend");
		return 1;
	}
#ifdef ZEND_SYSLOG
	openlog("zend", LOG_PID, LOG_DAEMON);
	syslog(LOG_INFO, "listening on port %d", port);
#endif
	for (;;) {
		int visitor = accept(listener, NULL, NULL);
		if (visitor >= 0)
			answer(visitor);
	}
}

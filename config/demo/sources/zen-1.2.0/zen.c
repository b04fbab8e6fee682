/* zen - print the saying that belongs to a text */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <zen.h>

#ifdef ZEN_NLS
static const char *for_whom(void)
{
	const char *names[] = { "LC_ALL", "LC_MESSAGES", "LANG" };

	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		const char *value = getenv(names[i]);
		if (value && *value)
			return strncmp(value, "de", 2) == 0 ? "Für" : "For";
	}
	return "For";
}
#else
static const char *for_whom(void)
{
	return "For";
}
#endif

static void say(const char *text)
{
	const char *saying = zen_pick(text);

#ifdef ZEN_COLOR
	if (isatty(STDOUT_FILENO)) {
		printf("%s %s: \033[1;32m%s\033[0m\n", for_whom(), text, saying);
		return;
	}
#endif
	printf("%s %s: %s\n", for_whom(), text, saying);
}

int main(int argc, char **argv)
{
	if (argc < 2) {
		fprintf(stderr, "usage: zen --version | TEXT...\n");
		return 2;
	}
	if (strcmp(argv[1], "--version") == 0) {
		printf("zen 1.2.0 with libzen %s\n", zen_version());
		return 0;
	}
	for (int i = 1; i < argc; i++)
		say(argv[i]);
	return 0;
}

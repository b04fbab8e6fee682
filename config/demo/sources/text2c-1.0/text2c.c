/* text2c NAME <TEXT >HEADER - make a C array of strings from lines of text */
#include <stdio.h>

int main(int argc, char **argv)
{
	int c, line_is_open = 0;

	if (argc != 2) {
		fprintf(stderr, "usage: text2c NAME <TEXT >HEADER\n");
		return 2;
	}
	printf("static const char *const %s[] = {\n", argv[1]);
	while ((c = getchar()) != EOF) {
		if (!line_is_open && c != '\n')
			fputs("\t\"", stdout);
		if (c == '\n') {
			if (line_is_open)
				fputs("\",\n", stdout);
			line_is_open = 0;
			continue;
		}
		line_is_open = 1;
		if (c == '"' || c == '\\')
			putchar('\\');
		putchar(c);
	}
	if (line_is_open)
		fputs("\",\n", stdout);
	puts("};");
	return ferror(stdout) != 0;
}

/* sayings NUMBER   - print a line of the collection
 * sayings --index  - write down where each line starts, so that finding one
 *                    needs no reading of those before it */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static FILE *open_or_exit(const char *path, const char *mode)
{
	FILE *file = fopen(path, mode);

	if (!file) {
		perror(path);
		exit(1);
	}
	return file;
}

static int write_index(void)
{
	FILE *text = open_or_exit(SAYINGS_TEXT, "r");
	FILE *index = open_or_exit(SAYINGS_INDEX, "w");
	uint32_t offset = 0, start = 0;
	int c;

	while ((c = getc(text)) != EOF) {
		offset++;
		if (c == '\n') {
			fwrite(&start, sizeof start, 1, index);
			start = offset;
		}
	}
	fclose(text);
	return fclose(index) != 0;
}

static int print_line(unsigned long number)
{
	FILE *text = open_or_exit(SAYINGS_TEXT, "r");
	FILE *index = open_or_exit(SAYINGS_INDEX, "r");
	uint32_t start;
	char line[512];

	if (fseek(index, (long)(number * sizeof start), SEEK_SET) != 0 ||
	    fread(&start, sizeof start, 1, index) != 1) {
		fprintf(stderr, "sayings: there is no saying %lu\n", number);
		return 1;
	}
	if (fseek(text, (long)start, SEEK_SET) != 0 || !fgets(line, sizeof line, text))
		return 1;
	fputs(line, stdout);
	return 0;
}

int main(int argc, char **argv)
{
	if (argc != 2) {
		fprintf(stderr, "usage: sayings --index | NUMBER\n");
		return 2;
	}
	if (strcmp(argv[1], "--index") == 0)
		return write_index();
	return print_line(strtoul(argv[1], NULL, 10));
}

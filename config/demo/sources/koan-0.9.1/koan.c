/* koan [NUMBER] - a question to sit with, and a saying to leave with */
#include <stdio.h>
#include <stdlib.h>

#include <zen.h>

#include "koans.h"

int main(int argc, char **argv)
{
	unsigned number = argc > 1 ? (unsigned)strtoul(argv[1], NULL, 10) : 0;

	puts(koans[number % (sizeof koans / sizeof *koans)]);
	puts(zen_saying(number));
	return 0;
}

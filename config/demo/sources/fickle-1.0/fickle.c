/* fickle - a program somebody broke: it compiles only with USE=repaired */
#include <stdio.h>

#ifndef FICKLE_REPAIRED
#error "fickle is broken on purpose; USE=repaired mends it"
#endif

int main(void)
{
	puts("mended");
	return 0;
}

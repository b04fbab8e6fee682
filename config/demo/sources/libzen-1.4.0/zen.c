#include "zen.h"

static const char *const sayings[] = {
	"The obstacle is the path.",
	"When you reach the top of the mountain, keep climbing.",
	"Let go, or be dragged.",
	"Before enlightenment: chop wood, carry water.",
	"After enlightenment: chop wood, carry water.",
};

unsigned zen_count(void)
{
	return sizeof sayings / sizeof *sayings;
}

const char *zen_saying(unsigned number)
{
	return sayings[number % zen_count()];
}

#include "zen.h"

#ifdef ZEN_SSE4_2
#include <nmmintrin.h>
#endif

static const char *const sayings[] = {
	"The obstacle is the path.",
	"Let go, or be dragged.",
	"Chop wood, carry water.",
	"No snowflake ever falls in the wrong place.",
	"The quieter you become, the more you can hear.",
	"A flower falls, even though we love it.",
	"Immutable is the mountain; clouds come and go.",
};

uint32_t zen_hash(const char *text)
{
	uint32_t crc = ~UINT32_C(0);

	for (; *text; text++) {
#ifdef ZEN_SSE4_2
		crc = _mm_crc32_u8(crc, (unsigned char)*text);
#else
		crc ^= (unsigned char)*text;
		for (int bit = 0; bit < 8; bit++)
			crc = crc >> 1 ^ (UINT32_C(0x82F63B78) & -(crc & 1));
#endif
	}
	return ~crc;
}

const char *zen_pick(const char *text)
{
	return sayings[zen_hash(text) % (sizeof sayings / sizeof *sayings)];
}

const char *zen_version(void)
{
	return "2.0.1";
}

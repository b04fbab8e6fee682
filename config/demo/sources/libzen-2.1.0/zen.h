/* libzen 2: the saying that belongs to a text. */
#ifndef ZEN_H
#define ZEN_H

#include <stdint.h>

/* The CRC-32C of a text from a seed, the same with and without the
 * processor's help. Since 2.1 the caller gives the seed: a new ABI. */
uint32_t zen_hash(const char *text, uint32_t seed);

/* The saying for a text: the same text gets the same saying everywhere. */
const char *zen_pick(const char *text);

const char *zen_version(void);

#endif

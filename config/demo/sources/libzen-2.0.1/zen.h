/* libzen 2: the saying that belongs to a text. */
#ifndef ZEN_H
#define ZEN_H

#include <stdint.h>

/* The CRC-32C of a text, the same with and without the processor's help. */
uint32_t zen_hash(const char *text);

/* The saying for a text: the same text gets the same saying everywhere. */
const char *zen_pick(const char *text);

const char *zen_version(void);

#endif

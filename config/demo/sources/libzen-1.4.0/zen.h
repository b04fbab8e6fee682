/* libzen 1: sayings by number. */
#ifndef ZEN_H
#define ZEN_H

/* How many sayings there are. */
unsigned zen_count(void);

/* The saying of a number; numbers beyond the last start over. */
const char *zen_saying(unsigned number);

#endif

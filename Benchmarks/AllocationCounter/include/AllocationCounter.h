#ifndef ALLOCATION_COUNTER_H
#define ALLOCATION_COUNTER_H

#include <stdint.h>

/// The number of blocks that any thread of this process has asked for so far, or -1 where they cannot be counted.
int64_t allocation_count(void);

#endif

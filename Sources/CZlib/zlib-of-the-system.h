// zlib as the system has it: Debian's package zlib1g-dev. Documentation/Decisions/0013 says why.
#include <zlib.h>

#ifndef CERASURE_H
#define CERASURE_H

#include <stdbool.h>

/// From now on, memory is overwritten with zeros when it is released with free, realloc or operator delete, by whichever library.
void CErasure_overwriteReleased(bool isOn);

/// No core dumps, and no reading of this process's memory by other processes of the same user; false when the kernel refused.
bool CErasure_forbidInspection(void);

/// Keeps all pages of the process out of swap as they come into use; false when it may not.
bool CErasure_lockMemory(void);

/// Overwrites what calls have left on this thread's stack, 256 KiB deep from here.
void CErasure_overwriteStack(void);

#endif

// Released memory is overwritten here, and not by mallopt(M_PERTURB), because glibc does not do that for blocks of up to 1032 bytes:
// those go to the thread's cache as they are (malloc.c, _int_free), up to seven of each size, with all that they hold. It
// would also fill every block when it is handed out, which nobody needs.
//
// A program's own free takes the place of the C library's in all shared libraries ("Replacing malloc" in the GNU C Library
// manual). What it calls, __libc_free and __libc_realloc, are the C library's own, exported under these names since 2.2.5.

#define _GNU_SOURCE
#include "CErasure.h"

#include <errno.h>
#include <malloc.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>

static atomic_bool overwritesReleased = false;

void CErasure_overwriteReleased(bool isOn) { atomic_store_explicit(&overwritesReleased, isOn, memory_order_relaxed); }

bool CErasure_forbidInspection(void) {
    const struct rlimit none = {0, 0};
    return setrlimit(RLIMIT_CORE, &none) == 0 && prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) == 0;
}

bool CErasure_lockMemory(void) {
    struct rlimit limit;
    // Without an unlimited allowance the first mapping beyond it would fail, and the process with it. Root has none to mind.
    if (getrlimit(RLIMIT_MEMLOCK, &limit) != 0) return false;
    if (limit.rlim_cur != RLIM_INFINITY) {
        const struct rlimit infinite = {RLIM_INFINITY, RLIM_INFINITY};
        if (setrlimit(RLIMIT_MEMLOCK, &infinite) != 0) return false;
    }
    // ONFAULT: reserved memory that was never touched, such as the threads' stacks, is not made real for it.
    return mlockall(MCL_CURRENT | MCL_FUTURE | MCL_ONFAULT) == 0;
}

__attribute__((noinline)) void CErasure_overwriteStack(void) {
    char below[256 * 1024];
    memset(below, 0, sizeof below);
    __asm__ volatile("" : : "r"(below) : "memory");
}

// The sanitizers have a free of their own.
#if defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer) || __has_feature(memory_sanitizer)
#define CERASURE_OFF
#endif
#endif
#if defined(__GLIBC__) && !defined(CERASURE_OFF)

extern void __libc_free(void *block);
extern void *__libc_realloc(void *block, size_t size);

static void overwrite(void *from, size_t count) {
    memset(from, 0, count);
    // The compiler may not conclude that nobody reads this.
    __asm__ volatile("" : : "r"(from) : "memory");
}

__attribute__((visibility("default"))) void free(void *block) {
    if (block == NULL) return;
    if (atomic_load_explicit(&overwritesReleased, memory_order_relaxed)) overwrite(block, malloc_usable_size(block));
    __libc_free(block);
}

// The C library's own would release the old place of a block that moves without asking us.
__attribute__((visibility("default"))) void *realloc(void *block, size_t size) {
    if (block == NULL || !atomic_load_explicit(&overwritesReleased, memory_order_relaxed)) {
        return __libc_realloc(block, size);
    }
    if (size == 0) {
        free(block);
        return NULL;
    }
    const size_t old = malloc_usable_size(block);
    if (size <= old) {
        // It stays where it is.
        overwrite((char *)block + size, old - size);
        return __libc_realloc(block, size);
    }
    void *place = malloc(size);
    if (place == NULL) return NULL;
    memcpy(place, block, old);
    free(block);
    return place;
}

#endif

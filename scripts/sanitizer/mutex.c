// What the thread sanitizer has to see of Synchronization.Mutex.
//
// The lock's fast path is inlined into our code and so instrumented; its slow path, for a lock that another thread holds,
// is in libswiftSynchronization.so, which is not: every access after a contended lock would be reported as a race (Swift
// 6.3.1, Linux). This is that slow path with instrumented atomics; ./run test preloads it for its thread sanitizer step.
// It leaves the word in the state that the inlined unlock expects: the owner's thread id, without the bit for waiters.
#include <sched.h>
#include <stdint.h>

// Weak, since the preload also reaches programs without a sanitizer (swift itself).
extern int __tsan_atomic32_compare_exchange_strong(
    volatile uint32_t *word, uint32_t *expected, uint32_t desired, int success, int failure) __attribute__((weak));

static int take(volatile uint32_t *word, uint32_t owner) {
    uint32_t unlocked = 0;
    if (__tsan_atomic32_compare_exchange_strong)
        return __tsan_atomic32_compare_exchange_strong(word, &unlocked, owner, __ATOMIC_ACQUIRE, __ATOMIC_RELAXED);
    return __atomic_compare_exchange_n(word, &unlocked, owner, 0, __ATOMIC_ACQUIRE, __ATOMIC_RELAXED);
}

// Synchronization._MutexHandle._lockSlow(UInt32): `self`, the address of the lock's word, is in the context register.
__attribute__((swiftcall)) void lock_slow(uint32_t owner, __attribute__((swift_context)) volatile uint32_t *word)
    __asm__("$s15Synchronization12_MutexHandleV9_lockSlowyys6UInt32VF");

__attribute__((swiftcall)) void lock_slow(uint32_t owner, __attribute__((swift_context)) volatile uint32_t *word) {
    while (!take(word, owner)) sched_yield();
}

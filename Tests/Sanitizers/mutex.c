// Tells the thread sanitizer about `Mutex` of Swift's Synchronization, for `make sanitize`.
//
// Where threads meet at a mutex, it is locked and unlocked by functions of Swift's runtime, which the sanitizer
// does not see through: whatever a mutex guards would be called a race. Loaded before the runtime, this library takes those
// two calls, passes them on, and says what they order.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdint.h>
#include <stdlib.h>

#define SWIFT __attribute__((swiftcall))
#define SELF __attribute__((swift_context)) void *

#define LOCK_SLOWLY "$s15Synchronization12_MutexHandleV9_lockSlowyys6UInt32VF"
#define UNLOCK_SLOWLY "$s15Synchronization12_MutexHandleV11_unlockSlowyyF"

// Only in programs that are built with the sanitizer.
__attribute__((weak)) void __tsan_acquire(void *);
__attribute__((weak)) void __tsan_release(void *);

static void *next(const char *name) {
  void *found = dlsym(RTLD_NEXT, name);
  if (!found) abort();
  return found;
}

SWIFT void lockSlowly(uint32_t thread, SELF mutex) __asm__(LOCK_SLOWLY);
SWIFT void lockSlowly(uint32_t thread, SELF mutex) {
  SWIFT void (*lock)(uint32_t, SELF) = (SWIFT void (*)(uint32_t, SELF))next(LOCK_SLOWLY);
  lock(thread, mutex);
  if (__tsan_acquire) __tsan_acquire(mutex);
}

SWIFT void unlockSlowly(SELF mutex) __asm__(UNLOCK_SLOWLY);
SWIFT void unlockSlowly(SELF mutex) {
  SWIFT void (*unlock)(SELF) = (SWIFT void (*)(SELF))next(UNLOCK_SLOWLY);
  if (__tsan_release) __tsan_release(mutex);
  unlock(mutex);
}

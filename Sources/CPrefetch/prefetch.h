/* Swift has no word for it: asks for the line of an address, which may be any, without waiting. */
static inline __attribute__((always_inline)) void prefetch(const void *address) {
  __builtin_prefetch(address, 0, 3);
}

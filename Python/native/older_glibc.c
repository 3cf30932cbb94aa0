/* Takes functions of which this machine's libraries have two versions in the older one, so that the
   program and the library run with glibc 2.34, where the newer ones are not. Swift's libraries call
   them; the linker sends each such call here (--wrap). */

#if defined(__x86_64__)
#define OLDER(name, symbol, version) __asm__(".symver " #name ", " #symbol "@" #version)
#else
#define OLDER(name, symbol, version) __asm__(".set " #name ", " #symbol)
#endif

double older_hypot(double x, double y);
float older_hypotf(float x, float y);
void older_wait(void *condition, void *lock);

OLDER(older_hypot, hypot, GLIBC_2.2.5);
OLDER(older_hypotf, hypotf, GLIBC_2.2.5);
OLDER(older_wait, _ZNSt18condition_variable4waitERSt11unique_lockISt5mutexE, GLIBCXX_3.4.11);

double __wrap_hypot(double x, double y) { return older_hypot(x, y); }
float __wrap_hypotf(float x, float y) { return older_hypotf(x, y); }

/* std::condition_variable::wait(std::unique_lock<std::mutex>&) */
void __wrap__ZNSt18condition_variable4waitERSt11unique_lockISt5mutexE(void *condition, void *lock) {
  older_wait(condition, lock);
}

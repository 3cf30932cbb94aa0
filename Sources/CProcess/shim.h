// Linux has them, but its headers declare them only for _GNU_SOURCE, which Swift does not set.
#include <spawn.h>
extern int pipe2(int ends[2], int flags);
extern int posix_spawn_file_actions_addclosefrom_np(posix_spawn_file_actions_t *actions, int from);

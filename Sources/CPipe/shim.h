// Linux has it, but its headers declare it only for _GNU_SOURCE, which Swift does not set.
extern int pipe2(int ends[2], int flags);

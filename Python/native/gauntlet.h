/* Gauntlet's rules, stages and update attacks in process: the C interface of libgauntlet.so.

   Every function that can fail returns 0, or 1 and a text in *error, which gauntlet_free takes back.
   error, report and result_rows may be null. Texts are UTF-8. Matrices are float32 in row-major
   order; they are read where they are, and whoever changes them in another thread during a call gets
   other numbers. A method is written as on the command line, such as krum:f=2,neighbours=n-f-1. */

#ifndef GAUNTLET_H
#define GAUNTLET_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* The number of this interface, 1; another one means other functions. */
int32_t gauntlet_interface(void);

/* Takes back a text; null is nothing. */
void gauntlet_free(char *text);

/* The methods of a kind ("defense", "stage", "attack"): a JSON list of {"id", "summary"}. */
int32_t gauntlet_list(const char *kind, char **methods, char **error);

/* Makes a defense of stages and a rule. rule may be null where there are stages: they then change
   rows. participants: the most rows of a round; clients: how many may come in some round, numbered
   from 0, at least participants; rounds: how many there will be. *defense is its number, 0 if there
   is an error. */
int32_t gauntlet_defense_open(const char *rule, const char *const *stages, int64_t stage_count,
                              int64_t participants, int64_t clients, int64_t rounds,
                              int64_t *defense, char **error);

/* Ends a defense; 1 if there is none of that number. Calls at work on it end first. */
int32_t gauntlet_defense_close(int64_t defense);

/* Applies a defense to a round of rows x columns values. clients: the client of each row, ascending;
   null: row i is of client i. weights: of the rows; null: all alike. model: the global parameters
   that the round started from (columns values), which some rules look at; null: unknown. root: what the server's own data
   gives (columns values), for rules that need it; null otherwise. round: its number, from 0 on;
   seed: of what is drawn; threads: 1 to 4096, the result does not depend on them.
   result has room for capacity values: the update (columns), or without a rule the rows that the
   stages made, whose number goes to *result_rows. *report: JSON with "verdicts" (row, disposition,
   weight, suspicion), "report", "flags" and "left-out", the rows with values that are not finite. */
int32_t gauntlet_defense_aggregate(int64_t defense, const float *updates, int64_t rows,
                                   int64_t columns, const int64_t *clients, const double *weights,
                                   const float *model, const float *root, int64_t round, uint64_t seed, int32_t threads,
                                   float *result, int64_t capacity, int64_t *result_rows,
                                   char **report, char **error);

/* Makes an attack by so many attackers on honest rows of columns values. rounds: how many there will
   be, for those that ask. rule and stages: the defense that an attack which knows it rehearses; null
   otherwise. seed: of what is drawn. *attack is its number, 0 if there is an error. */
int32_t gauntlet_attack_open(const char *attack_name, int64_t attackers, int64_t honest,
                             int64_t columns, int64_t rounds, const char *rule,
                             const char *const *stages, int64_t stage_count, uint64_t seed,
                             int64_t *attack, char **error);

/* Ends an attack; 1 if there is none of that number. Calls at work on it end first. */
int32_t gauntlet_attack_close(int64_t attack);

/* Makes the rows of a round, as gauntlet_craft does, with what the attack remembers of earlier ones:
   of models and rows, and what the rehearsed defense remembers of them. rows x columns: as it was
   made for. round: its number, from 0 on; rounds ascend. A call that fails changes nothing. */
int32_t gauntlet_attack_craft(int64_t attack, const float *own, const float *honest, int64_t rows,
                              int64_t columns, const float *model, const float *root,
                              int64_t round, int32_t threads, float *result, char **report,
                              char **error);

/* Makes the rows of so many attackers from rows x columns honest values, in one round alone. own:
   what the attackers trained (attackers x columns); null: attacker i trained what honest client i
   did, modulo their number. model, root: as above. rule and stages: the defense that an attack which
   knows it rehearses; null otherwise. result has room for attackers x columns values. *report: JSON
   with figures such as a strength. */
int32_t gauntlet_craft(const char *attack, int64_t attackers, const char *rule,
                       const char *const *stages, int64_t stage_count, const float *own,
                       const float *honest, int64_t rows, int64_t columns, const float *model,
                       const float *root, uint64_t seed, int32_t threads, float *result, char **report, char **error);

#ifdef __cplusplus
}
#endif

#endif

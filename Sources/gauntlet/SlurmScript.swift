import Reporting
import Simulation

/// A shell script that submits the shards of a scenario to Slurm, and the job that joins them.
struct SlurmScript {
  /// The program, as the jobs start it.
  var program: String
  var scenario: String
  /// Options of `run` that say what to take of the scenario.
  var selection: [String]
  var results: String
  var shards: Int
  /// How many shards run at once; `nil`: as many as there is room for.
  var concurrent: Int?
  /// Lines of `#SBATCH` for all jobs, such as `--partition=cpu`.
  var directives: [String]
  var time: String?
  var cpus: Int
  var memory: String?
  /// What the merged results are gated with; without any they are not.
  var baseline: String?
  var claims: [String]
  /// What is counted, for a comment.
  var trials: String
  var invocation: String

  /// The name of the jobs: that of the scenario's file, as far as it is letters, digits, `_`, `.`, `-`.
  var name: String {
    let file = scenario.split(separator: "/").last.map(String.init) ?? scenario
    let stem = file.replacing(/\.(yaml|yml|json)$/, with: "")
    return String(
      stem.map { $0.isASCII && ($0.isLetter || $0.isNumber || "_.-".contains($0)) ? $0 : "-" })
  }

  var text: String {
    """
    #!/usr/bin/env bash
    # Submits \(trials) in \(shards) shards, and a job that joins them when all have ended. Once more, it
    # goes on where they ended. Written by:
    # \(invocation)
    set -euo pipefail
    results=\(word(results))
    mkdir -p "$results/logs"
    # In the names of logs Slurm replaces %.
    logs=${results//%/%%}/logs

    array=$(sbatch --parsable --output "$logs/shard-%a.txt" <<'SHARDS'
    \(array)
    SHARDS
    )
    array=${array%%;*}
    merge=$(sbatch --parsable --output "$logs/merge.txt" --dependency "afterany:$array" <<'MERGE'
    \(merge)
    MERGE
    )
    echo "submitted \(shards) shards as job $array, and what joins them as job ${merge%%;*}"

    """
  }

  /// The batch file of the array.
  private var array: String {
    """
    #!/usr/bin/env bash
    #SBATCH --job-name=\(name)
    #SBATCH --array=0-\(shards - 1)\(concurrent.map { "%\($0)" } ?? "")
    #SBATCH --requeue
    #SBATCH --open-mode=append
    #SBATCH --signal=B:TERM@120
    \(lines(time: time, cpus: cpus, memory: memory))
    set -u
    stopped=
    # A TERM for srun would kill at once what it runs; scancel passes it on.
    trap 'stopped=1; scancel --signal=TERM "$SLURM_JOB_ID"' TERM
    # In the background: the shell hears no signal while it waits for a command in the foreground.
    srun --ntasks=1 --cpus-per-task=\(cpus) \(run) &
    run=$!
    wait "$run"
    code=$?
    while [ -n "$stopped" ]; do
      stopped=
      wait "$run"
      code=$?
    done
    # 75: stopped with work left. Slurm requeues nothing by exit code; what was cancelled stays so.
    if [ "$code" -eq 75 ] && [ "${SLURM_RESTART_COUNT:-0}" -lt 100 ] &&
      [ "$(squeue --noheader --job "$SLURM_JOB_ID" --format %T)" = RUNNING ]; then
      scontrol requeue "$SLURM_JOB_ID" && sleep 600
    fi
    exit "$code"
    """
  }

  private var run: String {
    """
    \(word(program)) run \(word(scenario)) \\
      --output \(word(results + "/shards/"))"$SLURM_ARRAY_TASK_ID" --shard auto/\(shards) --jobs \(cpus) \\
      \(selection.map { word($0) + " " }.joined())--progress none --quiet
    """
  }

  /// The batch file of the job that joins them.
  private var merge: String {
    var gate = ""
    if baseline != nil || !claims.isEmpty {
      let options =
        (baseline.map { ["--baseline", $0] } ?? []) + claims.flatMap { ["--claims", $0] }
      gate =
        "\n\(word(program)) gate \"$results/merged\" "
        + options.map(word).joined(separator: " ") + " --junit \"$results/gate.xml\""
    }
    return """
      #!/usr/bin/env bash
      #SBATCH --job-name=\(name)-merge
      \(lines(time: nil, cpus: 1, memory: nil))
      set -eu
      results=\(word(results))
      set --
      for manifest in "$results"/shards/*/run.json; do
        [ ! -e "$manifest" ] || set -- "$@" "${manifest%/run.json}"
      done
      \(word(program)) merge "$@" --output "$results/merged" --fresh\(gate)
      """
  }

  private func lines(time: String?, cpus: Int, memory: String?) -> String {
    let all =
      ["--nodes=1", "--ntasks=1", "--cpus-per-task=\(cpus)"]
      + [time.map { "--time=" + $0 }, memory.map { "--mem=" + $0 }].compactMap(\.self) + directives
    return all.map { "#SBATCH " + $0 }.joined(separator: "\n")
  }

  /// One word of the shell; a name that begins with `-` is no option.
  private func word(_ text: String) -> String { ShellWord.quoted(text) }
}

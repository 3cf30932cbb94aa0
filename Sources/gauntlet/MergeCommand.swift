import ArgumentParser
import Gating
import Metrics
import Reporting
import Results
import Simulation
import Suite

struct MergeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "merge",
    abstract: "Joins folders of results into one.",
    usage: "gauntlet merge <folder> … --output <folder> [options]",
    discussion: """
      For parts of one scenario that were run apart, such as with --shard, --seeds or --only. All \
      shards together are in the order of one run, and what is missing is told. A trial that is \
      in several folders is taken once; if its numbers differ, nothing is written: the same trial \
      has to give the same numbers everywhere, but for the times it took.
      """)

  @Argument(help: "Folders of results.")
  var folders: [String]

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp("The folder for all of them, new or empty.", valueName: "folder"))
  var output: String

  @Flag(help: "Replace results that are already in the output folder.")
  var fresh = false

  @Flag(
    inversion: .prefixedNo, exclusivity: .exclusive,
    help: "Whether to join rounds.csv, what happened in each round, the largest of the files.")
  var rounds = true

  @OptionGroup var volume: QuietOption

  func validate() throws {
    if output.isEmpty { throw ValidationError("--output is empty") }
    if folders.contains("") { throw ValidationError("the name of a folder is empty") }
  }

  func run() throws {
    try reportingErrors {
      for folder in folders { try LoadedFiles.requireResults(folder) }
      let merge = try ResultMerge(folders, ranges: .builtIn)
      for folder in merge.tornFolders {
        Console.note("\(folder): left out the last line of trials.jsonl, which breaks off")
      }
      for path in merge.altered(digest: RunInfo.fileDigest) {
        Console.note("\(path): was changed since its run ended; run.json of \(output) says so")
      }
      for line in merge.missing { Console.note(line) }
      try merge.write(
        to: output, fresh: fresh, keepsRounds: rounds, invocation: RunInfo.invocation,
        metricOrder: MetricCatalog.builtIn.metrics.flatMap { $0.manifests.map(\.id) },
        digest: RunInfo.fileDigest, flagged: Reliability.flagged)
      if volume.quiet { return }
      Console.note(
        counted(merge.records.count, "trial") + " of " + counted(folders.count, "folder")
          + ", results in \(output)")
    }
  }
}

import ArgumentParser
import Components
import Defenses
import Determinism
import Federation

/// Prints how long every rule and stage takes on rows of normal values.
@main
struct DefenseBench: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "defense-bench",
    abstract: "Times every rule and stage on rows of normal values.",
    discussion: """
      Without a size it measures n = 50, d = 1,000,000, f = 10; CAF, MDA and SMEA also at n = 20, \
      f = 4; and n = 1,000, d = 25,000, f = 100 beside the training of such a round.
      """)

  @Option(help: ArgumentHelp("Number of rows.", valueName: "n"))
  var rows: Int?

  @Option(
    help: ArgumentHelp(
      "Number of columns; a multiple of ten for rules that need a model.", valueName: "d"))
  var columns = 1_000_000

  @Option(help: ArgumentHelp("Declared number of Byzantine rows.", valueName: "f"))
  var byzantine = 0

  @Option(help: ArgumentHelp("Ids, with commas between them; all if left out.", valueName: "ids"))
  var only: String?

  @Option(help: ArgumentHelp("Timed calls, after one that is not timed.", valueName: "count"))
  var calls = 5

  @Option(help: ArgumentHelp("Number of threads.", valueName: "count"))
  var threads = 2

  @Flag(help: "Print one line of JSON per component instead of a table.")
  var json = false

  func validate() throws {
    guard calls >= 1, threads >= 1, rows ?? 1 >= 1, columns >= 1, byzantine >= 0 else {
      throw ValidationError("sizes and counts start at 1, and --byzantine at 0")
    }
  }

  func run() {
    let ids = only.map { $0.split(separator: ",").map(String.init) }
    if let rows {
      measure(
        BenchSize(rowCount: rows, columnCount: columns, byzantineCount: byzantine), only: ids)
      return
    }
    measure(BenchSize(rowCount: 50, columnCount: 1_000_000, byzantineCount: 10), only: ids)
    measure(
      BenchSize(rowCount: 20, columnCount: 1_000_000, byzantineCount: 4),
      only: ["caf", "mda", "smea"].filter { ids?.contains($0) ?? true })
    let many = BenchSize(rowCount: 1000, columnCount: 25_000, byzantineCount: 100)
    measure(many, only: ids)
    if ids == nil { show(TrainingRound.measure(many, threads: threads, calls: calls)) }
  }

  private func measure(_ size: BenchSize, only ids: [String]?) {
    let isWanted = { (id: String) in ids?.contains(id) ?? true }
    guard ids != [] else { return }
    let input = BenchInput(size, threads: threads)
    if !json { print(Timing.heading(size, threads: threads)) }
    for entry in builtInAggregators where isWanted(entry.manifest.id.description) {
      show(input.time(entry, calls: calls))
    }
    for entry in builtInStages where isWanted(entry.manifest.id.description) {
      show(input.time(entry, calls: calls))
    }
  }

  private func show(_ timing: Timing) { print(json ? timing.json : timing.row) }
}

import Results
import Statistics
import Studies

/// What a round costs under each defense.
struct CostTable {
  private let study: Study

  init(_ study: Study) { self.study = study }

  private static let metrics: [(id: String, title: String, decimals: Int)] = [
    ("cost.seconds", "round, ms", 3), ("cost.train", "training, ms", 3),
    ("cost.attack", "attack, ms", 3), ("cost.defense", "defense, ms", 3),
    ("cost.bytes", "traffic, bytes", 0),
  ]

  /// `nil` where no trial has costs.
  func table() -> DataTable? {
    let trials = Dictionary(
      grouping: study.grid.cells.flatMap { study.grid[$0] }.filter { $0.status == .ok },
      by: \.defense)
    let metrics = Self.metrics.filter { metric in
      trials.values.joined().contains { $0.metrics[metric.id] ?? nil != nil }
    }
    guard !metrics.isEmpty else { return nil }
    let defenses = study.grid.defenses.filter { trials[$0] != nil }
    return DataTable(
      id: "costs", title: "What a round costs",
      caption: StudyCaption(study).text([
        "Medians over all attacks and seeds of the means over the rounds, as the machine of the run"
          + " took them (\(study.manifest.machine.cores) cores, \(study.manifest.machine.arch)): times"
          + " of trials that ran at once, to be compared within this table only."
      ]),
      columns: [.init("defense", "defense")]
        + metrics.map { .init($0.id, $0.title, better: .lower) } + [.init("trials", "trials")],
      rows: defenses.map { defense in
        let own = trials[defense] ?? []
        return DataTable.Row(
          [.text(defense)]
            + metrics.map { metric in
              let scale = metric.decimals == 0 ? 1 : 1000.0
              return Median.of(own.compactMap { $0.metrics[metric.id] ?? nil })
                .map { .number($0 * scale, decimals: metric.decimals) }
                ?? .missing("–", reason: "no trial has it")
            } + [.integer(own.count)])
      })
  }
}

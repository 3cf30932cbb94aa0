import Results
import Studies

/// What a round costs under each defense: the largest over attacks, with the attack named.
struct CostTable {
  /// A metric as people read it.
  struct Measure: Sendable {
    let id: String
    let title: String
    /// What a value is multiplied by to be shown.
    let scale: Double
    let decimals: Int
  }

  private let study: Study

  init(_ study: Study) { self.study = study }

  static let measures = [
    Measure(id: "cost.seconds", title: "round, ms", scale: 1000, decimals: 3),
    Measure(id: "cost.train", title: "training, ms", scale: 1000, decimals: 3),
    Measure(id: "cost.attack", title: "attack, ms", scale: 1000, decimals: 3),
    Measure(id: "cost.defense", title: "defense, ms", scale: 1000, decimals: 3),
    Measure(id: "cost.bytes", title: "traffic, bytes", scale: 1, decimals: 0),
  ]

  /// The measures that some trial has, with what each defense takes.
  var costs: [(measure: Measure, byDefense: [String: RoundCost])] {
    Self.measures.compactMap { measure in
      let found = study.costs(measure.id)
      guard !found.isEmpty else { return nil }
      return (measure, Dictionary(found.map { ($0.defense, $0) }) { first, _ in first })
    }
  }

  /// What the figures are, and on which machine they were taken.
  var caption: String {
    "A cell's figure is the median over its seeds of the means over the rounds. For each defense the"
      + " largest over the attacks, with the attack, and the median over them: times of trials that ran"
      + " at once, to be compared within this table only" + machine + "."
  }

  private var machine: String {
    let machine = study.manifest.machine
    guard machine.cores > 0 else { return "; on which machine is not told" }
    return " (\(counted(machine.cores, "core")), \(machine.arch))"
  }

  /// The attack, with the axes that vary, of the largest figure.
  func attack(_ cost: RoundCost) -> String {
    let axes = study.grid.namedAxes.compactMap { key, name in
      cost.largest.cell.axes[key].map { "\(name)=\($0)" }
    }
    return ([cost.largest.cell.attack] + axes).joined(separator: " ")
  }

  /// `nil` where no trial has costs.
  func table() -> DataTable? {
    let costs = costs
    guard !costs.isEmpty else { return nil }
    let defenses = study.grid.defenses.filter { defense in
      costs.contains { $0.byDefense[defense] != nil }
    }
    return DataTable(
      id: "costs", title: "What a round costs, at most over attacks",
      caption: StudyCaption(study).text([caption]),
      columns: [.init("defense", "defense")]
        + costs.flatMap { measure, _ -> [DataTable.Column] in
          let id = measure.id
          return [
            .init(id, measure.title, better: .lower), .init("\(id)_attack", "under"),
            .init("\(id)_median", "median over attacks", better: .lower),
            .init("\(id)_clean", "without an attack", better: .lower),
          ]
        },
      rows: defenses.map { defense in
        DataTable.Row(
          [.text(defense)] + costs.flatMap { values($0.byDefense[defense], $0.measure) })
      })
  }

  private func values(_ cost: RoundCost?, _ measure: Measure) -> [DataTable.Value] {
    func number(_ value: Double?) -> DataTable.Value {
      value.map { .number($0 * measure.scale, decimals: measure.decimals) }
        ?? .missing("–", reason: "no trial has it")
    }
    return [
      number(cost?.largest.value), .text(cost.map(attack) ?? ""), number(cost?.median),
      number(cost?.clean),
    ]
  }
}

import Charts
import Results
import Studies

/// What a round takes under each defense: one line of marks per defense.
struct CostFigure: Sendable {
  private let measure: CostTable.Measure
  private let costs: [RoundCost]
  private let attacks: [String]

  /// `nil` where no trial has the cost.
  init?(_ study: Study, _ measure: CostTable.Measure) {
    let costs = study.costs(measure.id)
    guard !costs.isEmpty else { return nil }
    self.measure = measure
    self.costs = costs
    let table = CostTable(study)
    attacks = costs.map(table.attack)
  }

  /// The figures of a study: the whole round, and what the defense alone takes.
  static func all(_ study: Study) -> [(id: String, figure: CostFigure)] {
    ["cost.seconds", "cost.defense"].compactMap { id in
      CostTable.measures.first { $0.id == id }.flatMap { CostFigure(study, $0) }.map { (id, $0) }
    }
  }

  func chart() -> ScatterChart {
    // The first defense stands on top.
    let names = costs.map(\.defense).reversed()
    func places(_ name: String, _ value: (RoundCost) -> Double?) -> [ScatterChart.Point] {
      zip(costs, attacks).enumerated().compactMap { index, cost in
        value(cost.0).map { value in
          let label = name == Self.largest ? "\(cost.0.defense) under \(cost.1)" : cost.0.defense
          return ScatterChart.Point(
            value * measure.scale, Double(costs.count - 1 - index), label: label, group: name)
        }
      }
    }
    let points =
      places(Self.largest) { $0.largest.value } + places("median over attacks") { $0.median }
      + places("without an attack") { $0.clean }
    let values = points.map(\.x)
    let (least, most) = (values.min() ?? 0, values.max() ?? 0)
    let isWide = least > 0 && most > 30 * least
    return ScatterChart(
      title: title,
      x: Axis(
        "milliseconds", scale: isWide ? .logarithmic : .linear, least: isWide ? nil : 0...most),
      y: Axis("", scale: .categories(Array(names))), points: points,
      size: Size(460, 110 + 20 * Double(costs.count)))
  }

  func figure(id: String) -> StudyFigure {
    StudyFigure(
      id: id, drawing: chart().drawing(),
      table: DataTable(
        id: id, title: title, caption: "Medians over the seeds of means over the rounds.",
        columns: [
          .init("defense", "defense"), .init("largest", Self.largest), .init("attack", "under"),
          .init("median", "median over attacks"), .init("clean", "without an attack"),
        ],
        rows: zip(costs, attacks).map { cost, attack in
          .init([
            .text(cost.defense), number(cost.largest.value), .text(attack), number(cost.median),
            cost.clean.map(number) ?? .missing("–", reason: "no trial without an attack has it"),
          ])
        }))
  }

  private func number(_ value: Double) -> DataTable.Value {
    .number(value * measure.scale, decimals: measure.decimals)
  }

  private var title: String {
    measure.id == "cost.defense"
      ? "What the defense takes of a round, in milliseconds"
      : "What a round takes, in milliseconds"
  }

  private static let largest = "largest over attacks"
}

import Gating
import Reporting

/// One changed cell of a baseline in lines: the means before and after.
struct ChangeText {
  let change: BaselineV1.Change
  let policy: Policy

  init(_ change: BaselineV1.Change, _ policy: Policy) {
    self.change = change
    self.policy = policy
  }

  var text: String {
    let cell = change.after
    guard let before = change.before else {
      return "\(cell.name): new, \(counted(cell.seeds.count, "seed"))"
    }
    var lines = [cell.name]
    if before.seeds != cell.seeds {
      lines.append("  seeds: \(list(before.seeds)), now \(list(cell.seeds))")
    }
    for (metric, values) in cell.metrics.sorted(by: { $0.key < $1.key })
    where before.metrics[metric] != values {
      lines.append("  \(metric): \(mean(before.metrics[metric] ?? [])), now \(mean(values))")
    }
    if lines.count == 1 { lines.append("  the final parameters differ, no recorded metric does") }
    return lines.joined(separator: "\n")
  }

  private func list(_ seeds: [Int]) -> String { seeds.map(String.init).joined(separator: " ") }

  private func mean(_ values: [Double?]) -> String {
    let numbers = values.compactMap(\.self)
    guard !numbers.isEmpty else { return "no value" }
    return Figure.text(numbers.reduce(0, +) / Double(numbers.count))
  }
}

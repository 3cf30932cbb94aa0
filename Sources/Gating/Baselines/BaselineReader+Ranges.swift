import Results

extension BaselineReader {
  /// What no measurement can be, and tolerances that nothing can exceed.
  mutating func checkRanges() {
    // A file with one of them tends to have many.
    let limit = 20
    var found = 0
    for cell in cells {
      // The runs whose metrics are known have no such seeds.
      if !ranges.isUnknown, let seed = cell.seeds.first(where: { $0 < 0 }) {
        note("the cell '\(cell.name)': the seed \(seed) is negative", cell.line)
      }
      for (metric, values) in cell.metrics.sorted(by: { $0.key < $1.key }) {
        for case (let seed, let value?) in zip(cell.seeds, values) {
          guard let problem = ranges.problem(metric, value) else { continue }
          found += 1
          if found <= limit { note("the cell '\(cell.name)', seed \(seed): \(problem)", cell.line) }
        }
      }
    }
    if found > limit { note("and \(found - limit) more values outside their range", nil) }
    for (metric, policy) in policy.metrics.sorted(by: { $0.key < $1.key }) {
      checkTolerance(policy.abs, of: metric, "policy.metrics.\(metric).abs")
    }
    for override in policy.overrides {
      for (metric, change) in override.metrics.sorted(by: { $0.key < $1.key }) {
        if let abs = change.abs {
          checkTolerance(abs, of: metric, "overrides.metrics.\(metric).abs")
        }
      }
    }
  }

  private mutating func checkTolerance(_ abs: Double, of metric: String, _ name: String) {
    guard let range = ranges.range(of: metric) else { return }
    let width = range.upperBound - range.lowerBound
    guard abs > width else { return }
    note(
      "\(name) is \(CanonicalJSON.number(abs)), which no change can exceed: \(metric) is from "
        + "\(MetricRanges.text(range.lowerBound)) to \(MetricRanges.text(range.upperBound))", nil)
  }
}

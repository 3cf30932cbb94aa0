/// The policy as it holds for one cell, overrides applied.
struct Tolerances {
  struct Entry {
    var policy: Policy.MetricPolicy
    /// The reason of the override that changed it.
    var override: String?
  }

  let entries: [String: Entry]

  /// Of several overrides that match, the last one wins; expired ones do not count.
  init(_ policy: Policy, cell: [String: String], today: String?) {
    var entries = policy.metrics.mapValues { Entry(policy: $0, override: nil) }
    for override in policy.overrides where override.cells.matches(cell) {
      if let today, override.isExpired(on: today) { continue }
      for (metric, change) in override.metrics {
        guard var entry = entries[metric] else { continue }
        entry.policy.better = change.better ?? entry.policy.better
        entry.policy.abs = change.abs ?? entry.policy.abs
        entry.policy.rel = change.rel ?? entry.policy.rel
        entry.policy.gate = change.gate ?? entry.policy.gate
        entry.override = override.why
        entries[metric] = entry
      }
    }
    self.entries = entries
  }

  /// The metrics that decide, sorted.
  var gated: [String] {
    entries.filter(\.value.policy.gate).keys.sorted()
  }
}

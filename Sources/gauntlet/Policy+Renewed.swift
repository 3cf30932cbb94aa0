import Gating

extension Policy {
  /// This policy, with other metrics in it.
  ///
  /// A metric that stays keeps its entry, unless that only records it; an override keeps what it
  /// says about metrics that stay. Where the undefended cells are watched, they are for the new
  /// metrics, too.
  ///
  /// - Parameter asked: The metrics, with the entries of those that are new, and the override that
  ///   watches undefended cells.
  /// - Returns: the policy with exactly the metrics of `asked`.
  func renewed(for asked: Policy) -> Policy {
    var renewed = self
    renewed.metrics = asked.metrics.reduce(into: [:]) { entries, entry in
      let old = metrics[entry.key]
      entries[entry.key] = old.map { $0.gate ? $0 : entry.value } ?? entry.value
    }
    renewed.overrides = overrides.compactMap { override in
      var override = override
      override.metrics = override.metrics.filter { renewed.metrics[$0.key] != nil }
      for watch in asked.overrides where watch.why == override.why {
        let new = watch.metrics.filter { metrics[$0.key]?.gate != true }
        override.metrics.merge(new) { kept, _ in kept }
      }
      return override.metrics.isEmpty ? nil : override
    }
    return renewed
  }
}

extension Finding: CustomStringConvertible {
  /// The cell, the metric, and what was found.
  public var description: String { "\(cell) \(metric): \(verdict.rawValue): \(message)" }

  /// What was found, in words and numbers, such as
  /// `0.641 after 0.710, worse by 0.069, tolerance 0.010, 3 seeds, p = 0.0020`.
  public var message: String {
    switch verdict {
    case .identical:
      return seeds.isEmpty ? reason ?? "identical" : "identical in \(seedText)"
    case .missing, .incomparable:
      return reason ?? verdict.rawValue
    case .pass, .improved, .regression, .inconclusive:
      guard let baseline, let current, let worsening else { return reason ?? verdict.rawValue }
      var parts = ["\(Figure.text(current)) after \(Figure.text(baseline))"]
      if better == .none {
        parts.append("changed by \(Figure.text(worsening.magnitude))")
      } else {
        let word = worsening > 0 ? "worse" : "better"
        parts.append(
          worsening == 0 ? "unchanged" : "\(word) by \(Figure.text(worsening.magnitude))")
      }
      parts += ["tolerance \(Figure.text(tolerance))", seedText]
      if let pValue { parts.append("p \(Figure.p(pValue))") }
      if let moreSeeds { parts.append(moreText(moreSeeds)) }
      if let reason { parts.append(reason) }
      if let voidReason { parts.append(voidReason) }
      if let override { parts.append("override: \(override)") }
      return parts.joined(separator: ", ")
    }
  }

  private var seedText: String { seeds.count == 1 ? "1 seed" : "\(seeds.count) seeds" }

  private func moreText(_ count: Int) -> String {
    count > 1000
      ? "more than 1000 further seeds would be needed"
      : "needs about \(count) more \(count == 1 ? "seed" : "seeds")"
  }
}

extension ClaimFinding: CustomStringConvertible {
  public var description: String {
    "\(claim): \(subject) \(metric): \(verdict.rawValue): \(message)"
  }

  /// What was found, such as `0.031 over 5 seeds, at most 0.048 at 95 %; claimed <= 0.150`.
  public var message: String {
    guard let value else { return reason ?? verdict.rawValue }
    var text = "\(Figure.text(value)) over \(seeds.count == 1 ? "1 seed" : "\(seeds.count) seeds")"
    if let limit {
      let word = relation == .atMost ? "at most" : "at least"
      let percent = (confidence * 1000).rounded() / 10
      let shown = percent == percent.rounded() ? "\(Int(percent))" : "\(percent)"
      text += ", \(word) \(Figure.text(limit)) at \(shown) %"
    }
    text += "; claimed \(relation.rawValue) \(Figure.text(bound))"
    if let reason { text += "; \(reason)" }
    return text
  }
}

import Gating
import Reporting

/// A baseline as people read it.
struct BaselineText {
  let baseline: BaselineV1

  init(_ baseline: BaselineV1) { self.baseline = baseline }

  /// Where it comes from and how it gates.
  var summary: String {
    let origin = baseline.origin
    let seeds = Set(baseline.cells.map(\.seeds.count)).sorted().map(String.init)
    var text =
      "\(origin.scenario): \(counted(baseline.cells.count, "cell")), "
      + "\(seeds.joined(separator: " to ")) seeds each, engine \(origin.engine), "
      + "\(origin.tool), \(origin.at)\n"
    let policy = baseline.policy
    text +=
      "alpha \(Figure.text(policy.alpha)), at least \(policy.minSeeds) seeds; missing: "
      + "\(policy.reactions.missing.rawValue), extra: \(policy.reactions.extra.rawValue), "
      + "inconclusive: \(policy.reactions.inconclusive.rawValue)\n\n"
    let rows = policy.metrics.sorted { $0.key < $1.key }.map { id, metric in
      [
        id, metric.better.rawValue,
        metric.gate
          ? Figure.text(metric.abs)
            + (metric.rel > 0 ? " or \(Figure.text(metric.rel)) of the value" : "") : "not gated",
        spread(of: id),
      ]
    }
    text += ListTable(
      header: ["metric", "better", "tolerance", "sd over seeds: median, largest"], rows: rows
    ).text(width: Terminal.outputWidth)
    guard !policy.overrides.isEmpty else { return text }
    let overrides = policy.overrides.map { override in
      [cells(of: override), metrics(of: override), override.until ?? "–", override.why]
    }
    text += "\n"
    text += ListTable(header: ["override", "metrics", "until", "why"], rows: overrides)
      .text(width: Terminal.outputWidth)
    return text
  }

  private func cells(of override: Policy.Override) -> String {
    override.cells.conditions.sorted { $0.key < $1.key }.map { key, condition in
      switch condition {
      case .oneOf(let values): "\(key)=\(values.joined(separator: ","))"
      case .between(let min, let max):
        [min.map { "\(key)>=\(Figure.text($0))" }, max.map { "\(key)<=\(Figure.text($0))" }]
          .compactMap(\.self).joined(separator: " ")
      }
    }.joined(separator: " ")
  }

  private func metrics(of override: Policy.Override) -> String {
    override.metrics.count == baseline.policy.metrics.count
      ? "all" : override.metrics.keys.sorted().joined(separator: ", ")
  }

  /// The mean of every metric in every cell.
  var cells: String {
    let metrics = baseline.policy.metrics.keys.sorted()
    let rows = baseline.cells.map { cell in
      [cell.name] + metrics.map { id in mean(cell.metrics[id] ?? []) }
        + [cell.seeds.map(String.init).joined(separator: " ")]
    }
    return ListTable(header: ["cell"] + metrics + ["seeds"], rows: rows)
      .text(width: max(Terminal.outputWidth, 40 + 20 * metrics.count))
  }

  var history: String {
    ListTable(
      header: ["at", "by", "cells", "why"],
      rows: baseline.history.map { [$0.at, $0.by ?? "–", "\($0.cells)", $0.why] }
    ).text(width: Terminal.outputWidth)
  }

  private func mean(_ values: [Double?]) -> String {
    let numbers = values.compactMap(\.self)
    return numbers.isEmpty
      ? "–" : Figure.text(numbers.reduce(0, +) / Double(numbers.count))
  }

  private func spread(of metric: String) -> String {
    let deviations = baseline.cells.compactMap { cell -> Double? in
      let values = (cell.metrics[metric] ?? []).compactMap(\.self)
      guard values.count > 1 else { return nil }
      let mean = values.reduce(0, +) / Double(values.count)
      let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
      return (squares / Double(values.count - 1)).squareRoot()
    }.sorted()
    guard let largest = deviations.last else { return "–" }
    return "\(Figure.text(deviations[deviations.count / 2])), \(Figure.text(largest))"
  }
}

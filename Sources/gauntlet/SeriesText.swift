import Components
import Federation
import Metrics
import Simulation
import Suite

/// What the series of `rounds.csv` are.
enum SeriesText {
  static var entries: [GlossaryEntry] {
    (MetricCatalog.builtIn.recordedSeries(with: .builtIn) + AttendanceSeries.ids).map { id in
      GlossaryEntry(
        id: id, kind: "series", summary: text(id), details: details(id), parameters: [])
    }
  }

  /// Of what tells attackers apart, where its curve is.
  private static func details(_ id: String) -> [(heading: String, text: String)] {
    let isOwn = id == "detection.auc"
    guard isOwn || id.hasPrefix("detector.") else { return [] }
    let name = isOwn ? "rule" : String(id.dropFirst("detector.".count))
    let side = isOwn ? "" : ", of the low scores where the mean AUROC is below 0.5"
    return [
      (
        "curve",
        "'\(name)' under 'roc' in a trial's line of trials.jsonl: the true positive rates at the"
          + " false positive rates 0, 0.05, …, 1\(side), each the largest that a threshold reaches"
          + " (equal scores together), mean over the same rounds; no metric, and never gated"
      )
    ]
  }

  private static let attendanceScope = " (where a scenario has clients.dropout or clients.deadline)"

  private static let attendance = [
    AttendanceSeries.participants: "how many updates reached the server in time",
    AttendanceSeries.silent: "how many clients that were chosen did not answer",
    AttendanceSeries.late: "how many updates came after the deadline",
    AttendanceSeries.lateAttackers:
      "how many of those were of clients that acted as the attack says",
  ]

  /// A series is what metrics are made of, or what a rule reports about itself.
  private static func text(_ id: String) -> String {
    if id.hasPrefix("defense.") {
      let report = String(id.dropFirst("defense.".count))
      let rules = Catalog.builtIn.aggregators.filter { $0.reports.contains(report) }
      return
        "'\(report)' as \(rules.map(\.manifest.id.rawValue).joined(separator: ", ")) reports it"
    }
    if id.hasPrefix("detector.") {
      let detector = id.dropFirst("detector.".count)
      return "how well the '\(detector)' detector tells attackers from honest clients (AUROC)"
    }
    for verdict in ["excluded", "flagged"] where id.hasPrefix("detection.\(verdict).") {
      return
        "how many \(id.split(separator: ".").last ?? "") clients the rule \(verdict) in the round"
    }
    if id == "threat.attackers" { return "how many clients acted as the attack says" }
    if let text = attendance[id] { return text + attendanceScope }
    let metrics = MetricCatalog.builtIn.manifests.filter {
      $0.id == id || $0.id.hasPrefix(id + ".")
    }
    if metrics.isEmpty { return "the figure '\(id)' of the round" }
    if metrics.contains(where: { $0.id == id }) {
      return "the round's part of the metric of the same id, which 'explain' defines"
    }
    return "the figure of the round that is summed up in "
      + metrics.map(\.id).joined(separator: ", ")
  }
}

import Federation

/// How many rows the window had, flagged and excluded ones among them; pooled over those of its rounds
/// in which something could be seen.
///
/// ``VerdictMeter`` writes it into a trial's summary and the metrics read it from there.
struct WindowCounts: Equatable {
  /// Rows of controlled clients that the defense saw.
  var malicious = 0.0
  /// Rows of the other clients that the defense saw.
  var honest = 0.0
  /// Controlled clients whose update was not finite.
  var droppedMalicious = 0.0
  /// Other clients whose update was not finite.
  var droppedHonest = 0.0
  /// Rows whose verdict is `rejected`: declared malicious, if the rule declares anybody.
  var flagged = Confusion()
  /// Clients with weight 0; those whose update was not finite count.
  var excluded = Confusion()

  private static var keys: [(name: String, path: WritableKeyPath<WindowCounts, Double>)] {
    [
      ("window.rows.malicious", \.malicious),
      ("window.rows.honest", \.honest),
      ("window.dropped.malicious", \.droppedMalicious),
      ("window.dropped.honest", \.droppedHonest),
      ("window.flagged.malicious", \.flagged.truePositives),
      ("window.flagged.honest", \.flagged.falsePositives),
      ("window.excluded.malicious", \.excluded.truePositives),
      ("window.excluded.honest", \.excluded.falsePositives),
    ]
  }

  init() {}

  /// Reads what ``figures`` wrote; `nil` where it is not there.
  init?(_ summary: [String: Double]) {
    for (key, path) in Self.keys {
      guard let value = summary[key] else { return nil }
      self[keyPath: path] = value
    }
    flagged.complete(malicious: malicious, honest: honest)
    excluded.complete(
      malicious: malicious + droppedMalicious, honest: honest + droppedHonest)
  }

  /// The counts under the keys of a summary.
  var figures: [String: Double] {
    [String: Double](uniqueKeysWithValues: Self.keys.map { ($0.name, self[keyPath: $0.path]) })
  }

  /// Visits the counts.
  mutating func checkpoint(_ pass: inout CheckpointPass) {
    for (_, path) in Self.keys { pass.visit(&self[keyPath: path]) }
  }
}

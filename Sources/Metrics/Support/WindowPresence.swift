import Federation

/// Who took part in the window, whether or not anything could be seen.
///
/// ``VerdictMeter`` writes it into a trial's summary; the reasons why a figure does not exist follow
/// from it.
struct WindowPresence: Equatable {
  /// Rows of malicious clients.
  var maliciousRows = 0.0
  /// Malicious clients whose update was not finite.
  var maliciousDropped = 0.0
  /// Rows of the others.
  var honestRows = 0.0
  /// Rounds with malicious clients and honest rows.
  var sharedRounds = 0.0
  /// Those of them in which rows differed or an update was dropped.
  var differingRounds = 0.0

  private static var keys: [(name: String, path: WritableKeyPath<WindowPresence, Double>)] {
    [
      ("presence.rows.malicious", \.maliciousRows),
      ("presence.dropped.malicious", \.maliciousDropped),
      ("presence.rows.honest", \.honestRows),
      ("presence.rounds.shared", \.sharedRounds),
      ("presence.rounds.differing", \.differingRounds),
    ]
  }

  init() {}

  /// Reads what ``figures`` wrote; `nil` where it is not there.
  init?(_ summary: [String: Double]) {
    for (key, path) in Self.keys {
      guard let value = summary[key] else { return nil }
      self[keyPath: path] = value
    }
  }

  /// The counts under the keys of a summary.
  var figures: [String: Double] {
    [String: Double](uniqueKeysWithValues: Self.keys.map { ($0.name, self[keyPath: $0.path]) })
  }

  /// Visits the counts.
  mutating func checkpoint(_ pass: inout CheckpointPass) {
    for (_, path) in Self.keys { pass.visit(&self[keyPath: path]) }
  }

  /// Adds one round.
  mutating func add(_ kinds: RoundKinds, rowsDiffer: Bool) {
    maliciousRows += Double(kinds.malicious.count)
    maliciousDropped += Double(kinds.droppedMaliciousCount)
    honestRows += Double(kinds.honest.count)
    guard kinds.areBothThere else { return }
    sharedRounds += 1
    if rowsDiffer || kinds.areSomeDropped { differingRounds += 1 }
  }
}

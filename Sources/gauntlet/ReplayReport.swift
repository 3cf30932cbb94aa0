import Dumps
import Reporting
import Results
import Simulation
import Studies

/// The scores of a replay, for people and programs.
struct ReplayReport {
  let attackFree: Bool
  var dumps: [ReplayedDump] = []

  private static let schema = "gauntlet/replay/1"

  /// What went wrong, a line each.
  var failures: [String] {
    dumps.flatMap { dump in
      dump.scores.compactMap { score in
        if case .failed(let reason) = score.ending {
          "\(dump.path): \(score.defense): \(reason)"
        } else {
          nil
        }
      }
    }
  }

  /// Whether a defense was scored on some rounds.
  var hasScores: Bool { dumps.contains { $0.scores.contains { $0.ending == .scored } } }

  // MARK: - Text

  private static let columns: [(id: String, title: String, better: Score.Direction)] = [
    ("detection.flagged.tpr", "TPR", .higher), ("detection.flagged.fpr", "FPR", .lower),
    ("detection.excluded.tpr", "excl TPR", .none), ("detection.excluded.fpr", "excl FPR", .none),
    ("detection.auc", "AUC", .higher), ("detection.weight-share", "weight share", .lower),
    ("influence.deviation", "deviation", .lower), ("influence.kappa", "kappa", .lower),
  ]

  private static let cleanColumn: (id: String, title: String, better: Score.Direction) = (
    "detection.clean-fpr", "FPR alone", .lower
  )

  private static let plainColumns: [(id: String, title: String, better: Score.Direction)] = [
    ("replay.kept", "kept", .none), ("replay.rejected", "rejected", .none),
    ("replay.largest-weight", "largest weight", .none), ("replay.norm-ratio", "norm ratio", .none),
    ("replay.mean-deviation", "from mean", .none),
  ]

  func text(width: Int, color: Bool) -> String {
    dumps.map { dump in
      ([table(of: dump), stealthTable(of: dump)].compactMap { $0 })
        .map { $0.text(width: width, color: color) }.joined(separator: "\n")
    }.joined(separator: "\n")
  }

  private func table(of dump: ReplayedDump) -> DataTable {
    let columns =
      dump.maliciousCount == nil
      ? Self.plainColumns : Self.columns + (attackFree ? [Self.cleanColumn] : [])
    let rows = dump.scores.map { score in
      DataTable.Row(
        [.text(score.defense)] + columns.map { Self.value(score, $0.id) },
        isReference: score.ending != .scored)
    }
    return DataTable(
      id: "replay", title: Self.title(of: dump), caption: caption(of: dump, columns),
      columns: [DataTable.Column("defense", "defense")]
        + columns.map {
          DataTable.Column($0.id, $0.title, better: $0.better, ranksRows: $0.better != .none)
        }, rows: rows)
  }

  private func stealthTable(of dump: ReplayedDump) -> DataTable? {
    let found = dump.stealth.compactMap { id, outcome -> (String, Double)? in
      if case .value(let value) = outcome { (id, value) } else { nil }
    }.sorted { $0.0 < $1.0 }
    guard !found.isEmpty else { return nil }
    return DataTable(
      id: "stealth", title: "How the malicious rows differ, whatever the defense", caption: "",
      columns: [DataTable.Column("metric", "metric"), DataTable.Column("value", "value")],
      rows: found.map { DataTable.Row([.text($0.0), .number($0.1, decimals: 3)]) })
  }

  private static func title(of dump: ReplayedDump) -> String {
    let name = dump.cell.map { $0 + (dump.seed.map { ", seed \($0)" } ?? "") } ?? dump.path
    let rounds = dump.rounds.prefix(6).map(String.init).joined(separator: ", ")
    let malicious = dump.maliciousCount.map { "\($0) malicious" } ?? "malicious ones unknown"
    return "\(name): \(counted(dump.rounds.count, "round")) (\(rounds)"
      + (dump.rounds.count > 6 ? ", …" : "")
      + "), \(counted(dump.rowCount, "row")) of \(counted(dump.columnCount, "value")), \(malicious)"
  }

  /// Each reason why a field has no number, once, and the notes.
  private func caption(
    of dump: ReplayedDump, _ columns: [(id: String, title: String, better: Score.Direction)]
  ) -> String {
    var reasons: [(reason: String, columns: [String], defenses: [String])] = []
    func add(_ reason: String, _ column: String?, _ defense: String) {
      let place = reasons.firstIndex { $0.reason == reason } ?? reasons.count
      if place == reasons.count { reasons.append((reason, [], [])) }
      if let column, !reasons[place].columns.contains(column) {
        reasons[place].columns.append(column)
      }
      if !reasons[place].defenses.contains(defense) { reasons[place].defenses.append(defense) }
    }
    for score in dump.scores {
      if case .notApplicable(let reason) = score.ending {
        add(reason, nil, score.defense)
        continue
      }
      for column in columns {
        if case .absent(let reason)? = score.metrics[column.id] {
          add(reason, column.title, score.defense)
        }
      }
    }
    var lines: [String] = []
    if dump.maliciousCount == nil, case .absent(let reason)? = dump.stealth.values.first {
      lines.append("detection, stealth, influence and kappa: \(reason)")
    }
    lines += reasons.map { reason, columns, defenses in
      // What is so of all defenses names none.
      let named = columns.isEmpty || defenses.count < dump.scores.count ? defenses : []
      return [named, columns].filter { !$0.isEmpty }.map { $0.joined(separator: ", ") }
        .joined(separator: ": ") + ": " + reason
    }
    lines += dump.notes
    lines += dump.scores.compactMap { score in
      let compared = score.rounds.compactMap(\.isAsRecorded)
      guard !compared.isEmpty, compared.allSatisfy({ $0 }) else { return nil }
      return "\(score.defense): the aggregates that the run recorded, bit for bit, in "
        + counted(compared.count, "round")
    }
    return lines.map { $0 + "." }.joined(separator: " ")
  }

  private static func value(_ score: ReplayScore, _ id: String) -> DataTable.Value {
    switch score.ending {
    case .notApplicable(let reason): return .missing("n/a", reason: reason)
    case .failed(let reason): return .missing("failed", reason: reason)
    case .scored: break
    }
    switch score.metrics[id] {
    case .value(let value), .censored(let value): return .number(value, decimals: 3)
    case .absent(let reason): return .missing("n/a", reason: reason)
    case nil: return .missing("n/a", reason: "it was not measured")
    }
  }

  // MARK: - JSON and CSV

  var json: JSONValue {
    ["schema": .string(Self.schema), "dumps": .array(dumps.map(Self.json))]
  }

  private static func json(_ dump: ReplayedDump) -> JSONValue {
    [
      "path": .string(dump.path), "cell": JSONValue(dump.cell), "trial": JSONValue(dump.trial),
      "seed": JSONValue(dump.seed.map { String($0) }),
      "rounds": .array(dump.rounds.map { .integer($0) }), "rows": .integer(dump.rowCount),
      "values": .integer(dump.columnCount),
      "malicious": dump.maliciousCount.map(JSONValue.integer) ?? .null,
      "metrics": values(dump.stealth), "absent": reasons(dump.stealth),
      "defenses": .array(dump.scores.map(json)), "notes": JSONValue(dump.notes),
    ]
  }

  private static func json(_ score: ReplayScore) -> JSONValue {
    let (status, message): (String, String?) =
      switch score.ending {
      case .scored: ("ok", nil)
      case .notApplicable(let reason): ("not-applicable", reason)
      case .failed(let reason): ("error", reason)
      }
    return [
      "defense": .string(score.defense), "status": .string(status), "message": JSONValue(message),
      "metrics": values(score.metrics), "absent": reasons(score.metrics),
      "rounds": .array(
        score.rounds.map { round in
          [
            "round": .integer(round.round),
            "figures": .object(
              round.figures.filter { $0.value.isFinite }.mapValues(JSONValue.number)),
            "aggregate_sha256": JSONValue(round.aggregateSHA256),
            "as_recorded": round.isAsRecorded.map(JSONValue.bool) ?? .null,
          ]
        }),
    ]
  }

  private static func values(_ outcomes: [String: MetricOutcome]) -> JSONValue {
    .object(outcomes.mapValues { JSONValue($0.number) })
  }

  private static func reasons(_ outcomes: [String: MetricOutcome]) -> JSONValue {
    .object(
      outcomes.compactMapValues { outcome in
        if case .absent(let reason) = outcome { .string(reason) } else { nil }
      })
  }

  /// One line per dump, defense and metric; what depends on no defense has an empty one.
  var csv: String {
    var text = CSV.line(["dump", "cell", "seed", "defense", "metric", "value", "absent"])
    for dump in dumps {
      let start = [
        CSV.text(dump.path), CSV.text(dump.cell ?? ""), dump.seed.map { String($0) } ?? "",
      ]
      func add(_ outcomes: [String: MetricOutcome], _ defense: String) {
        for (id, outcome) in outcomes.sorted(by: { $0.key < $1.key }) {
          var reason = ""
          if case .absent(let text) = outcome { reason = text }
          text += CSV.line(
            start + [
              CSV.text(defense), id, outcome.number.map { CanonicalJSON.number($0) } ?? "",
              CSV.text(reason),
            ])
        }
      }
      add(dump.stealth, "")
      for score in dump.scores {
        switch score.ending {
        case .scored: add(score.metrics, score.defense)
        case .notApplicable(let reason), .failed(let reason):
          text += CSV.line(start + [CSV.text(score.defense), "", "", CSV.text(reason)])
        }
      }
    }
    return text
  }
}

extension MetricOutcome {
  /// The value, if it is one that a file can hold.
  fileprivate var number: Double? {
    switch self {
    case .value(let value), .censored(let value): value.isFinite ? value : nil
    case .absent: nil
    }
  }
}

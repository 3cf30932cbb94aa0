import Gating
import Results

/// What an audit looks at of one combination of axes.
struct AuditedSetting: Hashable, Sendable {
  /// What the catalog calls the data set; `nil` where the scenario does not say.
  var dataset: String?
  /// The mean accuracy without an attack under the plain mean, after the last round.
  var cleanAccuracy: Double?
  var partition: String?
  /// The concentration of a Dirichlet partition.
  var alpha: Double?
  var algorithm: String?
  /// Batches that a client computes in a round, where the scenario counts them.
  var steps: Int?
  var clientCount: Int?
  /// The share of the clients that take part in a round.
  var participation: Double?
  var maliciousCount: Int?

  /// Each setting of the results that has trials, once.
  ///
  /// - Complexity: O(combinations of axes x cells without an attack).
  static func all(of study: Study) -> [AuditedSetting] {
    let present = Set(study.grid.rows.map(\.axes))
    var seen: Set<AuditedSetting> = []
    return Setting.all(in: study.results.resolved).compactMap { setting in
      guard present.contains(setting.axes) else { return nil }
      let found = AuditedSetting(setting, study)
      return seen.insert(found).inserted ? found : nil
    }
  }

  private init(_ setting: Setting, _ study: Study) {
    let scenario = setting.scenario
    dataset = scenario["task", "dataset", "id"]?.text
    partition = scenario["clients", "partition", "id"]?.text
    alpha = scenario["clients", "partition", "parameters", "alpha"]?.value
    algorithm = scenario["server", "algorithm"]?.text
    steps = scenario["task", "local", "steps"]?.count
    clientCount = scenario["clients", "count"]?.count
    participation = scenario["clients", "participation"]?.value
    maliciousCount = scenario["threat", "malicious"]?.count
    for defense in study.grid.defenses where study.references.undefended.contains(defense) {
      let cell = CellID(attack: "", defense: defense, axes: setting.axes)
      guard let twin = study.twin(of: cell) else { continue }
      cleanAccuracy = study.summary(twin, "accuracy.final").mean
      break
    }
  }
}

extension JSONValue {
  /// What lies under some keys, one within the other.
  subscript(_ path: String...) -> JSONValue? {
    path.reduce(JSONValue?.some(self)) { value, key in
      if case .object(let members)? = value { members[key] } else { nil }
    }
  }

  var text: String? { if case .string(let text) = self { text } else { nil } }

  var value: Double? {
    switch self {
    case .integer(let value): Double(value)
    case .number(let value): value
    default: nil
    }
  }

  /// A count that fits an integer.
  var count: Int? {
    switch self {
    case .integer(let value): value
    case .number(let value): Int(exactly: value)
    default: nil
    }
  }
}

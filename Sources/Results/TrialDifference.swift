/// Two trials with one key and unequal numbers: somewhere, the same work gave something else.
public struct TrialDifference: Hashable, Sendable {
  public var key: String
  public var cell: String
  public var seed: Int
  /// The first number that differs: a metric's id, `status`, `censored`, `roc.` with a detector, or
  /// `parameters_sha256`.
  public var name: String
  public var values: [String]
  /// How many numbers differ in all.
  public var count: Int

  /// Compares what a trial computed: its metrics but for the times in `cost.`, its absent and
  /// censored ones, its parameters, and the curves that both have.
  ///
  /// Returns `nil` for equal numbers, and where one of the two did not come to an end. That one of
  /// them ran and the other could not be run is a difference.
  ///
  /// - Precondition: The keys are equal.
  public init?(_ first: TrialRecordV1, _ second: TrialRecordV1) {
    self.init(first, second, ignoringGaps: false)
  }

  /// Compares only what both have: a later line may fill in metrics whose references had failed.
  init?(_ first: TrialRecordV1, mendedBy second: TrialRecordV1) {
    self.init(first, second, ignoringGaps: true)
  }

  private init?(_ first: TrialRecordV1, _ second: TrialRecordV1, ignoringGaps: Bool) {
    precondition(first.key == second.key, "trials with keys \(first.key) and \(second.key)")
    guard first.isSettled, second.isSettled else { return nil }
    let (left, right) = (Self.numbers(of: first), Self.numbers(of: second))
    let names = Set(left.keys).union(right.keys).filter { name in
      if ignoringGaps, name == "censored" || !Self.isInBoth(name, first, second) { return false }
      // Lines of earlier versions have no curves.
      if name.hasPrefix(Self.curvePrefix), left[name] == nil || right[name] == nil { return false }
      return left[name] != right[name]
    }.sorted()
    guard let name = names.first else { return nil }
    (key, cell, seed) = (first.key, first.cell, first.seed)
    self.name = name
    values = [left, right].map { $0[name] ?? "nothing" }
    count = names.count
  }

  /// Whether both have a value, where the name is that of a metric.
  private static func isInBoth(
    _ name: String, _ first: TrialRecordV1, _ second: TrialRecordV1
  ) -> Bool {
    let values = [first, second].compactMap { $0.metrics[name] }
    return values.isEmpty || values.compactMap(\.self).count == 2
  }

  private static func numbers(of record: TrialRecordV1) -> [String: String] {
    var numbers = [
      "status": record.status.rawValue,
      "parameters_sha256": record.parametersSHA256 ?? "nothing",
      "censored": record.censored.sorted().joined(separator: " "),
    ]
    for (id, value) in record.metrics where !TimingMetrics.ids.contains(id) {
      numbers[id] =
        value.map(CanonicalJSON.number) ?? "absent (\(record.absent[id] ?? "no reason"))"
    }
    for (detector, rates) in record.roc {
      numbers[curvePrefix + detector] = rates.map { CanonicalJSON.number($0) }
        .joined(separator: " ")
    }
    return numbers
  }

  private static let curvePrefix = "roc."

  /// The first ten, one per line, then how many there are.
  static func text(_ differences: [TrialDifference]) -> String {
    let lines = differences.prefix(10).map { difference in
      "\(difference.cell), seed \(difference.seed): \(difference.name) is "
        + difference.values.joined(separator: " and ")
        + (difference.count > 1 ? ", and \(difference.count - 1) more differ" : "")
        + " (\(difference.key))"
    }
    let others = differences.count - 10
    let rest = others > 0 ? ["and \(others) more \(others == 1 ? "trial" : "trials")"] : []
    let head =
      (differences.count == 1 ? "1 trial has" : "\(differences.count) trials have")
      + " the same key and other numbers: an engine or a machine is not deterministic"
    return ([head] + lines + rest).joined(separator: "\n")
  }
}

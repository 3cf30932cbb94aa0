public import Results

/// What came of running a sample of an entry's trials again.
public struct Verification: Hashable, Sendable {
  /// A trial that did not come out the same.
  public struct Difference: Hashable, Sendable {
    public var cell: String
    public var seed: Int
    /// The first thing that differs: `parameters_sha256`, `status`, `rounds`, `flags`, `censored`,
    /// `resolved.` with a name, or a metric's id.
    public var name: String
    public var recorded: String
    public var found: String
  }

  /// How many trials the entry has that could be drawn.
  public var total: Int
  /// How many were drawn and run again.
  public var sampled: Int
  public private(set) var differences: [Difference] = []

  public var agreed: Int { sampled - differences.count }

  /// Compares to the bit all that entries carry but times: the final parameters, metrics, the trial's
  /// own flags, and what the run worked out.
  ///
  /// - Parameters:
  ///   - total: How many trials could be drawn.
  ///   - sample: The trials that were drawn.
  ///   - reruns: What came of them; one that is missing differs.
  public init(total: Int, sample: [TrialRecordV1], reruns: [TrialRecordV1]) {
    self.total = total
    sampled = sample.count
    let found = Dictionary(reruns.map { ($0.identity, $0) }) { _, last in last }
    differences = sample.compactMap { record in
      guard let rerun = found[record.identity] else {
        return Difference(
          cell: record.cell, seed: record.seed, name: "trial", recorded: "there",
          found: "not run")
      }
      return Self.difference(record, rerun)
    }
  }

  /// The first number in which two trials differ; one that only one of them has is a difference.
  private static func difference(_ record: TrialRecordV1, _ rerun: TrialRecordV1) -> Difference? {
    let (left, right) = (numbers(of: record), numbers(of: rerun))
    let names = Set(left.keys).union(right.keys)
    let first = names.sorted { order($0) < order($1) }.first { left[$0] != right[$0] }
    return first.map {
      Difference(
        cell: record.cell, seed: record.seed, name: $0, recorded: left[$0] ?? "nothing",
        found: right[$0] ?? "nothing")
    }
  }

  /// The parameters first: they tell most.
  private static func order(_ name: String) -> String {
    name == "parameters_sha256" ? "0" : name == "status" ? "1" : "2" + name
  }

  /// What is compared, as an entry carries it, without times.
  private static func numbers(of record: TrialRecordV1) -> [String: String] {
    let record = CompactTrial.of(record)
    var numbers = [
      "status": record.status.rawValue,
      "parameters_sha256": record.parametersSHA256 ?? "nothing",
      "rounds": "\(record.rounds)",
      "flags": list(record.flags), "censored": list(record.censored),
    ]
    for (id, value) in record.metrics where !TimingMetrics.ids.contains(id) {
      numbers[id] = value.map(CanonicalJSON.number)
    }
    for (name, value) in record.resolved {
      numbers["resolved." + name] = CanonicalJSON.number(value)
    }
    return numbers
  }

  private static func list(_ names: [String]) -> String {
    names.isEmpty ? "nothing" : names.sorted().joined(separator: " ")
  }
}

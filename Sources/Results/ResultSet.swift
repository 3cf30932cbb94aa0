/// The trials of one run with what they are measurements of.
public struct ResultSet: Hashable, Sendable {
  /// The scenario's name.
  public var scenario: String
  /// The engine number: raised whenever numbers may change.
  public var engine: Int
  /// Data sets with the digests of their decoded arrays.
  public var data: [RunManifestV1.Data]
  /// The resolved scenario of each combination of axes, as in `run.json`.
  public var resolved: JSONValue
  public var records: [TrialRecordV1]
  /// What a gate has to warn of, such as a log that was changed after its run.
  public var warnings: [String] = []

  public init(
    scenario: String, engine: Int, data: [RunManifestV1.Data], resolved: JSONValue,
    records: [TrialRecordV1]
  ) {
    self.scenario = scenario
    self.engine = engine
    self.data = data
    self.resolved = resolved
    self.records = records
  }

  public init(_ manifest: RunManifestV1, _ records: [TrialRecordV1]) {
    self.init(
      scenario: manifest.scenario.name, engine: manifest.engine, data: manifest.data,
      resolved: manifest.scenario.resolved, records: records)
  }
}

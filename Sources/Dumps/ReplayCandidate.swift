public import Federation

/// A defense that recorded rounds are played to, by the name that users see.
public struct ReplayCandidate {
  /// A defense that is ready, with what its catalog entries say of it.
  public struct Made: Sendable {
    public var pipeline: DefensePipeline
    public var needs: DefenseNeeds
    /// Whether a rejection by the rule says that a client is malicious.
    public var declaresMalicious: Bool
    public var isStateful: Bool
    /// The smallest number of Byzantine rows that a part of it was told.
    public var declaredByzantine: Int?
    /// The memory that it takes besides the rows.
    public var workingBytes: Double

    public init(
      pipeline: DefensePipeline, needs: DefenseNeeds, declaresMalicious: Bool, isStateful: Bool,
      declaredByzantine: Int?, workingBytes: Double
    ) {
      self.pipeline = pipeline
      self.needs = needs
      self.declaresMalicious = declaresMalicious
      self.isStateful = isStateful
      self.declaredByzantine = declaredByzantine
      self.workingBytes = workingBytes
    }
  }

  public let name: String
  /// Makes it for the facts of a dump; the number is that of attackers per round that its run declares.
  let make: (_ setup: DefenseSetup, _ columnCount: Int, _ declared: Int?) throws -> Made

  public init(
    _ name: String,
    make: @escaping (_ setup: DefenseSetup, _ columnCount: Int, _ declared: Int?) throws -> Made
  ) {
    self.name = name
    self.make = make
  }
}

public import Datasets
public import Tensors
public import Training

/// What a defense needs besides the updates; a plan refuses what the scenario does not have.
public struct DefenseNeeds: OptionSet, Sendable, Hashable {
  public let rawValue: Int
  public init(rawValue: Int) { self.rawValue = rawValue }

  /// A small clean data set held by the server, ``DefenseSetup/rootData``.
  public static let rootData = DefenseNeeds(rawValue: 1 << 0)
  /// The architecture and the layout of its parameters.
  public static let model = DefenseNeeds(rawValue: 1 << 1)
  /// One client per row under the same id in every round: no stage that mixes rows.
  public static let stableClients = DefenseNeeds(rawValue: 1 << 2)
  /// Every client in every round.
  public static let fullParticipation = DefenseNeeds(rawValue: 1 << 3)
  /// Examples of another distribution held by the server.
  public static let outOfDistributionData = DefenseNeeds(rawValue: 1 << 4)

  /// What the server trains on its root data in each round, ``RoundContext/rootUpdate``; only with
  /// ``rootData``, which is what a scenario has to give.
  public static let rootUpdate = DefenseNeeds(rawValue: 1 << 5)

  /// Each need that a scenario has to meet, with its name in listings.
  public static let names: [(need: DefenseNeeds, name: String)] = [
    (.rootData, "root-data"), (.model, "model"), (.stableClients, "stable-clients"),
    (.fullParticipation, "full-participation"),
    (.outOfDistributionData, "out-of-distribution-data"),
  ]
}

/// Fixed facts a defense may use when a run starts.
public struct DefenseSetup: Sendable {
  /// The number of submissions per round, n; of rows, behind a stage that changes it.
  public let participantCount: Int
  /// The number of clients that may take part in some round, N.
  public let clientCount: Int
  /// The number of rounds; 1 on a bare matrix.
  public let roundCount: Int
  /// Where each tensor lies in a row; empty on a bare matrix.
  public let layout: ParameterLayout
  /// The architecture; `nil` on a bare matrix.
  public let model: (any Model)?
  /// Clean examples of the server; `nil` where the scenario gives it none.
  public let rootData: Shard?
  /// Examples of another distribution; `nil` where the scenario gives the server none.
  public let outOfDistributionData: Shard?

  public init(
    participantCount: Int, clientCount: Int? = nil, roundCount: Int = 1,
    layout: ParameterLayout = ParameterLayout([]), model: (any Model)? = nil,
    rootData: Shard? = nil, outOfDistributionData: Shard? = nil
  ) {
    self.participantCount = participantCount
    self.clientCount = clientCount ?? participantCount
    self.roundCount = roundCount
    self.layout = layout
    self.model = model
    self.rootData = rootData
    self.outOfDistributionData = outOfDistributionData
  }

  /// The same facts for what comes behind a stage, which may change the number of rows.
  public func after(_ stage: some PreAggregator) -> DefenseSetup {
    DefenseSetup(
      participantCount: stage.rowCount(from: participantCount), clientCount: clientCount,
      roundCount: roundCount, layout: layout, model: model, rootData: rootData,
      outOfDistributionData: outOfDistributionData)
  }
}

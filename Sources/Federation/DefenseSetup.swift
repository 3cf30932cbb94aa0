public import Tensors

/// What a defense needs from the server besides the updates.
public struct DefenseNeeds: OptionSet, Sendable {
  public let rawValue: Int
  public init(rawValue: Int) { self.rawValue = rawValue }

  /// A small clean data set held by the server.
  public static let rootData = DefenseNeeds(rawValue: 1 << 0)
}

/// Fixed facts a defense may use when a run starts.
public struct DefenseSetup: Sendable {
  /// The number of submissions per round, n.
  public let participantCount: Int
  /// Where each tensor lies in a row; empty on a bare matrix.
  public let layout: ParameterLayout

  public init(participantCount: Int, layout: ParameterLayout = ParameterLayout([])) {
    self.participantCount = participantCount
    self.layout = layout
  }
}

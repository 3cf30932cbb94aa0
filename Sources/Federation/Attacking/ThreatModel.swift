/// What an attack needs to see and is able to touch.
public struct ThreatModel: Sendable, Hashable {
  /// What the attacker knows; the engine hands over no more than this.
  public enum Knowledge: Int, Sendable, Comparable {
    /// Its own clients' data and updates, and the global model (K0, K1).
    case ownClients
    /// All honest updates of the round too (K2).
    case honestUpdates
    /// The defense too: it may rehearse on a copy of it (K3).
    case defense

    public static func < (a: Self, b: Self) -> Bool { a.rawValue < b.rawValue }
  }

  /// Where the attacker acts.
  public struct Surface: OptionSet, Sendable, Hashable {
    public let rawValue: Int
    public init(rawValue: Int) { self.rawValue = rawValue }

    public static let data = Surface(rawValue: 1 << 0)
    public static let training = Surface(rawValue: 1 << 1)
    public static let update = Surface(rawValue: 1 << 2)
  }

  public let surface: Surface
  public let knowledge: Knowledge

  public init(surface: Surface, knowledge: Knowledge = .ownClients) {
    self.surface = surface
    self.knowledge = knowledge
  }

  /// The model of an attacker that does both.
  public func union(_ other: ThreatModel) -> ThreatModel {
    ThreatModel(
      surface: surface.union(other.surface), knowledge: max(knowledge, other.knowledge))
  }
}

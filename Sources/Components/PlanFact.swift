/// A fact of a plan that a parameter may default to, by its name in the scenario.
public struct PlanFact: Sendable, Hashable, ExpressibleByStringLiteral {
  public let rawValue: String

  public init(_ rawValue: String) { self.rawValue = rawValue }
  public init(stringLiteral value: String) { rawValue = value }

  /// The number of Byzantine clients that the defense is told to expect in a round.
  public static let declaredByzantine: PlanFact = "f"

  /// A key of the scenario's backdoor: its trigger, a parameter of that, target or source.
  public static func backdoor(_ key: String) -> PlanFact { PlanFact("backdoor.\(key)") }
}

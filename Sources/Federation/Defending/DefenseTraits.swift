/// What kind of rule, stage or finisher it is.
public struct DefenseTraits: OptionSet, Sendable {
  public let rawValue: Int
  public init(rawValue: Int) { self.rawValue = rawValue }

  /// A rejection says that a client is malicious.
  ///
  /// Rules that merely select (Krum) or that judge
  /// nobody (median) do not, and detection rates of declared clients do not apply to them.
  public static let declaresMalicious = DefenseTraits(rawValue: 1 << 0)
  /// Its result depends on earlier rounds.
  public static let stateful = DefenseTraits(rawValue: 1 << 1)
  /// A server that sees nothing but sums over clients can do it, and check what clients did for it.
  ///
  /// That is: it needs sums of what each client computes from its own update and from public values,
  /// and of single updates nothing but a bound on their norm, which a client can prove. With another
  /// choice of parameters it may not be so; its manifest says so then.
  public static let secureAggregation = DefenseTraits(rawValue: 1 << 2)
  /// The result is a sum of the rows with weights that do not depend on them.
  public static let fixedWeights = DefenseTraits(rawValue: 1 << 3)
}

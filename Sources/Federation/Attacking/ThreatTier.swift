/// What an attacker has to be, from the weakest to the strongest; tables never average over tiers.
public enum ThreatTier: String, Sendable, Hashable, CaseIterable, Comparable {
  /// Clients without data that send what they like.
  case fakeClient = "fake-client"
  /// Clients that train as told, on data that the attacker chose.
  case dataOnly = "data-only"
  /// Compromised clients that know their own data, their updates and the global model.
  case ownKnowledge = "own-knowledge"
  /// An attacker that sees every honest update and knows the rule.
  case omniscient

  public static func < (a: Self, b: Self) -> Bool {
    (allCases.firstIndex(of: a) ?? 0) < (allCases.firstIndex(of: b) ?? 0)
  }
}

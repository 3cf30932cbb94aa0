public import Components
public import Federation

/// No attack: controlled clients behave like honest ones.
///
/// The honest twin of every attack; scenarios name it to measure what a defense costs in peace.
public struct NoAttack: Attack {
  public static let manifest = ComponentManifest(
    id: "none",
    summary: "Controlled clients behave like honest ones.",
    formula: "Δ_a = the honest update",
    origin: "None: the base line of every comparison.")
  public static let tier = ThreatTier.fakeClient

  public init(_: Arguments, setup _: AttackSetup) throws(ConfigurationError) {}

  public var threatModel: ThreatModel { ThreatModel(surface: []) }
  public var goal: AttackGoal { .none }
}

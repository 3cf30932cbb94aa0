import Components
import Federation

/// The attack that is none.
struct Honest: Attack {
  static let tier = ThreatTier.ownKnowledge
  static let manifest = ComponentManifest(id: "none", summary: "")
  init(_: Arguments, setup _: AttackSetup) {}
  var threatModel: ThreatModel { ThreatModel(surface: []) }
  var goal: AttackGoal { .none }
}

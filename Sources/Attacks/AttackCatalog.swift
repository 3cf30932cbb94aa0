public import Federation

/// The attacks that come with the suite, by id.
public let builtInAttacks: [AttackEntry] = [
  AttackEntry(BackdoorAttack.self),
  AttackEntry(GaussianNoise.self),
  AttackEntry(GradientAscent.self),
  AttackEntry(LabelFlip.self),
  AttackEntry(ModelReplacement.self),
  AttackEntry(NaNUpdate.self),
  AttackEntry(NoAttack.self),
  AttackEntry(SignFlip.self),
  AttackEntry(ZeroUpdate.self),
]

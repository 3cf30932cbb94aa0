public import Federation

/// The attacks that come with the suite, by id.
public let builtInAttacks: [AttackEntry] = [
  AttackEntry(AGRTailored.self),
  AttackEntry(ALIE.self),
  AttackEntry(BackdoorAttack.self),
  AttackEntry(ClusterChain.self),
  AttackEntry(DistributedBackdoor.self),
  AttackEntry(EdgeCase.self),
  AttackEntry(FangKrum.self),
  AttackEntry(FangTrimmedMean.self),
  AttackEntry(GaussianNoise.self),
  AttackEntry(GradientAscent.self),
  AttackEntry(HugeUpdate.self),
  AttackEntry(InfiniteUpdate.self),
  AttackEntry(InnerProductManipulation.self),
  AttackEntry(LabelFlip.self),
  AttackEntry(MaximallyAccepted.self),
  AttackEntry(Mimic.self),
  AttackEntry(MinMax.self),
  AttackEntry(MinSum.self),
  AttackEntry(ModelReplacement.self),
  AttackEntry(NaNUpdate.self),
  AttackEntry(NegativeMean.self),
  AttackEntry(Neurotoxin.self),
  AttackEntry(NoAttack.self),
  AttackEntry(OptimalALIE.self),
  AttackEntry(OptimalInnerProductManipulation.self),
  AttackEntry(PoisonedFL.self),
  AttackEntry(RelocatedOrthogonalPerturbation.self),
  AttackEntry(SignFlip.self),
  AttackEntry(SignGuardAdaptive.self),
  AttackEntry(SparseAttack.self),
  AttackEntry(StaleUpdate.self),
  AttackEntry(XFED.self),
  AttackEntry(ZeroUpdate.self),
]

/// The modifiers of attacks that come with the suite, by id.
public let builtInModifiers: [ModifierEntry] = [
  ModifierEntry(ALIEClamp.self),
  ModifierEntry(AnomalyLoss.self),
  ModifierEntry(Boost.self),
  ModifierEntry(GradientMasking.self),
  ModifierEntry(NormBall.self),
  ModifierEntry(NormBound.self),
]

import Federation

/// What a plan says of the defense of a trial, whatever comes of the trial.
public struct DefenseStanding: Hashable, Sendable {
  /// It was told the exact number of attackers.
  public let knowsExactCount: Bool
  /// It uses clean data that the server holds.
  public let usesServerData: Bool
  /// It keeps state between rounds.
  public let isStateful: Bool
}

extension Plan {
  /// What is so of a trial's defense; the trial is one of the plan.
  public func standing(of trial: PlannedTrial) -> DefenseStanding {
    let defense = trial.defenseChoice
    return DefenseStanding(
      knowsExactCount: variants[trial.variant].scenario.declared == .exact
        && defense.usesDeclaredCount,
      usesServerData: !defense.needs.isDisjoint(with: [.rootData, .outOfDistributionData]),
      isStateful: defense.traits.contains(.stateful))
  }
}

import Federation

extension AttackGoal {
  /// The class whose examples the attack wants to be taken for others.
  var sourceClass: Int? {
    switch self {
    case .misclassify(let source): source
    case .backdoor(let backdoor): backdoor.source
    case .none, .degrade: nil
    }
  }
}

/// What success means for the attacker; metrics measure this.
public enum AttackGoal: Sendable, Equatable {
  /// No attack.
  case none
  /// A worse model.
  case degrade
  /// Examples of one class taken for others: label flips with a source.
  case misclassify(source: Int)
  /// Triggered, or given, examples taken for the target.
  case backdoor(Backdoor)
}

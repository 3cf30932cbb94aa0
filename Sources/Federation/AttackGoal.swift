/// What success means for the attacker; metrics measure this.
public enum AttackGoal: Sendable, Equatable {
  /// No attack.
  case none
  /// A worse model.
  case degrade
  /// Examples of one class taken for others: label flips with a source.
  case misclassify(source: Int)
  /// Triggered examples taken for the target.
  case backdoor(Backdoor)
}

/// A trigger, the class it should lead to, and which examples carry it.
public struct Backdoor: Sendable, Hashable {
  public let trigger: Trigger
  public let target: Int
  /// Only examples of this class carry the trigger (source-to-target); `nil`: all but the target.
  public let source: Int?

  public init(trigger: Trigger, target: Int, source: Int? = nil) {
    self.trigger = trigger
    self.target = target
    self.source = source
  }

  /// Whether an example of class `label` counts for the attack success rate.
  public func applies(to label: Int) -> Bool {
    label != target && (source == nil || label == source)
  }
}

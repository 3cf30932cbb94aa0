public import Datasets

/// Test examples with a name of their own; equal names stand for equal examples.
public struct NamedExamples: Sendable, Hashable {
  public let name: String
  public let shard: Shard
  /// Whether an attack wants these very inputs, not others like them: then the confidence in the
  /// target is measured, too.
  public let areChosen: Bool

  public init(name: String, shard: Shard, areChosen: Bool = false) {
    self.name = name
    self.shard = shard
    self.areChosen = areChosen
  }

  public static func == (a: Self, b: Self) -> Bool { a.name == b.name }
  public func hash(into hasher: inout Hasher) { hasher.combine(name) }
}

/// Which examples should be taken for which class: those with a trigger, or given ones.
public struct Backdoor: Sendable, Hashable {
  /// What marks an example; `nil` where ``examples`` succeed as they are.
  public let trigger: Trigger?
  /// Examples that lead to the target as they are (edge cases, semantic features).
  public let examples: NamedExamples?
  public let target: Int
  /// Only examples of this class carry the trigger (source-to-target); `nil`: all but the target.
  public let source: Int?
  /// Tells backdoors apart whose triggers change over the rounds, each in a way of its own, although they
  /// start alike; `nil`: the trigger says all.
  public private(set) var owner: String?

  public init(trigger: Trigger, target: Int, source: Int? = nil) {
    self.trigger = trigger
    examples = nil
    self.target = target
    self.source = source
  }

  /// Creates a backdoor of examples that need no trigger; their labels say what they are.
  public init(examples: NamedExamples, target: Int) {
    trigger = nil
    self.examples = examples
    self.target = target
    source = nil
  }

  /// The same backdoor, of one of several attacks.
  public func owned(by owner: String) -> Backdoor {
    var own = self
    own.owner = owner
    return own
  }

  /// Whether an example of class `label` counts for the attack success rate.
  public func applies(to label: Int) -> Bool {
    label != target && (source == nil || label == source)
  }
}

public import Tensors

/// What attacks of a plan do to examples: to look at, nothing is trained for it.
public struct Preview: Sendable {
  /// An example with its label.
  public struct Example: Sendable, Equatable {
    /// The inputs in the unit of the data, before any normalization.
    public let inputs: [Float]
    public let label: Int
  }

  /// An example before and after.
  public struct Pair: Sendable, Equatable {
    public let before: Example
    public let after: Example
  }

  /// What one attack does; of several that act together each has a row.
  public struct Row: Sendable {
    /// The attack as cells name it, with what of it is swept.
    public let attack: String
    /// The class that marked examples should be taken for; `nil`: it is none.
    public let target: Int?
    /// Test examples that count for the success of the attack, and the same with its trigger; empty where
    /// it has none.
    public let marked: [Pair]
    /// Examples that are the backdoor as they are; empty where there are none.
    public let given: [Example]
    /// Examples of controlled clients as they are, and as they train on them.
    public let poisoned: [Pair]
    /// Whether the trigger is chosen anew in each round; shown is that for the initial model.
    public let isFirstTrigger: Bool
  }

  /// How the inputs are arranged.
  public let shape: InputShape
  /// The characters that inputs are the numbers of; `nil`: inputs are no text.
  public let alphabet: [UInt8]?
  /// The values that test inputs lie between: 0 and 1 where none is outside.
  public let range: ClosedRange<Float>
  public let rows: [Row]
}

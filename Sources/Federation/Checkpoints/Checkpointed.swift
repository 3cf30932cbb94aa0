/// A component that may remember something from round to round.
///
/// What it keeps in stored properties and changes after it was made belongs to a checkpoint, so that a
/// trial goes on from there with the same bits in a process of its own. What it was made with does
/// not: it is made anew, with the same arguments and the same data, before its memory is read.
public protocol Checkpointed {
  /// Writes down all that changed since the component was made, or reads it back.
  ///
  /// The same visits in the same order do both, so that they cannot differ. Nothing else of the
  /// component changes. One without a memory visits nothing.
  mutating func checkpoint(_ pass: inout CheckpointPass)
}

extension Checkpointed {
  public mutating func checkpoint(_: inout CheckpointPass) {}
}

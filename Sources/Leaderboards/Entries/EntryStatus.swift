/// What is known about an entry, weakest first.
public enum EntryStatus: String, Hashable, Sendable, CaseIterable {
  /// A sample of its trials came out differently when somebody ran them again.
  case disputed
  /// It keeps the rules as far as its files tell; its trials' keys could not be computed again.
  case selfReported = "self-reported"
  /// It keeps all rules, and its trials' keys are those of its scenario.
  case checked
  /// It is checked, and a sample of its trials came out the same to the bit.
  case recomputed

  /// In words, for legends.
  public var meaning: String {
    switch self {
    case .disputed:
      "the keeper of the board ran a sample of its trials again, and some came out differently"
    case .selfReported:
      "the files keep the rules; the trials' keys could not be computed again"
    case .checked: "all rules are kept, and the trials' keys are those that its scenario makes"
    case .recomputed:
      "checked, and the keeper of the board ran a sample of its trials again, which came out the same"
        + " to the bit"
    }
  }
}

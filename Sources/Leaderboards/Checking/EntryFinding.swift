public import Results

/// A rule that an entry does not keep.
public struct EntryFinding: Hashable, Sendable {
  public var rule: EntryRule
  public var severity: EntryRule.Severity
  /// The file that it is about.
  public var file: String
  /// Where in it: a line, such as `17`, or a JSON pointer, such as `/scenario/resolved/0`; may be
  /// empty.
  public var place: String
  public var message: String

  public init(
    _ rule: EntryRule, file: String, place: String = "", severity: EntryRule.Severity? = nil,
    _ message: String
  ) {
    self.rule = rule
    self.severity = severity ?? rule.severity
    self.file = file
    self.place = place
    self.message = message
  }

  /// One line for people: place, rule, what is wrong, and what to do.
  public var text: String {
    let location = place.isEmpty ? file : "\(file):\(place)"
    return "\(location): \(rule.id) \(severity.rawValue): \(message); \(rule.remedy)"
  }

  public var json: JSONValue {
    [
      "rule": .string(rule.id), "severity": .string(severity.rawValue), "file": .string(file),
      "place": .string(place), "message": .string(message), "remedy": .string(rule.remedy),
    ]
  }
}

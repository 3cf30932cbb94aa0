import Results

/// A JSON object with keys known beforehand, written in one line of canonical JSON.
///
/// The literal has its keys in canonical order; sorting them again for each of ten thousand lines
/// would take longer than all the rest of a report.
struct JSONLine: Sendable, ExpressibleByDictionaryLiteral {
  private let members: [(key: String, value: JSONValue)]

  /// Takes the members.
  ///
  /// - Precondition: keys are ascending, and of letters and underscores only.
  init(dictionaryLiteral elements: (String, JSONValue)...) {
    for (left, right) in zip(elements, elements.dropFirst()) {
      precondition(left.0 < right.0, "JSON line: '\(left.0)' stands before '\(right.0)'")
    }
    members = elements.map { (key: $0.0, value: $0.1) }
  }

  /// The canonical text.
  var text: String {
    var text = "{"
    for (index, member) in members.enumerated() {
      if index > 0 { text += "," }
      text += "\"\(member.key)\":"
      text += CanonicalJSON.string(member.value)
    }
    return text + "}"
  }
}

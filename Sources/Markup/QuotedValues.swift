/// Values that a message quotes.
public enum QuotedValues {
  /// The message with quoted values cut after so many characters, and an ellipsis in their place.
  ///
  /// A quotation starts after a space or an opening bracket and ends before what is no letter, so
  /// that apostrophes are none.
  ///
  /// - Complexity: O(n)
  public static func shortened(_ message: String, limit: Int = 80) -> String {
    guard message.utf8.count > limit else { return message }
    let scalars = Array(message.unicodeScalars)
    var result = String.UnicodeScalarView()
    // A quotation mark that is not closed once is never closed after it.
    var open: Set<Unicode.Scalar> = []
    var index = 0
    while index < scalars.count {
      let scalar = scalars[index]
      result.append(scalar)
      index += 1
      guard isQuote(scalar), !open.contains(scalar),
        index < 2 || " ([=".unicodeScalars.contains(scalars[index - 2])
      else { continue }
      guard let end = closing(scalar, in: scalars, from: index) else {
        open.insert(scalar)
        continue
      }
      result.append(contentsOf: scalars[index..<min(end, index + limit)])
      if end - index > limit { result.append("…") }
      result.append(scalar)
      index = end + 1
    }
    return String(result)
  }

  private static func isQuote(_ scalar: Unicode.Scalar) -> Bool { scalar == "'" || scalar == "\"" }

  private static func closing(
    _ quote: Unicode.Scalar, in scalars: [Unicode.Scalar], from start: Int
  ) -> Int? {
    scalars.indices[start...].first { index in
      scalars[index] == quote
        && (index + 1 == scalars.count || !scalars[index + 1].properties.isAlphabetic)
    }
  }
}

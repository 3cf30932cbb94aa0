import Markup

/// Line breaks that keep the parts of a list whole.
enum Phrases {
  /// The text in lines of at most a width, broken after commas and semicolons where that does, else
  /// between words; a longer word has a line of its own.
  ///
  /// - Returns: at least one line.
  static func wrapped(_ text: String, to width: Int) -> [String] {
    var lines = [""]
    for phrase in phrases(text) {
      let last = lines[lines.count - 1]
      let joined = last.isEmpty ? phrase : "\(last) \(phrase)"
      if Printable.width(joined) <= width {
        lines[lines.count - 1] = joined
      } else if Printable.width(phrase) <= width {
        lines.append(phrase)
      } else {
        lines.removeLast()
        lines += Printable.wrapped(joined, to: width)
      }
    }
    return lines
  }

  /// The parts of a text, each with the mark that ends it.
  private static func phrases(_ text: String) -> [String] {
    var phrases: [String] = []
    var words: [Substring] = []
    for word in text.split(separator: " ") {
      words.append(word)
      if word.hasSuffix(",") || word.hasSuffix(";") || word.hasSuffix(":") {
        phrases.append(words.joined(separator: " "))
        words = []
      }
    }
    return words.isEmpty ? phrases : phrases + [words.joined(separator: " ")]
  }
}

/// Text that cannot harm a terminal, and its width there.
///
/// Names come from third parties; an escape character in one could move the cursor or recolor
/// what follows.
public enum Printable {
  /// The text with control characters, and those that reverse the writing direction, spelled out
  /// as `\u{1b}`.
  public static func escaped(_ text: String) -> String {
    guard text.unicodeScalars.contains(where: isHazardous) else { return text }
    return text.unicodeScalars.map {
      isHazardous($0) ? "\\u{" + String($0.value, radix: 16) + "}" : String($0)
    }.joined()
  }

  /// The first characters of a text, escaped, with an ellipsis where something is missing.
  ///
  /// - Complexity: O(limit) for a native string, however long.
  public static func excerpt(_ text: String, limit: Int = 80) -> String {
    let scalars = text.unicodeScalars
    guard
      let end = scalars.index(scalars.startIndex, offsetBy: limit, limitedBy: scalars.endIndex),
      end < scalars.endIndex
    else { return escaped(text) }
    return escaped(String(scalars[..<end])) + "…"
  }

  /// Columns that the text takes: 0 for combining marks, 2 for East Asian wide characters.
  ///
  /// ANSI sequences are not understood; measure before coloring.
  public static func width(_ text: String) -> Int {
    text.unicodeScalars.reduce(0) { $0 + width($1) }
  }

  /// The text filled up with spaces on the right; a longer one stays as it is.
  public static func padded(_ text: String, to width: Int) -> String {
    text + String(repeating: " ", count: max(0, width - self.width(text)))
  }

  /// The text filled up with spaces on the left; a longer one stays as it is.
  public static func rightAligned(_ text: String, to width: Int) -> String {
    String(repeating: " ", count: max(0, width - self.width(text))) + text
  }

  /// The text cut to a width, with an ellipsis where something is missing.
  public static func cut(_ text: String, to width: Int) -> String {
    guard self.width(text) > width else { return text }
    guard width > 0 else { return "" }
    var result = ""
    var room = width - 1
    for character in text {
      room -= self.width(String(character))
      if room < 0 { break }
      result.append(character)
    }
    return result + "…"
  }

  /// The words of a text in lines of at most a width; a longer word has a line of its own.
  ///
  /// - Returns: at least one line.
  public static func wrapped(_ text: String, to width: Int) -> [String] {
    var lines = [""]
    for word in text.split(separator: " ") {
      let last = lines[lines.count - 1]
      if last.isEmpty {
        lines[lines.count - 1] = String(word)
      } else if self.width(last) + 1 + self.width(String(word)) <= width {
        lines[lines.count - 1] += " " + word
      } else {
        lines.append(String(word))
      }
    }
    return lines
  }

  public static func withoutTrailingSpaces(_ line: String) -> String {
    String(line.dropLast(line.reversed().prefix { $0 == " " }.count))
  }

  private static func isHazardous(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0..<0x20, 0x7F..<0xA0: true
    case 0x061C, 0x200E, 0x200F, 0x2028...0x202E, 0x2066...0x2069: true
    default: false
    }
  }

  private static func width(_ scalar: Unicode.Scalar) -> Int {
    switch scalar.properties.generalCategory {
    case .nonspacingMark, .enclosingMark, .format: return 0
    default: break
    }
    switch scalar.value {
    case 0x1100...0x115F, 0x2E80...0xA4CF, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F,
      0xFF00...0xFF60, 0xFFE0...0xFFE6, 0x1F300...0x1FAFF, 0x20000...0x3FFFD:
      return 2
    default: return 1
    }
  }
}

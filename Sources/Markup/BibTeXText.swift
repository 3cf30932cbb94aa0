import Foundation

/// Texts of others inside BibTeX.
public enum BibTeXText {
  /// One entry, with its fields in the given order; those that are empty are left out.
  ///
  /// The type is such as `inproceedings`, the key one of ``key(_:_:_:)``, and the values are BibTeX
  /// already, without braces around them.
  public static func entry(
    _ type: String, _ key: String, _ fields: [(name: String, value: String)]
  ) -> String {
    let lines = fields.filter { !$0.value.isEmpty }.map { "  \($0.name) = {\($0.value)}" }
    return "@\(type){\(key),\n" + lines.joined(separator: ",\n") + "\n}\n"
  }

  /// The text as the value of a field; braces balance.
  public static func plain(_ text: String) -> String { LaTeXText.plain(text) }

  /// A title whose names and abbreviations no style may put into small letters.
  ///
  /// In braces stand the words with a capital letter that does not start the title or a part of it
  /// after a colon, or with a further one.
  public static func title(_ text: String) -> String {
    var startsPart = true
    let words = text.split(separator: " ", omittingEmptySubsequences: false).map { word in
      defer { startsPart = word.hasSuffix(":") }
      let isName =
        word.dropFirst().contains(where: \.isUppercase)
        || !startsPart && word.first?.isUppercase == true
      let shown = plain(String(word))
      return isName ? "{\(shown)}" : shown
    }
    return words.joined(separator: " ")
  }

  /// Names of authors; each is one name, however many words it has.
  public static func authors(_ names: [String]) -> String {
    names.map { name in
      let shown = plain(name)
      return name.contains(" ") || name.contains(",") || name == "and" ? "{\(shown)}" : shown
    }.joined(separator: " and ")
  }

  /// A value that hyperlinks are made of, such as a DOI: as it is where it has no character that TeX
  /// or BibTeX would trip over.
  public static func identifier(_ text: String) -> String {
    let isSafe = text.utf8.allSatisfy { byte in
      switch byte {
      case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "z"),
        UInt8(ascii: "A")...UInt8(ascii: "Z"):
        true
      default: "-_.:/()".utf8.contains(byte)
      }
    }
    return isSafe ? text : plain(text)
  }

  /// A key such as `blanchard2017machine`: the first author, the year and the first word of the title
  /// that says something, in small ASCII letters.
  ///
  /// It depends on nothing else, so that a paper has the same key in every bibliography.
  public static func key(_ author: String, _ year: Int, _ title: String) -> String {
    let words = title.split { !$0.isLetter && !$0.isNumber }.map { letters(String($0)) }
    let word = words.first { !$0.isEmpty && !fillers.contains($0) } ?? words.first ?? ""
    return letters(author) + String(year) + word
  }

  /// The key of what has no author and no year, such as a program: its name.
  public static func key(_ name: String) -> String { letters(name) }

  /// Small ASCII letters and digits, accents left out.
  private static func letters(_ text: String) -> String {
    var result = ""
    for scalar in text.lowercased().decomposedStringWithCanonicalMapping.unicodeScalars {
      switch scalar {
      case "a"..."z", "0"..."9": result.unicodeScalars.append(scalar)
      case "ı": result += "i"
      case "ß": result += "ss"
      case "ø": result += "o"
      case "ł": result += "l"
      case "æ": result += "ae"
      case "œ": result += "oe"
      default: break
      }
    }
    return result
  }

  private static let fillers: Set<String> = [
    "a", "an", "the", "on", "of", "in", "to", "and", "by", "for", "is", "are", "do", "we", "can",
    "you", "or", "with", "how", "from",
  ]
}

import Markup

/// Texts of others inside commands that a reader may copy into a shell.
package enum ShellWord {
  /// The text as one word, with control characters spelled out; plain names stay as they are.
  package static func quoted(_ text: String) -> String {
    let shown = Printable.escaped(text)
    let isPlain = shown.utf8.allSatisfy { byte in
      switch byte {
      case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "z"),
        UInt8(ascii: "A")...UInt8(ascii: "Z"):
        true
      default: "-_.+/:,@%".utf8.contains(byte)
      }
    }
    if isPlain && !shown.isEmpty { return shown }
    return "'"
      + shown.split(separator: "'", omittingEmptySubsequences: false)
      .joined(separator: #"'\''"#) + "'"
  }
}

import Reporting
import Simulation

/// A preview of texts as a table: a line for each text, with what should be named after it.
struct PreviewTable {
  private let preview: Preview
  private let alphabet: [UInt8]

  /// `nil` where inputs are no text.
  init?(_ preview: Preview) {
    guard let alphabet = preview.alphabet else { return nil }
    self.preview = preview
    self.alphabet = alphabet
  }

  var table: ListTable {
    var rows: [[String]] = []
    for row in preview.rows {
      func add(_ kind: String, _ example: Preview.Example, _ label: String) {
        rows.append([row.attack, kind, label, text(example)])
      }
      for pair in row.marked {
        add("clean", pair.before, character(pair.before.label))
        add(
          "triggered", pair.after,
          row.target.map { change(pair.before.label, $0) } ?? character(pair.before.label))
      }
      for example in row.given { add("triggered", example, character(example.label)) }
      for pair in row.poisoned {
        add("poisoned", pair.after, change(pair.before.label, pair.after.label))
      }
    }
    return ListTable(header: ["attack", "text", "next", "characters"], rows: rows)
  }

  private func change(_ old: Int, _ new: Int) -> String {
    old == new ? character(old) : "\(character(old)) > \(character(new))"
  }

  private func text(_ example: Preview.Example) -> String {
    // What was normalized comes back a little above or below its number.
    "'"
      + example.inputs.map { plain($0.isFinite ? Int(max(0, min($0, 1e6)).rounded()) : 0) }.joined()
      + "'"
  }

  /// A label with its number, which a scenario's `target` takes.
  private func character(_ number: Int) -> String { "'\(plain(number))' \(number)" }

  private func plain(_ number: Int) -> String {
    guard alphabet.indices.contains(number) else { return "?" }
    let byte = alphabet[number]
    return byte == 0x0a ? "\\n" : String(UnicodeScalar(byte))
  }
}

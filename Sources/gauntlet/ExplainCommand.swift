import ArgumentParser
import Components
import Diagnostics
import Federation
import Simulation

struct ExplainCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "explain",
    abstract: "Explains an attack, defense, metric, data set or anything else by its id.")

  @Argument(help: "Such as krum, model-replacement, asr.stop or oracle-f.")
  var id: String

  func run() throws {
    try reportingErrors {
      let all = Glossary.all
      let matches = all.filter { $0.id == id || $0.matchesFamily(id) }
      guard !matches.isEmpty else { throw Failure(Self.unknown(id, among: all.map(\.id))) }
      try Console.print(matches.map(text).joined(separator: "\n"))
    }
  }

  /// The nearest id, or those that go on like this one, or where to look.
  private static func unknown(_ id: String, among known: [String]) -> String {
    let lead = "nothing has the id '\(excerpt(id))'"
    // The list of everything would fill a screen.
    if let best = nearest(to: id, among: known) { return lead + "; did you mean '\(best)'?" }
    let family = known.filter { !id.isEmpty && $0.hasPrefix(id) }.uniqued()
    if !family.isEmpty { return lead + "; there are " + family.joined(separator: ", ") }
    return lead + "; 'gauntlet list attacks' shows ids, and so with defenses, metrics and datasets"
  }

  private func text(_ entry: GlossaryEntry) -> String {
    var lines = ["\(entry.id) (\(entry.kind))", "", indented(entry.summary)]
    for detail in entry.details {
      lines += ["", "\(detail.heading):", indented(detail.text)]
    }
    if !entry.parameters.isEmpty {
      lines += ["", "parameters:"]
      for parameter in entry.parameters {
        let head = "\(parameter.name): \(parameter.kind); default \(parameter.defaultText)"
        lines += [indented(head, hanging: 4), indented(parameter.help, by: 6)]
      }
    }
    return lines.joined(separator: "\n") + "\n"
  }

  /// Wraps words at the width of tables; lines after the first are `hanging` columns further in.
  private func indented(_ text: String, by indent: Int = 2, hanging: Int = 0) -> String {
    text.split(separator: "\n").map { paragraph in
      var lines: [String] = []
      var line = String(repeating: " ", count: indent)
      var isEmpty = true
      for word in paragraph.split(separator: " ") {
        if !isEmpty && line.count + 1 + word.count > Terminal.outputWidth {
          lines.append(line)
          line = String(repeating: " ", count: indent + hanging)
          isEmpty = true
        }
        line += (isEmpty ? "" : " ") + word
        isEmpty = false
      }
      return (lines + [line]).joined(separator: "\n")
    }.joined(separator: "\n")
  }
}

extension GlossaryEntry {
  /// Whether `id` is one of a family such as `accuracy.class.<c>`.
  fileprivate func matchesFamily(_ id: String) -> Bool {
    guard self.id.hasSuffix("<c>") else { return false }
    let stem = self.id.dropLast(3)
    return id.hasPrefix(stem) && (Int(id.dropFirst(stem.count)) != nil || id == stem + "c")
  }
}

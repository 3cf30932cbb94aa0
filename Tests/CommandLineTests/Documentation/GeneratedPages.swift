import Foundation
import Testing
import _TestSupport

/// The parts of pages that say what is in the program.
enum GeneratedPages {
  private static let kinds: [(id: String, title: String)] = [
    ("attacks", "Attacks"), ("modifiers", "Modifiers of attacks"),
    ("defenses", "Aggregation rules"), ("stages", "Stages before the rule"),
    ("finishers", "Finishers after it"),
  ]

  static func all() throws -> [GeneratedPart] {
    let articles = DocumentationPage.articles
    return try [
      GeneratedPart(path: "README.md", name: "core", text: core()),
      GeneratedPart(path: "README.md", name: "methods", text: methods(briefly: true)),
      GeneratedPart(path: "\(articles)/Methods.md", name: "methods", text: methods()),
      GeneratedPart(
        path: "\(articles)/AttackReference.md", name: "attacks",
        text: details(["attacks", "modifiers"])),
      GeneratedPart(
        path: "\(articles)/DefenseReference.md", name: "defenses",
        text: details(["defenses", "stages", "finishers"])),
      GeneratedPart(path: "\(articles)/ScenarioReference.md", name: "keys", text: keys()),
      GeneratedPart(path: "\(articles)/MetricsAndFlags.md", name: "metrics", text: metrics()),
      GeneratedPart(path: "\(articles)/MetricsAndFlags.md", name: "flags", text: flags()),
      GeneratedPart(path: "\(articles)/MetricsAndFlags.md", name: "series", text: series()),
      GeneratedPart(
        path: "\(articles)/CommandReference.md", name: "commands", text: commands()),
    ] + rules(path: "\(articles)/Leaderboards.md")
  }

  /// Some rows of the main scenario, from the baseline that is recorded of it.
  private static func core() throws -> String {
    struct Baseline: Decodable {
      struct Cell: Decodable {
        let accuracy: [Double]
        let success: [Double]

        enum CodingKeys: String, CodingKey {
          case accuracy = "accuracy.stop"
          case success = "asr.stop"
        }
      }

      let cells: [String: Cell]
    }
    let file = DocumentationPage.root.appendingPathComponent("Baselines/core.json")
    let baseline = try JSONDecoder().decode(Baseline.self, from: Data(contentsOf: file))
    let defenses = ["mean", "median", "multi-krum", "norm-clipping", "fltrust"]
    let attacks = ["none", "backdoor", "model-replacement", "sign-flip", "ipm"]
    let rows = try attacks.map { attack in
      let cells = try defenses.map { try #require(baseline.cells["\(attack)/\($0)"]) }
      let accuracies = cells.map { mean($0.accuracy) }
      // A model that answers one of ten classes is dead; what it answers is no attack success.
      let successes = zip(cells, accuracies).map { $1 < 0.2 ? "void" : number(mean($0.success)) }
      return [Markdown.code(attack)] + accuracies.map(number) + successes
    }
    let names = defenses.map(Markdown.code)
    let header =
      ["attack"] + names.enumerated().map { $0 == 0 ? "accuracy: \($1)" : $1 }
      + names.enumerated().map { $0 == 0 ? "ASR: \($1)" : $1 }
    return Markdown.table(header, rows) + "\n"
  }

  private static func mean(_ values: [Double]) -> Double {
    values.reduce(0, +) / Double(values.count)
  }

  private static func number(_ value: Double) -> String {
    let thousandths = Int((value * 1_000).rounded())
    return "\(thousandths / 1_000)." + String("\(1_000 + thousandths % 1_000)".dropFirst())
  }

  /// One table per kind.
  private static func methods(briefly: Bool = false) throws -> String {
    try kinds.map { kind in
      let entries = try Glossary.entries(kind.id)
      let rows = entries.map { entry in
        let papers = entry.sources.filter(\.isCitation).map(\.short)
        let paper = papers.isEmpty ? "–" : papers.prefix(briefly ? 1 : 9).joined(separator: "; ")
        return briefly
          ? [Markdown.code(entry.id), paper]
          : [Markdown.code(entry.id), Markdown.text(entry.summary)]
            + (kind.id == "attacks" ? [entry.tier ?? ""] : []) + [paper]
      }
      let header =
        briefly
        ? [kind.title.lowercased(), "paper"]
        : ["id", "what it is"] + (kind.id == "attacks" ? ["tier"] : []) + ["paper"]
      let table = Markdown.table(header, rows)
      return briefly ? table : "## \(kind.title)\n\nThere are \(entries.count).\n\n\(table)"
    }.joined(separator: "\n\n") + "\n"
  }

  /// Everything that `explain` tells about each.
  private static func details(_ wanted: [String]) throws -> String {
    try kinds.filter { wanted.contains($0.id) }.map { kind in
      let sections = try Glossary.entries(kind.id).map(section)
      return "## \(kind.title)\n\n" + sections.joined(separator: "\n\n")
    }.joined(separator: "\n\n") + "\n"
  }

  private static func section(_ entry: Glossary.Entry) -> String {
    var parts = ["### \(entry.id)", Markdown.text(entry.summary)]
    if let formula = entry.formula { parts.append(Markdown.block(formula)) }
    let facts = [
      ("Tier", entry.tier), ("Needs", entry.needs), ("Traits", entry.traits),
      ("Preconditions", entry.preconditions?.replacing("\n", with: "; ")),
    ]
    for (name, text) in facts { if let text { parts.append("*\(name)*: \(Markdown.text(text))") } }
    if let bound = entry.bound?.split(separator: "\n") {
      parts.append("*Proven bound*: \(Markdown.text(String(bound[0])))")
      parts += bound.dropFirst().map { "*Proof*: \(Source(String($0)).full)" }
    }
    parts += entry.sources.map { $0.isCitation ? "*Paper*: \($0.full)" : Markdown.text($0.text) }
    if let parameters = entry.parameters {
      parts.append(
        Markdown.table(
          ["parameter", "values", "default", "what it is"],
          parameters.map {
            [
              Markdown.code($0.name), Markdown.text($0.values), Markdown.text($0.default),
              Markdown.text($0.help),
            ]
          }))
    }
    return parts.joined(separator: "\n\n")
  }

  /// The keys of a scenario, one table for each at the top.
  private static func keys() throws -> String {
    try families(of: Glossary.entries("keys")).map { top, keys in
      let rows = keys.map { key in
        [
          Markdown.code(key.id), Markdown.text(key.values ?? ""),
          Markdown.text(
            (key.standard ?? "").replacing("none: it has to be given", with: "required")),
          Markdown.text(key.summary) + (key.condition.map { " (only with `\($0)`)" } ?? ""),
        ]
      }
      return "## \(top)\n\n" + Markdown.table(["key", "values", "default", "what it is"], rows)
    }.joined(separator: "\n\n") + "\n"
  }

  /// One table per first word of the ids.
  private static func metrics() throws -> String {
    let metrics = try Glossary.entries("metrics")
    return families(of: metrics).map { family, entries in
      let rows = entries.map { metric in
        let better = metric.better ?? ""
        let facts = [
          metric.unit, metric.range, better.hasPrefix("neither") ? nil : "\(better) is better",
          metric.tolerance.map { "tolerance \($0)" },
        ]
        return [
          Markdown.code(metric.id), Markdown.text(metric.summary),
          Markdown.text(facts.compactMap(\.self).joined(separator: ", ")),
        ]
      }
      return "### \(family)\n\n" + Markdown.table(["id", "what it is", "unit and range"], rows)
    }.joined(separator: "\n\n") + "\n"
  }

  /// Entries by what stands before the first dot, in the order of their first ones.
  private static func families(
    of entries: [Glossary.Entry]
  ) -> [(name: String, entries: [Glossary.Entry])] {
    let byName = Dictionary(grouping: entries) { String($0.id.prefix { $0 != "." }) }
    var names: [String] = []
    for entry in entries {
      let name = String(entry.id.prefix { $0 != "." })
      if !names.contains(name) { names.append(name) }
    }
    return names.map { ($0, byName[$0] ?? []) }
  }

  private static func flags() throws -> String {
    Markdown.table(
      ["flag", "what it says", "decided for"],
      try Glossary.entries("flags").map {
        [
          Markdown.code($0.id), Markdown.text($0.summary),
          ($0.decidedFor ?? "").hasPrefix("a cell") ? "the cell" : "each trial",
        ]
      }) + "\n"
  }

  private static func series() throws -> String {
    Markdown.table(
      ["series", "what it is"],
      try Glossary.entries("series").map { [Markdown.code($0.id), Markdown.text($0.summary)] })
      + "\n"
  }

  /// The rules of entries, where the program has them.
  private static func rules(path: String) throws -> [GeneratedPart] {
    guard try CommandTree.program().leaves.contains(["submit", "check"]) else { return [] }
    let folder = try TemporaryFolder()
    let rules = try Program.run(["submit", "check", "--rules"], in: folder.path)
    try #require(rules.status == 0 && rules.errors.isEmpty)
    let text = rules.output.trimmingCharacters(in: .newlines)
    return [GeneratedPart(path: path, name: "rules", text: "```text\n\(text)\n```\n")]
  }

  /// The help of every command.
  private static func commands() throws -> String {
    let folder = try TemporaryFolder()
    let root = try CommandTree.program()
    return try root.leaves.map { path in
      let help = try Program.run(["help"] + path, in: folder.path)
      try #require(help.status == 0 && help.errors.isEmpty)
      let lines = help.output.split(separator: "\n", omittingEmptySubsequences: false)
      var text = lines.filter { !$0.contains("--version") && !$0.contains("-h, --help") }
        .joined(separator: "\n").trimmingCharacters(in: .newlines)
      // A heading of nothing else.
      if text.hasSuffix("\n\nOPTIONS:") { text = String(text.dropLast("\n\nOPTIONS:".count)) }
      return "## gauntlet \(path.joined(separator: " "))\n\n```text\n\(text)\n```"
    }.joined(separator: "\n\n") + "\n"
  }
}

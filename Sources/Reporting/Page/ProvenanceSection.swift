import Foundation
import Markup
import Results
import Studies

/// Where the numbers come from: program, engine, data, files and the scenario as it was understood.
struct ProvenanceSection {
  let page: StudyPage

  func html() -> HTML {
    let manifest = page.study.manifest
    var facts: [(String, String)] = [
      ("scenario", "\(manifest.scenario.name), file digest \(manifest.scenario.sha256)"),
      (
        "program",
        "\(manifest.tool.name) \(manifest.tool.version), engine \(manifest.engine), Swift "
          + "\(manifest.tool.swift), \(manifest.tool.build) build"
      ),
      ("machine", Self.text(manifest.machine)),
      ("command", manifest.invocation.joined(separator: " ")),
      ("started", manifest.started), ("finished", manifest.finished ?? "not finished"),
      (
        "trials",
        manifest.counts.sorted { $0.key < $1.key }.map { "\($0.value) \($0.key)" }
          .joined(separator: ", ")
      ),
    ]
    if let merged = manifest.merged {
      facts.append(("joined from", merged.joined(separator: ", ")))
    }
    for data in manifest.data {
      facts.append(("data set \(data.name)", "\(data.rows) examples, digest \(data.sha256)"))
    }
    for (name, digest) in manifest.files.sorted(by: { $0.key < $1.key }) {
      facts.append((name, digest))
    }
    for warning in page.study.results.warnings { facts.append(("warning", warning)) }
    // An entry of a leaderboard tells neither its machine nor its command.
    facts.removeAll { $1.isEmpty }
    return page.section(
      "provenance", "Where the numbers come from",
      [
        .tag(
          "p", [:],
          """
          Digests are SHA-256. The same scenario, engine and seeds give the same rounds.csv, and the \
          same parameters_sha256 of every trial, for every number of threads, on the machines where \
          that was compared; trials.csv and trials.jsonl hold the times of a run, so that their \
          digests say which run it was.
          """),
        .tag(
          "div", ["class": "scroll"],
          .tag(
            "table", ["class": "plain facts"],
            .tag(
              "tbody", [:],
              all: facts.map { name, text in
                .tag(
                  "tr", [:], .tag("th", ["scope": "row"], .foreign(name)),
                  .tag("td", [:], .tag("code", [:], .foreign(text, limit: 2000))))
              }))),
        .tag(
          "details", [:], .tag("summary", [:], "The scenario with every default filled in"),
          .tag(
            "pre", ["class": "scenario", "tabindex": "0"],
            .text(Self.pretty(page.study.results.resolved)))),
      ])
  }

  /// Empty where the results do not tell it.
  private static func text(_ machine: RunManifestV1.Machine) -> String {
    let cores = machine.cores > 0 ? counted(machine.cores, "core") : ""
    return [machine.arch, cores, machine.os].filter { !$0.isEmpty }.joined(separator: ", ")
  }

  /// The JSON with a line per member, keys sorted.
  static func pretty(_ value: JSONValue) -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    guard let data = try? encoder.encode(value) else { return CanonicalJSON.string(value) }
    return String(decoding: data, as: UTF8.self)
      .split(separator: "\n", omittingEmptySubsequences: false)
      .map { Printable.escaped(String($0)) }.joined(separator: "\n")
  }
}

import Diagnostics
import Markup
import Metrics
import Results
import Simulation
import Studies
import Suite

/// The scores that `--metric` names.
struct ShownScores {
  /// Ids that some trial has a value of, in the order of the catalog, then others by name.
  private let measured: [String]

  init(_ studies: [Study]) {
    var seen: Set<String> = []
    measured = studies.flatMap(\.measuredMetrics).filter { seen.insert($0).inserted }
  }

  /// The scores of ids and patterns separated by commas, each once; without any those that `run` ends
  /// with.
  ///
  /// - Throws: ``Failure`` for a word that no trial has a value of.
  func scores(_ list: String?) throws -> [Score] {
    guard let list else { return Score.shown }
    let words = list.split(separator: ",").map { String($0.trimmingPrefix(" ")) }
    guard !words.isEmpty else { throw Failure("--metric names no metric") }
    var seen: Set<String> = []
    let ids = try words.flatMap { word in
      let found = measured.filter { CellPattern.matches($0, word) }
      guard !found.isEmpty else { throw Failure(problem(word)) }
      return found
    }
    return ids.filter { seen.insert($0).inserted }.map(Self.score)
  }

  private func problem(_ word: String) -> String {
    if measured.isEmpty { return "--metric: no trial has a value of any metric" }
    if word.contains("*") { return "--metric: no metric with a value matches '\(excerpt(word))'" }
    guard MetricCatalog.builtIn.manifest(of: word) == nil else {
      return "--metric: no trial has a value of '\(excerpt(word))'"
    }
    return "--metric: there is no metric '\(excerpt(word))'"
      + suggestion(for: word, among: measured)
  }

  /// A score of the tables, or one made of what the catalog says.
  private static func score(_ id: String) -> Score {
    if let shown = Score.shown.first(where: { $0.metric == id }) { return shown }
    guard let manifest = MetricCatalog.builtIn.manifest(of: id) else {
      return Score(metric: id, title: id, better: .none)
    }
    // The start of a definition says what it is, the rest how it is taken.
    let short = manifest.definition.prefix { !";(".contains($0) }
    return Score(
      metric: id, title: "\(id): \(Printable.withoutTrailingSpaces(String(short)))",
      better: .init(manifest.better),
      decimals: decimals(manifest.unit), bounds: bounds(manifest))
  }

  /// Digits after the point that tell values of a unit apart.
  private static func decimals(_ unit: String) -> Int {
    switch unit {
    case "bytes": 0
    case "rounds", "pixels": 1
    case "seconds": 5
    default: 3
    }
  }

  /// Colors are for rates that are like an accuracy or like an attack success.
  private static func bounds(_ manifest: MetricManifest) -> [Double] {
    guard manifest.unit == "fraction", !manifest.id.contains(".drop") else { return [] }
    return switch (manifest.id.prefix { $0 != "." }, manifest.better) {
    case ("accuracy", .higher): Score.highBounds
    case ("asr", .lower): Score.lowBounds
    default: []
    }
  }
}

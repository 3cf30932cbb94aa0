import Diagnostics
import Studies

/// The axis that `--pivot` names.
struct ShownAxis {
  private let axes: [(key: String, name: String)]

  init(_ study: Study) {
    axes = study.grid.namedAxes + study.grid.constants.map { (key: $0.key, name: $0.key) }
  }

  /// The dotted key of an axis, given the key or its short name.
  ///
  /// - Throws: ``Failure`` where the results have no such axis.
  func key(_ word: String, in path: String) throws -> String {
    guard !axes.isEmpty else {
      throw Failure("--pivot: \(path) has no axes, since its scenario has no matrix")
    }
    if let found = axes.first(where: { $0.key == word || $0.name == word }) { return found.key }
    let known = axes.flatMap { [$0.key, $0.name] }
    let hint = suggestion(for: word, among: known)
    throw Failure(
      "--pivot: \(path) has no axis '\(excerpt(word))'"
        + (hint.isEmpty ? "; it has " + axes.map { excerpt($0.key) }.joined(separator: ", ") : hint)
    )
  }
}

import Markup
import Results
import Studies

/// What stands below every table of a study: where its numbers come from.
struct StudyCaption {
  let study: Study

  init(_ study: Study) { self.study = study }

  /// What the table shows, then the seeds, axes with one value, the scenario, the engine and the start
  /// of the digest of the trials.
  func text(_ sentences: [String]) -> String {
    (sentences + [source]).joined(separator: " ")
  }

  /// How a mean and its interval are to be read.
  static let estimates =
    "Mean over the seeds ± half of its 95 % t interval; ≥ marks a lower bound, /k a mean over the k"
    + " seeds that have a value, ! a figure with a reliability flag; void is attack success on a dead"
    + " model."

  /// What stands for the end of an attack window where there is none.
  static let emptyWindow =
    "Where the attack window is empty, the accuracy is that after the last round (accuracy.final)."

  private var source: String {
    var parts = ["Scenario \(study.name)"]
    parts += study.grid.constants.map { "\($0.key)=\($0.value)" }
    parts.append(seeds)
    parts.append("\(study.manifest.tool.name) \(study.manifest.tool.version)")
    parts.append("engine \(study.manifest.engine)")
    if let digest = study.manifest.files[ResultFolder.trialsName] {
      parts.append("\(ResultFolder.trialsName) \(digest.prefix(12))")
    }
    let isAltered = !(study.manifest.altered ?? []).isEmpty || !study.results.warnings.isEmpty
    return parts.joined(separator: ", ") + "."
      + (isAltered ? " Files of these results were changed after their run." : "")
  }

  private var seeds: String {
    let counts = study.grid.cells.map { cell in study.grid[cell].count { $0.status == .ok } }
      .filter { $0 > 0 }
    guard let least = counts.min(), let most = counts.max() else { return "no finished trial" }
    if least < most { return "\(least) to \(most) seeds a cell" }
    return most == 1 ? "1 seed a cell" : "\(most) seeds a cell"
  }
}

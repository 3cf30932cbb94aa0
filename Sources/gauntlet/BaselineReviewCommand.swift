import ArgumentParser
import Foundation
import Gating
import Reporting
import Results

struct BaselineReviewCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "review", abstract: "Walks through the cells that changed and asks about each.",
    usage: "gauntlet baseline review --from <results> --baseline <file> [options]",
    discussion: """
      Ends with exit code 2 if a change was rejected: the baseline keeps its number, and what \
      changed it has to be mended.
      """)

  @OptionGroup var change: BaselineChange

  @Option(help: ArgumentHelp("The folder of the new results.", valueName: "results"))
  var from: String

  @Option(help: ArgumentHelp("Why the new numbers are right.", valueName: "text"))
  var reason: String = "reviewed"

  @OptionGroup var selection: SelectionOptions

  private enum Answer: Character {
    case accept = "a"
    case reject = "r"
    case skip = "s"
    case quit = "q"
  }

  func run() throws {
    try reportingErrors {
      guard Terminal.isInput else {
        throw Failure(
          "review asks questions, and standard input is no terminal; 'baseline accept' takes cells "
            + "without asking")
      }
      var baseline = try change.read()
      let results = try LoadedFiles.results(from)
      try selection.check(against: results.records.map(\.keys))
      let filter = try selection.filter()
      let changes = try baseline.changes(in: results, isIncluded: filter)
      guard !changes.isEmpty else {
        Console.note("nothing to review: no cell differs from \(change.baseline)")
        return
      }
      let report = Gate(today: LoadedFiles.today, isIncluded: filter).check(
        results, against: baseline)
      var accepted: [BaselineV1.Change] = []
      var rejected = 0
      review: for (index, change) in changes.enumerated() {
        try Console.print(
          "\n[\(index + 1)/\(changes.count)] " + ChangeText(change, baseline.policy).text)
        for finding in report.findings
        where finding.cell == change.after.name && finding.verdict != .identical {
          try Console.print("  \(finding.metric): \(finding.verdict.rawValue): \(finding.message)")
        }
        switch ask() {
        case .accept: accepted.append(change)
        case .reject: rejected += 1
        case .skip: continue
        case .quit: break review
        }
      }
      if !accepted.isEmpty {
        baseline.accept(
          accepted, from: results, entry: change.entry(reason, cells: accepted.count))
        try change.write(baseline)
      }
      Console.note(
        "\(accepted.count) accepted, \(rejected) rejected, "
          + "\(changes.count - accepted.count - rejected) left of "
          + counted(changes.count, "changed cell"))
      if rejected > 0 { throw ExitCode.regressed }
    }
  }

  /// Asks until the answer is one; the end of the input quits.
  private func ask() -> Answer {
    while true {
      Console.prompt("accept, reject, skip or quit [a/r/s/q]? ")
      guard let line = readLine() else { return .quit }
      if let letter = line.lowercased().first(where: { !$0.isWhitespace }),
        let answer = Answer(rawValue: letter)
      {
        return answer
      }
    }
  }
}

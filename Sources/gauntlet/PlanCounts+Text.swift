import Reporting
import Simulation

extension PlanCounts {
  /// How much it is, in the words of `validate`, `plan` and `run`.
  var text: String {
    var remarks: [String] = []
    if impliedTrials > 0 { remarks.append("\(impliedTrials) implied") }
    if requestedNotApplicable > 0 { remarks.append("\(requestedNotApplicable) not applicable") }
    return [
      counted(cells, "cell"), counted(seeds, "seed"),
      counted(trials, "trial") + (remarks.isEmpty ? "" : " (\(remarks.joined(separator: ", ")))"),
      counted(rounds, "round"),
    ].joined(separator: ", ")
  }
}

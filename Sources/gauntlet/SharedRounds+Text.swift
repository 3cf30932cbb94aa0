import Diagnostics
import Reporting
import Simulation

extension SharedRounds {
  /// How much is played once for several trials, in the words of `plan`.
  func text(of workload: Workload) -> String {
    "\(roundCount) of \(counted(workload.roundCount, "round")) are played once for several trials: "
      + "before the attack \(counted(trialCount, "trial")) "
      + (trialCount == 1 ? "goes" : "go") + " on from another with the same defense and seed (at "
      + "most \(MemoryAmount.text(byteCount)) kept)"
  }
}

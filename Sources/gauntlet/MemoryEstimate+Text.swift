import Diagnostics
import Reporting
import Simulation

extension MemoryEstimate {
  /// What a run takes at its peak, in the words of `plan`.
  var text: String {
    let trials = trialsAtOnce == 1 ? "a trial" : "each of \(trialsAtOnce) trials at once"
    return "about \(MemoryAmount.text(byteCount)) of memory, of which "
      + "\(MemoryAmount.text(data)) are data, and \(MemoryAmount.text(trial)) for \(trials)"
  }
}

import Federation
import Results

extension ClientVerdict {
  /// One to be read.
  static let empty = ClientVerdict(
    round: 0, client: 0, isMalicious: false, isActing: false, verdict: "", weight: 0, suspicion: nil
  )

  mutating func checkpoint(_ pass: inout CheckpointPass) {
    pass.visit(&round)
    pass.visit(&client)
    pass.visit(&isMalicious)
    pass.visit(&isActing)
    pass.visit(&verdict)
    pass.visit(&weight)
    pass.visit(&suspicion, from: 0) { $0.visit(&$1) }
  }
}

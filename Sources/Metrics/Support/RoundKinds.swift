import Simulation

/// Which rows of a round are malicious and which honest, ascending.
struct RoundKinds {
  let malicious: [Int]
  let honest: [Int]
  /// Controlled clients whose update was not finite, so that they have no row.
  let droppedMaliciousCount: Int

  init(malicious: [Int], honest: [Int], droppedMaliciousCount: Int = 0) {
    self.malicious = malicious
    self.honest = honest
    self.droppedMaliciousCount = droppedMaliciousCount
  }

  init(_ observation: RoundObservation) {
    let isControlled = observation.isControlled
    self.init(
      malicious: isControlled.indices.filter { isControlled[$0] },
      honest: isControlled.indices.filter { !isControlled[$0] },
      droppedMaliciousCount: observation.droppedControlled.count)
  }
}

import Simulation

/// Which rows of a round are malicious and which honest, ascending.
///
/// Malicious are those of controlled clients that act in the round. One that does not act trains
/// honestly on its clean data, so its row is an honest one.
struct RoundKinds {
  let malicious: [Int]
  let honest: [Int]
  /// Malicious clients whose update was not finite, so that they have no row.
  let droppedMaliciousCount: Int
  /// The other clients of which that is true.
  let droppedHonestCount: Int

  init(
    malicious: [Int], honest: [Int], droppedMaliciousCount: Int = 0, droppedHonestCount: Int = 0
  ) {
    self.malicious = malicious
    self.honest = honest
    self.droppedMaliciousCount = droppedMaliciousCount
    self.droppedHonestCount = droppedHonestCount
  }

  init(_ observation: RoundObservation) {
    let isActing = observation.isActing
    let droppedMaliciousCount = observation.droppedActing.count
    self.init(
      malicious: isActing.indices.filter { isActing[$0] },
      honest: isActing.indices.filter { !isActing[$0] },
      droppedMaliciousCount: droppedMaliciousCount,
      droppedHonestCount: observation.dropped.count - droppedMaliciousCount)
  }

  /// Whether both kinds took part, honest clients with a row that others can be compared with.
  var areBothThere: Bool { malicious.count + droppedMaliciousCount > 0 && !honest.isEmpty }

  /// Whether some update was not finite.
  var areSomeDropped: Bool { droppedMaliciousCount + droppedHonestCount > 0 }
}

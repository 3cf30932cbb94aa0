import Determinism
import Federation
import Simulation
import Testing

@testable import Metrics

/// What meters remember between rounds, in checkpoints.
@Suite struct MeterCheckpointTests {
  private static let clientCount = 8

  private static func setup(followsClients: Bool = true) -> MeterSetup {
    MeterSetup(
      rounds: 24, classCount: 2, parameterCount: 6, backdoor: .sample(target: 1),
      declaredByzantine: 1, followsClients: followsClients,
      labelSkew: (0..<clientCount).map { Double($0 % 5) / 8 })
  }

  /// A round unlike any other: who acts and whose update is dropped, rows, verdicts and the rest.
  private static func observation(_ round: Int) -> RoundObservation {
    var random = SeedPath(root: UInt64(round) + 1).stream()
    let rows = clientCount - 2
    let weights = (0..<rows).map { _ in random.unit() }
    var work = RoundWork()
    work.gradientCount = 10 + 3 * round
    work.honestGradientCount = 7 + round
    return .sample(
      rows: (0..<rows).map { row in
        // Attackers are long in some rounds, and short in most.
        let size: Float = row > 2 ? 1 : round % 4 == 3 ? 9 : 0.1
        return (0..<6).map { _ in Float(random.unit() - 0.4) * size }
      },
      malicious: (0..<rows).map { $0 < 3 },
      acting: (0..<rows).map { row in
        row < 3 && (row == round % 3 || row == 1 && round > 3 || round % 5 == 2)
      },
      droppedMalicious: round % 4 == 1 ? 1 : 0, droppedHonest: round % 3 == 1 ? 1 : 0,
      verdicts: weights.map {
        Verdict(
          $0 < 0.4 ? .rejected : .accepted, weight: $0 < 0.4 ? 0 : $0, suspicion: random.unit())
      },
      aggregate: (0..<6).map { _ in Float(random.unit()) },
      isInWindow: (1..<8).contains(round), localAccuracy: (0..<rows).map { _ in random.unit() },
      evaluation: .rates(accuracy: random.unit(), success: 0.5, backdoor: .sample(target: 1)),
      work: work)
  }

  /// All that a meter says from some round on, by the bits.
  private static func said(_ meter: any RoundMeter, from round: Int) -> [[String: [UInt64]]] {
    var meter = meter
    var said: [[String: [UInt64]]] = (round..<round + 3).map {
      meter.observe(observation($0)).mapValues { [$0.bitPattern] }
    }
    said.append(meter.operatingCurves().mapValues { $0.map(\.bitPattern) })
    said.append(meter.finish().mapValues { [$0.bitPattern] })
    return said
  }

  private static func written(_ meter: any RoundMeter) -> [UInt8] {
    var bytes: [UInt8] = []
    withoutActuallyEscaping({ (more: [UInt8]) -> String? in
      bytes += more
      return nil
    }) { sink in
      var pass = CheckpointPass(writingTo: sink)
      var meter = meter
      meter.checkpoint(&pass)
      pass.finish()
      #expect(pass.problem == nil)
    }
    return bytes
  }

  private static func read(
    _ meter: inout any RoundMeter, from bytes: [UInt8]
  ) -> String? {
    var pass = CheckpointPass(reading: bytes)
    meter.checkpoint(&pass)
    pass.finish()
    return pass.problem
  }

  @Test(arguments: [0, 1, 2, 4, 7, 8], [true, false])
  func aMeterGoesOnFromItsCheckpoint(rounds: Int, followsClients: Bool) {
    for type in builtInMeters {
      var meter = type.init(Self.setup(followsClients: followsClients))
      for round in 0..<rounds { _ = meter.observe(Self.observation(round)) }
      let bytes = Self.written(meter)
      var other = type.init(Self.setup(followsClients: followsClients))
      #expect(Self.read(&other, from: bytes) == nil, "\(type)")
      #expect(Self.written(other) == bytes, "\(type)")
      let (one, two) = (Self.said(meter, from: rounds), Self.said(other, from: rounds))
      #expect(one == two, "\(type)")
    }
  }

  /// Else a meter that visits nothing would do as well.
  @Test func whatAMeterRemembersShows() {
    for type in builtInMeters {
      var meter = type.init(Self.setup())
      for round in 0..<7 { _ = meter.observe(Self.observation(round)) }
      let isForgetful = Self.said(meter, from: 7) == Self.said(type.init(Self.setup()), from: 7)
      #expect(isForgetful == Self.written(meter).isEmpty, "\(type)")
    }
  }

  @Test func bytesThatEndAnywhereAreAProblem() {
    for type in builtInMeters {
      var meter = type.init(Self.setup())
      for round in 0..<4 { _ = meter.observe(Self.observation(round)) }
      let bytes = Self.written(meter)
      for count in 0..<bytes.count {
        var other = type.init(Self.setup())
        #expect(Self.read(&other, from: Array(bytes.prefix(count))) != nil, "\(type): \(count)")
        _ = Self.said(other, from: 4)
      }
    }
  }

  @Test func whatBelongsToAnotherNumberOfClientsIsAProblem() {
    let bytes = Self.written(FairnessMeter(Self.setup()))
    var other: any RoundMeter = FairnessMeter(
      MeterSetup(rounds: 24, classCount: 2, parameterCount: 6, labelSkew: [0, 1]))
    #expect(Self.read(&other, from: bytes) == "it is of another number of clients")
  }
}

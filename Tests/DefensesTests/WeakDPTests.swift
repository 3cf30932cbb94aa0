import Components
import Defenses
import Federation
import Testing

/// The known answers of `Tests/Reference/finishers_weak_dp.py`.
private struct WeakDPCase: Decodable, Sendable {
  var name: String
  var model: [Double]
  var sigma: Double
  var round: Int
  var expected: [Double]
}

@Suite struct WeakDPTests {
  private func make(sigma: Double? = nil) throws -> any ModelFinisher {
    let entry = try makeCatalog().finisher("weak-dp")
    let given: [String: ArgumentValue] = sigma.map { ["sigma": .real($0)] } ?? [:]
    return try entry.make(
      Arguments(given, for: entry.manifest), DefenseSetup(participantCount: 3))
  }

  @Test func agreesWithReference() throws {
    let file = try FixtureFile<WeakDPCase>.load("weak_dp.json")
    #expect(!file.cases.isEmpty)
    for known in file.cases {
      var finisher = try make(sigma: known.sigma)
      var model = known.model.map { Float($0) }
      try finisher.finish(&model, in: makeRound(known.round))
      #expect(agree(model, known.expected), "\(known.name)")
    }
  }

  /// Noise on each of n updates before they are averaged, as a peer has it, comes out √n times too
  /// small.
  @Test(arguments: [1, 5, 40]) func deviationDoesNotDependOnTheNumberOfClients(n: Int) throws {
    let d = 100_000
    var pipeline = DefensePipeline(
      rule: try makeRule("mean", rows: n), finishers: [try make(sigma: 0.5)])
    var updates = makeUpdates(.init(repeating: .init(repeating: 0.25, count: d), count: n))
    var model = try pipeline.aggregate(&updates, in: makeRound()).update
    #expect(model.allSatisfy { $0 == 0.25 })
    try pipeline.finish(&model, in: makeRound())
    let noise = model.map { Double($0) - 0.25 }
    let mean = noise.reduce(0, +) / Double(d)
    let variance = noise.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(d)
    // Five standard errors of a mean and of a variance.
    #expect(abs(mean) < 5 * 0.5 / Double(d).squareRoot())
    #expect(abs(variance - 0.25) < 5 * 0.25 * (2 / Double(d)).squareRoot())
    // A normal value lies within one deviation of 0 with probability 0.6827.
    let inside = Double(noise.count { abs($0) < 0.5 }) / Double(d)
    #expect(abs(inside - 0.6827) < 5 * (0.6827 * 0.3173 / Double(d)).squareRoot())
  }

  @Test func noiseDiffersByRoundAndComesInTheLastOneToo() throws {
    let entry = try makeCatalog().finisher("weak-dp")
    var finisher = try entry.make(
      Arguments([:], for: entry.manifest), DefenseSetup(participantCount: 3, roundCount: 2))
    var models: [[Float]] = []
    for number in 0..<2 {
      var model: [Float] = [1, -2, 0]
      try finisher.finish(&model, in: makeRound(number))
      models.append(model)
    }
    #expect(models[0] != [1, -2, 0] && models[1] != [1, -2, 0] && models[0] != models[1])
    var again: [Float] = [1, -2, 0]
    try finisher.finish(&again, in: makeRound(1))
    #expect(again == models[1] && finisher.isCopyable && finisher.smoothing == nil)
  }
}

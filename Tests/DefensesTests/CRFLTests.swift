import Components
import Defenses
import Federation
import Statistics
import Testing

/// The known answers of `Tests/Reference/finishers.py`.
private struct CRFLFile: Decodable, Sendable {
  struct Clipping: Decodable, Sendable {
    var name: String
    var model: [Double]
    var bound: Double
    var expected: [Double]
  }
  struct Rounds: Decodable, Sendable {
    var rounds: Int
    var noisy: [Bool]
    var clipped: [Bool]
  }
  struct Votes: Decodable, Sendable {
    struct Expected: Decodable, Sendable {
      var counts: [[Int]]
      var winners: [Int]
      var lower: [Double]
      var abstains: [Bool]
    }
    var name: String
    var classes: Int
    var alpha: Double
    var votes: [[Int]]
    var expected: Expected
  }
  struct Bound: Decodable, Sendable {
    var copies: Int
    var votes: Int
    var alpha: Double
    var lower: Double
  }
  struct Threshold: Decodable, Sendable {
    var copies: Int
    var alpha: Double
    var votes: Int?
  }

  var clipping: [Clipping]
  var rounds: [Rounds]
  var votes: [Votes]
  var bounds: [Bound]
  var leastVotes: [Threshold]
}

@Suite struct CRFLTests {
  private let file: CRFLFile

  init() throws { file = try decodeFixture("crfl.json") }

  private func make(
    _ given: [String: ArgumentValue] = [:], rounds: Int = 1
  ) throws -> any ModelFinisher {
    let entry = try makeCatalog().finisher("crfl")
    return try entry.make(
      Arguments(given, for: entry.manifest),
      DefenseSetup(participantCount: 3, roundCount: rounds))
  }

  @Test func clipsToTheBound() throws {
    #expect(!file.clipping.isEmpty)
    for known in file.clipping {
      var finisher = try make(["bound": .real(known.bound)])
      var model = known.model.map { Float($0) }
      try finisher.finish(&model, in: makeRound())
      #expect(agree(model, known.expected), "\(known.name)")
    }
  }

  @Test func addsNoiseInEveryRoundButTheLast() throws {
    #expect(!file.rounds.isEmpty)
    for known in file.rounds {
      var finisher = try make(["bound": .real(1)], rounds: known.rounds)
      for number in 0..<known.rounds {
        var model: [Float] = [3, 4]
        try finisher.finish(&model, in: makeRound(number))
        #expect((model != [0.6, 0.8]) == known.noisy[number])
        #expect((abs(model[0]) < 1.5) == known.clipped[number])
      }
    }
  }

  @Test func noiseIsNormal() throws {
    var finisher = try make(["bound": .real(1e9), "sigma": .real(0.5)], rounds: 2)
    var model = [Float](repeating: 2, count: 100_000)
    try finisher.finish(&model, in: makeRound())
    let mean = model.reduce(0.0) { $0 + Double($1) } / 1e5
    let variance = model.reduce(0.0) { $0 + (Double($1) - mean) * (Double($1) - mean) } / 1e5
    // Five standard errors.
    #expect(abs(mean - 2) < 5 * 0.5 / 316)
    #expect(abs(variance - 0.25) < 5 * 0.25 * 0.00447)
    var again = [Float](repeating: 2, count: 100_000)
    try finisher.finish(&again, in: makeRound())
    #expect(again == model)
    try finisher.finish(&again, in: makeRound().with(seed: makeRound(1).seed))
    #expect(again != model)
  }

  @Test func saysHowToPredict() throws {
    #expect(
      try make().smoothing == ParameterSmoothing(votes: 100, deviation: 0.01, modelBound: 15))
    let given: [String: ArgumentValue] = [
      "sigma": .real(0.5), "samples": .integer(7), "bound": .real(2),
    ]
    #expect(
      try make(given).smoothing == ParameterSmoothing(votes: 7, deviation: 0.5, modelBound: 2))
  }

  @Test func countsVotes() {
    #expect(!file.votes.isEmpty)
    for known in file.votes {
      var votes = MajorityVote(exampleCount: known.votes[0].count, classCount: known.classes)
      for predictions in known.votes { votes.add(predictions) }
      #expect(votes.modelCount == known.votes.count)
      #expect(votes.counts == known.expected.counts.flatMap { $0 }, "\(known.name)")
      #expect(votes.winners == known.expected.winners, "\(known.name)")
      for (example, count) in votes.winnerCounts.enumerated() {
        let lower = ClopperPearson.lowerBound(
          successes: count, trials: votes.modelCount, alpha: known.alpha)
        let expected = known.expected.lower[example]
        #expect(abs(lower - expected) <= 1e-10 * expected, "\(known.name)")
        #expect((lower <= 0.5) == known.expected.abstains[example], "\(known.name)")
      }
    }
  }

  @Test func lowerBoundsAgreeWithReference() {
    #expect(!file.bounds.isEmpty)
    for known in file.bounds {
      let lower = ClopperPearson.lowerBound(
        successes: known.votes, trials: known.copies, alpha: known.alpha)
      #expect(abs(lower - known.lower) <= 1e-10 * known.lower, "\(known) got \(lower)")
    }
    for known in file.leastVotes {
      let least = (0...known.copies).first {
        ClopperPearson.lowerBound(successes: $0, trials: known.copies, alpha: known.alpha) > 0.5
      }
      #expect(least == known.votes, "\(known)")
    }
  }
}

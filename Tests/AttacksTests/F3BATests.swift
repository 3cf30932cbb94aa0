import Components
import Datasets
import Determinism
import Federation
import Kernels
import Tensors
import Testing
import Training

@testable import Attacks

/// The known answers of `Tests/Reference/attacks_f3ba.py`.
private struct F3BAFixtures: Decodable {
  struct Part: Decodable, Sendable {
    var kind: String
    var sizes: [Int]
  }
  struct Case: Decodable, Sendable {
    struct Expected: Decodable, Sendable {
      var candidates: [[Int]]
      var slope: [Double]
      var trigger: [Double]
      var start: [Double]
      var turned: Int
    }
    var name: String
    var shape: [Int]
    var layers: [Part]
    var places: [Int]
    var target: Int
    var steps: Int
    var size: Double
    var convRate: Double
    var denseRate: Double
    var low: Double
    var high: Double
    var parameters: [Double]
    var before: [Double]
    var inputs: [[Double]]
    var labels: [Int]
    var expected: Expected

    var inputShape: InputShape {
      shape.count == 1
        ? .vector(shape[0]) : .image(height: shape[0], width: shape[1], channels: shape[2])
    }

    var model: Sequential {
      var chain = LayerChain(inputShape, classCount: 3)
      for (index, part) in layers.enumerated() {
        if part.kind == "conv", case .image(let height, let width, let channels) = chain.outputShape
        {
          chain.append(
            Convolution2D(
              height: height, width: width, channels: channels, outputChannels: part.sizes[2],
              kernel: part.sizes[0]), kind: "conv")
        } else {
          chain.append(Dense(inputs: part.sizes[0], outputs: part.sizes[1]), kind: "dense")
        }
        if index + 1 < layers.count { chain.rectify() }
      }
      return Sequential(chain, initialization: .glorot)
    }

    var global: [Float] { parameters.map { Float($0) } }

    var data: Shard {
      Shard(inputs: matrix(inputs), labels: labels, classCount: 3, shape: inputShape)
    }

    var setup: AttackSetup {
      let model = model
      let half = labels.count / 2
      return AttackSetup(
        participantCount: 10, controlled: [ClientID(0), ClientID(1)],
        shards: [
          data.selecting(Array(0..<half)), data.selecting(Array(half..<labels.count)),
        ],
        classCount: 3, shape: inputShape, layout: model.layout,
        model: model, serverRate: 1,
        schedule: LocalSchedule(length: .epochs(1), batchSize: 64, learningRate: 0.25),
        seed: SeedPath(root: 1))
    }

    /// Of a vector, whose first features are the trigger.
    func arguments(_ given: [String: ArgumentValue] = [:]) -> [String: ArgumentValue] {
      [
        "trigger": .text("square"), "size": .integer(places.count), "target": .integer(target),
        "steps": .integer(steps), "step-size": .real(size),
        "conv-rate": .real(convRate), "dense-rate": .real(denseRate), "low": .real(low),
        "high": .real(high),
      ].merging(given) { $1 }
    }

    /// The trigger of the reference, all ones.
    var trigger: Trigger {
      Trigger(positions: places, values: [Float](repeating: 1, count: places.count))
    }
    /// The examples that count.
    var examples: Matrix<Float> {
      data.selecting(labels.indices.filter { labels[$0] != target }).inputs.numbers
    }
  }
  var cases: [Case]

  static func load(file: String = #filePath) throws -> Self {
    try decode("f3ba.json", beside: file)
  }
}

@Suite struct F3BATests {
  private typealias Case = F3BAFixtures.Case

  private func candidates(_ known: Case, _ flips: SignFlips) -> [[Int]] {
    flips.layers.map {
      SignFlips.candidates(
        in: $0.weight, of: known.global, before: known.before.map { Float($0) },
        rate: $0.weightShape.count == 4 ? known.convRate : known.denseRate)
    }
  }

  @Test func `candidates are those of the reference`() throws {
    for known in try F3BAFixtures.load().cases {
      let flips = SignFlips(known.model, inputs: known.examples)
      #expect(candidates(known, flips) == known.expected.candidates, "\(known.name)")
    }
  }

  @Test func `the trigger climbs as in the reference, and signs are turned as there`() throws {
    for known in try F3BAFixtures.load().cases {
      let flips = SignFlips(known.model, inputs: known.examples)
      let candidates = candidates(known, flips)
      func first(_ trigger: Trigger) -> [Float] {
        flips.flipped(known.global, candidates: candidates, trigger: trigger, layerCount: 1)
      }
      var trigger = known.trigger
      let slope = flips.gradientOfExcitement(at: first(trigger), trigger: trigger)
      #expect(
        agree(known.places.map { slope[$0] }, known.expected.slope, ofLargest: 1e-4),
        "\(known.name)")
      for _ in 0..<known.steps {
        let slope = flips.gradientOfExcitement(at: first(trigger), trigger: trigger)
        trigger = Trigger(
          positions: trigger.positions,
          values: zip(trigger.positions, trigger.values).map {
            Float(min(max(Double($1) + known.size * slope[$0], known.low), known.high))
          })
      }
      #expect(
        agree(trigger.values.map { Double($0) }, known.expected.trigger, ofLargest: 1e-5),
        "\(known.name)")
      let start = flips.flipped(known.global, candidates: candidates, trigger: trigger)
      #expect(start.map { Double($0) } == known.expected.start, "\(known.name)")
    }
  }

  @Test func `an attacker does so from round to round`() throws {
    let known = try #require(try F3BAFixtures.load().cases.first)
    var attack = try make(F3BA.self, known.arguments(), setup: known.setup)
    let before = known.before.map { Float($0) }
    attack.observe(Broadcast(round: 0, global: before, isActing: false))
    #expect(attack.start == nil && attack.gradientCount == 0)
    attack.observe(Broadcast(round: 1, global: known.global, isActing: true))
    let trigger = try #require(attack.roundTrigger)
    #expect(trigger.positions == known.places)
    #expect(
      agree(trigger.values.map { Double($0) }, known.expected.trigger, ofLargest: 1e-5))
    #expect(attack.start?.map { Double($0) } == known.expected.start)
    #expect(attack.gradientCount == known.steps * known.examples.rowCount)
    // Without a move there is nothing to turn; the trigger goes on.
    attack.observe(Broadcast(round: 2, global: known.global, isActing: true))
    #expect(attack.start == known.global)
    #expect(attack.roundTrigger != trigger)
    attack.observe(Broadcast(round: 3, global: before, isActing: false))
    #expect(attack.start == nil)
  }

  @Test func `the first round turns nothing`() throws {
    for known in try F3BAFixtures.load().cases where known.shape.count == 1 {
      var attack = try make(
        F3BA.self, known.arguments(["steps": .integer(0)]), setup: known.setup)
      attack.observe(Broadcast(round: 0, global: known.global, isActing: true))
      #expect(attack.start == known.global)
      #expect(attack.roundTrigger?.values.allSatisfy { $0 == 1 } == true)
    }
  }

  @Test func `only signs of candidates change, and no more than may`() throws {
    for known in try F3BAFixtures.load().cases {
      let flips = SignFlips(known.model, inputs: known.examples)
      let all = candidates(known, flips)
      let start = flips.flipped(known.global, candidates: all, trigger: known.trigger)
      let may = Set(all.joined())
      for index in start.indices {
        #expect(abs(start[index]) == abs(known.global[index]))
        #expect(start[index] == known.global[index] || may.contains(index))
      }
      for (layer, own) in zip(flips.layers, all) {
        let rate = layer.weightShape.count == 4 ? known.convRate : known.denseRate
        #expect(Double(own.count) <= rate * Double(layer.weight.count))
      }
    }
  }

  @Test func `turned weights excite more than those before`() throws {
    for known in try F3BAFixtures.load().cases where known.layers.count > 1 {
      let flips = SignFlips(known.model, inputs: known.examples)
      let all = flips.layers.map { Array($0.weight) }
      func excitement(_ parameters: [Float]) throws -> Double {
        let place = try #require(flips.model.weightedLayers.last).place
        var workspace = flips.model.makeWorkspace(batchSize: known.examples.rowCount)
        func values(_ inputs: Matrix<Float>) -> [Float] {
          flips.model.activations(
            before: place, inputs: inputs.span, count: inputs.rowCount,
            parameters: parameters.span, workspace: &workspace)
        }
        var marked = known.examples
        for row in 0..<marked.rowCount {
          var random = SeedPath(root: 1).stream()
          marked.withMutableRow(row) { known.trigger.apply(to: &$0, random: &random) }
        }
        let (with, without) = (values(marked), values(known.examples))
        return zip(with, without).reduce(0) { $0 + Double($1.0 - $1.1) }
      }
      let turned = flips.flipped(known.global, candidates: all, trigger: known.trigger)
      #expect(try excitement(turned) > excitement(known.global), "\(known.name)")
    }
  }

  @Test func `no result depends on the blocks`() throws {
    for known in try F3BAFixtures.load().cases {
      let whole = SignFlips(known.model, inputs: known.examples)
      #expect(known.examples.rowCount < whole.blockSize)
      let all = whole.layers.map { Array($0.weight) }
      let start = whole.flipped(known.global, candidates: all, trigger: known.trigger)
      let slope = whole.gradientOfExcitement(at: start, trigger: known.trigger)
      for size in 1...5 {
        let flips = SignFlips(known.model, inputs: known.examples, blockSize: size)
        #expect(flips.flipped(known.global, candidates: all, trigger: known.trigger) == start)
        #expect(flips.gradientOfExcitement(at: start, trigger: known.trigger) == slope)
      }
    }
  }

  @Test func `blocks are smaller where a model keeps more`() throws {
    var chain = LayerChain(.vector(10), classCount: 3)
    chain.append(Dense(inputs: 10, outputs: 10_000), kind: "dense")
    chain.rectify()
    chain.append(Dense(inputs: 10_000, outputs: 3), kind: "dense")
    let model = Sequential(chain, initialization: .glorot)
    let inputs = Matrix<Float>(rowCount: 90, columnCount: 10)
    #expect(SignFlips(model, inputs: inputs).blockSize == model.examplesPerBlock)
    var random = SeedPath(root: 1).stream()
    let shard = Shard(
      inputs: inputs, labels: (0..<90).map { $0 % 3 }, classCount: 3, shape: .vector(10))
    var hits = try #require(
      TriggeredHits(
        of: shard, for: Backdoor(trigger: Trigger(positions: [0], values: [1]), target: 0),
        limit: 90, model: model, random: &random))
    #expect(hits.blockSize == model.examplesPerBlock && hits.blockSize < 60)
    // All scores are 0, and ties go to class 0.
    #expect(hits.count(at: [Float](repeating: 0, count: model.layout.count)) == 60)
  }

  @Test func `candidates by hand`() {
    let before: [Float] = [1, 1, -1, -1, 2]
    let after: [Float] = [2, 0.5, -0.5, -2, 2]
    // Scores 2, -0.25, -0.25, 2, 0.
    func chosen(_ rate: Double) -> [Int] {
      SignFlips.candidates(in: 0..<5, of: after, before: before, rate: rate)
    }
    #expect(chosen(0).isEmpty)
    // The threshold is one of two equal scores, and neither is below it.
    #expect(chosen(0.2).isEmpty)
    #expect(chosen(0.4) == [1, 2])
    #expect(chosen(0.6) == [1, 2, 4])
    #expect(chosen(1) == [1, 2, 4])
    #expect(
      SignFlips.candidates(in: 1..<3, of: after, before: after, rate: 1).isEmpty)
    // 0.29 of 100 are 29, though less in binary.
    let rising = (1...100).map { Float($0) }
    #expect(
      SignFlips.candidates(
        in: 0..<100, of: rising, before: [Float](repeating: 0, count: 100), rate: 0.29)
        == Array(0..<29))
  }

  @Test func `attackers train from the flipped model, on the trigger of the round`() throws {
    let known = try #require(try F3BAFixtures.load().cases.first)
    let setup = known.setup
    var attack = try make(
      F3BA.self, known.arguments(["ratio": .real(1)]), setup: setup)
    attack.observe(Broadcast(round: 0, global: known.before.map { Float($0) }, isActing: false))
    attack.observe(Broadcast(round: 1, global: known.global, isActing: true))
    let shard = attack.poisoned(setup.shards[0])
    let values = try #require(attack.roundTrigger).values
    #expect(known.places.map { shard.inputs.row(0)[$0] } == values)
    let start = try #require(attack.start)
    func trained(_ body: (LocalJob, inout LocalTrainer, inout RandomStream) -> Void) -> [Float] {
      let job = LocalJob(
        client: ClientID(0), round: 1, global: known.global, shard: shard,
        schedule: LocalSchedule(length: .epochs(2), batchSize: 4, learningRate: 0.25),
        seed: SeedPath(root: 6))
      var trainer = LocalTrainer(model: known.model, batchSize: 64)
      var random = SeedPath(root: 4).stream()
      body(job, &trainer, &random)
      return trainer.parameters
    }
    let own = trained { attack.train($0, with: &$1, random: &$2) }
    let expected = trained { job, trainer, random in
      var hook = NoHook()
      job.train(with: &trainer, from: start, hook: &hook, random: &random)
    }
    #expect(own == expected && own != trained { $0.train(with: &$1, random: &$2) })
  }

  @Test func `surface and refusals`() throws {
    #expect(try make(F3BA.self).threatModel.surface == [.data, .training])
    let error = #expect(throws: ConfigurationError.self) {
      try make(
        F3BA.self,
        ["trigger": .text("random-per-sample"), "low": .real(2), "lr": .real(1)],
        setup: makeSetup(isFedSGD: true))
    }
    #expect(error?.problems.count == 4)
  }
}

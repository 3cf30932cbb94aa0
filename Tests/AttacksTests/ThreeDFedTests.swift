import Components
import Datasets
import Determinism
import Federation
import Kernels
import Tensors
import Testing
import Training

@testable import Attacks

/// The known answers of `Tests/Reference/attacks_3dfed.py`.
private struct ThreeDFedFixtures: Decodable {
  struct Mask: Decodable, Sendable {
    var name: String
    var inputs: Int
    var classes: Int
    var front: Int
    var rows: [[Double]]
    var neurons: [Int]
    var start: [[Double]]
    var alpha: Double
    var steps: Int
    var rate: Double
    var expected: [[Double]]

    var layout: ParameterLayout {
      let bias = front + inputs * classes
      let hidden = ParameterLayout.Segment(
        name: "hidden", role: .weight, shape: [front, 1], range: 0..<front)
      return ParameterLayout(
        (front > 0 ? [hidden] : []) + [
          .init(
            name: "out.weight", role: .outputWeight, shape: [inputs, classes], range: front..<bias),
          .init(
            name: "out.bias", role: .outputBias, shape: [classes], range: bias..<bias + classes),
        ])
    }
  }
  struct Decoy: Decodable, Sendable {
    var name: String
    var coordinate: Int
    var benign: Double
    var push: Double
    var reach: Double
    var local: [Double]
    var gradient: [Double]
    var expected: [Double]
  }
  struct Reading: Decodable, Sendable {
    var shares: [Double]
    var expected: [String]?
  }
  var masks: [Mask]
  var decoys: [Decoy]
  var readings: [Reading]

  static func load(file: String = #filePath) throws -> Self {
    try decode("3dfed.json", beside: file)
  }
}

private typealias Planted = AcceptanceIndicators.Planted
private typealias Reading = AcceptanceIndicators.Reading

@Suite struct ThreeDFedTests {
  private static let network: TinyNetwork = {
    var random = SeedPath(root: 31).stream()
    let sizes = [6, 5, 3]
    let model = Sequential.perceptron(inputs: 6, hidden: [5], classes: 3, initialization: .glorot)
    // The last feature is zero in all data, as a pixel of the border is.
    let inputs = (0..<24).map { _ in (0..<5).map { _ in random.normal() } + [0] }
    return TinyNetwork(
      sizes, parameters: model.initialParameters(using: &random).map { Double($0) },
      inputs: inputs, labels: (0..<24).map { $0 % 3 }, clients: 4)
  }()
  private var network: TinyNetwork { Self.network }

  private func attack(_ given: [String: ArgumentValue] = [:]) throws -> ThreeDFed {
    try make(ThreeDFed.self, given, setup: network.setup())
  }

  private func trained(
    _ attack: ThreeDFed, client: Int = 0, epochs: Int = 3, from global: [Float]? = nil
  ) -> [Float] {
    let job = LocalJob(
      client: ClientID(client), round: 0, global: global ?? network.parameters,
      shard: attack.poisoned(network.shards[client]),
      schedule: LocalSchedule(length: .epochs(epochs), batchSize: 64, learningRate: 0.25),
      seed: SeedPath(root: 6))
    var trainer = LocalTrainer(model: network.model, batchSize: 64)
    var random = SeedPath(root: 4).stream()
    attack.train(job, with: &trainer, random: &random)
    return trainer.parameters
  }

  private func view(_ clients: Int = 4) -> AttackerView {
    AttackerView(
      round: 0, global: network.parameters, clients: (0..<clients).map { ClientID($0) },
      participantCount: 10, weightShare: 0.4, honest: nil)
  }

  /// What four clients send, and what is recorded.
  private func sent(_ attack: inout ThreeDFed) -> (rows: Matrix<Float>, figures: [String: Double]) {
    var rows = Matrix<Float>(
      rows: (0..<4).map { client in
        zip(trained(attack, client: client), network.parameters).map { $0 - $1 }
      })
    var random = SeedPath(root: 5).stream()
    let figures = attack.craft(&rows, view(), random: &random)
    return (rows, figures)
  }

  // MARK: - Masks

  @Test func `masks are those of the reference`() throws {
    for known in try ThreeDFedFixtures.load().masks {
      let masks = try #require(NoiseMasks(known.layout))
      #expect(masks.width == known.inputs + 1 && masks.neuronCount == known.classes)
      var rows = matrix(known.rows)
      masks.apply(
        to: &rows, slots: Array(known.rows.indices), neurons: known.neurons, start: known.start,
        alpha: known.alpha, steps: known.steps, rate: known.rate)
      for (row, expected) in known.expected.enumerated() {
        #expect(
          agree(rows.row(row).map { Double($0) }, expected), "\(known.name)")
      }
    }
  }

  @Test func `masks cancel, and touch no other coordinate`() throws {
    for known in try ThreeDFedFixtures.load().masks {
      let masks = try #require(NoiseMasks(known.layout))
      let before = matrix(known.rows)
      var after = before
      masks.apply(
        to: &after, slots: Array(known.rows.indices), neurons: known.neurons, start: known.start,
        alpha: known.alpha, steps: known.steps, rate: known.rate)
      let touched = Set(masks.coordinates(of: known.neurons))
      let scale = Double(after.values.map(\.magnitude).max() ?? 0)
      for column in 0..<before.columnCount {
        let sums = [before, after].map { matrix in
          (0..<matrix.rowCount).reduce(0.0) { $0 + Double(matrix.row($1)[column]) }
        }
        #expect(abs(sums[0] - sums[1]) <= 1e-6 * scale)
        let isSame = (0..<before.rowCount).allSatisfy {
          before.row($0)[column] == after.row($0)[column]
        }
        #expect(isSame != touched.contains(column))
      }
    }
  }

  @Test func `one update alone, and zeros, have no mask`() throws {
    let known = try #require(try ThreeDFedFixtures.load().masks.first)
    let masks = try #require(NoiseMasks(known.layout))
    func apply(_ rows: Matrix<Float>, _ slots: [Int]) -> Matrix<Float> {
      var rows = rows
      masks.apply(
        to: &rows, slots: slots, neurons: [0, 2], start: Array(known.start.prefix(slots.count)),
        alpha: 0.5, steps: 5, rate: 0.1)
      return rows
    }
    let rows = matrix(known.rows)
    #expect(apply(rows, [1]) == rows)
    let zeros = Matrix<Float>(rowCount: 2, columnCount: rows.columnCount)
    #expect(apply(zeros, [0, 1]) == zeros)
    #expect(NoiseMasks(ParameterLayout([])) == nil)
  }

  // MARK: - Decoys, indicators, tuning

  @Test func `the decoy's term has the gradient of the reference`() throws {
    for known in try ThreeDFedFixtures.load().decoys {
      var term = DecoyTerm(
        coordinate: known.coordinate, benign: known.benign, push: known.push, reach: known.reach)
      var gradient = known.gradient.map { Float($0) }
      var span = gradient.mutableSpan
      let local = known.local.map { Float($0) }
      term.adjustGradient(
        &span, at: local.span, anchor: local.span, step: LocalStep(index: 0, learningRate: 0.1))
      #expect(agree(gradient, known.expected), "\(known.name)")
    }
  }

  @Test func `indicators say what became of an update`() throws {
    let indicators = AcceptanceIndicators(value: 1e-3)
    for known in try ThreeDFedFixtures.load().readings {
      let planted = known.shares.indices.map {
        Planted(client: ClientID($0), group: $0, coordinate: $0)
      }
      let reading = indicators.read(planted) { known.shares[$0] * 1e-3 }
      #expect(reading.isNoisy == (known.expected == nil))
      #expect(reading.replies.map { "\($0.reply)" } == known.expected ?? [])
    }
  }

  @Test func `quiet coordinates are those that both updates move least`() {
    let backdoor = [9, 0, -3, 0.5, 0, 9, 2]
    let benign: [Float] = [0, 1, 0, -0.25, 0, 0, 0]
    #expect(
      AcceptanceIndicators.quietest(3, in: 0..<7, backdoor: backdoor, benign: benign) == [1, 3, 4])
    #expect(
      AcceptanceIndicators.quietest(9, in: 1..<3, backdoor: backdoor, benign: benign) == [1, 2])
    #expect(AcceptanceIndicators.quietest(1, in: 0..<5, backdoor: backdoor, benign: []) == [1])
    #expect(
      AcceptanceIndicators.room(in: network.model.layout) == 0..<30)
  }

  private func reading(_ replies: [(group: Int?, AcceptanceIndicators.Reply)]) -> Reading {
    Reading(
      replies: replies.enumerated().map { place, entry in
        (Planted(client: ClientID(place), group: entry.group, coordinate: place), entry.1)
      })
  }

  private func tuning(groups: Int = 2, decoys: Int = 3) -> (CamouflageTuning, RandomStream) {
    var random = SeedPath(root: 2).stream()
    let tuning = CamouflageTuning(
      groupCount: groups, decoyLimit: decoys, least: 0.25, random: &random)
    return (tuning, random)
  }

  @Test func `decoys come where all are rejected, and go once one is accepted`() {
    var (tuning, random) = tuning(decoys: 2)
    #expect(tuning.decoyCount == 0 && tuning.alphas.allSatisfy { (0.25...1).contains($0) })
    let rejected = reading([(0, .rejected), (0, .rejected), (1, .rejected)])
    for expected in [1, 2, 2] {
      tuning.adapt(to: rejected, random: &random)
      #expect(tuning.decoyCount == expected)
    }
    tuning.adapt(to: reading([(0, .clipped), (1, .rejected), (nil, .rejected)]), random: &random)
    #expect(tuning.decoyCount == 2)
    tuning.adapt(
      to: reading([(0, .rejected), (nil, .accepted), (nil, .rejected)]), random: &random)
    #expect(tuning.decoyCount == 1)
    tuning.adapt(to: reading([(nil, .rejected)]), random: &random)
    #expect(tuning.decoyCount == 1)
  }

  @Test func `alphas follow the groups that were accepted`() {
    var (tuning, random) = tuning()
    let before = tuning.alphas
    tuning.adapt(to: reading([(0, .accepted), (1, .accepted)]), random: &random)
    let (low, high) = (min(before[0], before[1]), max(before[0], before[1]))
    #expect(tuning.alphas.allSatisfy { $0 >= low && $0 <= high })
    let good = tuning.alphas[1]
    tuning.adapt(to: reading([(0, .rejected), (1, .accepted)]), random: &random)
    #expect(tuning.alphas.allSatisfy { $0 >= good && $0 <= good + 0.1 })
    // Four in five are enough; a clipped one is not accepted.
    var (other, otherRandom) = self.tuning()
    let start = other.alphas[0]
    other.adapt(
      to: reading([(0, .accepted), (0, .accepted), (0, .accepted), (0, .accepted), (0, .clipped)]),
      random: &otherRandom)
    #expect(other.alphas[0] == start)
  }

  @Test func `noise ends the adaptation for good`() {
    var (tuning, random) = tuning()
    tuning.adapt(to: reading([(0, .rejected), (1, .rejected)]), random: &random)
    #expect(tuning.decoyCount == 1)
    tuning.adapt(to: Reading(isNoisy: true), random: &random)
    #expect(tuning.isNoisy && tuning.decoyCount == 0 && tuning.alphas == [0.25, 0.25])
    tuning.adapt(to: reading([(0, .rejected), (1, .rejected)]), random: &random)
    #expect(tuning.decoyCount == 0 && tuning.alphas == [0.25, 0.25])
  }

  // MARK: - The attack

  @Test func `the constraint holds training near the global model`() throws {
    let distances = try [0, 0.3, 0.6].map { constraint in
      let parameters = trained(
        try attack(["constraint": .real(constraint), "ratio": .real(1)]), epochs: 10)
      return Float.squaredDistance(parameters.span, network.parameters.span)
    }
    #expect(distances[0] > distances[1] && distances[1] > distances[2])
    // Without one it is training on the poisoned data.
    let plain = try make(BackdoorAttack.self, setup: network.setup())
    let job = LocalJob(
      client: ClientID(0), round: 0, global: network.parameters,
      shard: plain.poisoned(network.shards[0]),
      schedule: LocalSchedule(length: .epochs(3), batchSize: 64, learningRate: 0.25),
      seed: SeedPath(root: 6))
    var trainer = LocalTrainer(model: network.model, batchSize: 64)
    var random = SeedPath(root: 4).stream()
    plain.train(job, with: &trainer, random: &random)
    #expect(trained(try attack(["constraint": .real(0)])) == trainer.parameters)
  }

  @Test func `a short update is lengthened to the reference, no further than the scale`() throws {
    var attack = try attack(["neurons": .integer(0), "scale": .real(3)])
    attack.observe(network.broadcast())
    let length = Float.squaredNorm(attack.reference.span).squareRoot()
    #expect(length > 0)
    func row(_ norm: Double) -> [Float] {
      (0..<network.parameters.count).map { $0 == 40 ? Float(norm) : 0 }
    }
    var rows = Matrix<Float>(rows: [row(length / 2), row(length / 100), row(2 * length), row(0)])
    var random = SeedPath(root: 5).stream()
    let figures = attack.craft(&rows, view(), random: &random)
    let expected = [length, 3 * length / 100, 2 * length, 0]
    for (slot, norm) in expected.enumerated() {
      #expect(abs(Double(rows.row(slot)[40]) - norm) <= 1e-6 * length)
    }
    #expect(figures["lengthened"] == 3)
  }

  @Test func `each attacker plants a value where nothing moves`() throws {
    var attack = try attack()
    attack.observe(network.broadcast())
    let (rows, figures) = sent(&attack)
    // The weights of the feature that is always zero.
    #expect(attack.planted.map(\.coordinate) == [25, 26, 27, 28])
    #expect(attack.planted.map(\.group) == [0, 0, 1, 1])
    for planted in attack.planted {
      let column = (0..<4).map { rows.row($0)[planted.coordinate] }
      #expect(column == (0..<4).map { ClientID($0) == planted.client ? 1e-3 : 0 })
    }
    #expect(figures["decoys"] == 0 && figures["accepted"] == nil)
  }

  /// The model after the server took the mean of ten rows, those of some attackers and else zeros.
  private func next(_ rows: Matrix<Float>, accepting: [Int]) -> [Float] {
    network.parameters.indices.map { index in
      network.parameters[index]
        + accepting.reduce(0) { $0 + rows.row($1)[index] } / 10
    }
  }

  @Test func `the next model says who was accepted`() throws {
    var attack = try attack()
    attack.observe(network.broadcast())
    let rows = sent(&attack).rows
    attack.observe(
      Broadcast(round: 1, global: next(rows, accepting: [0, 1, 3]), isActing: true))
    let figures = sent(&attack).figures
    #expect(figures["accepted"] == 3 && figures["rejected"] == 1 && figures["clipped"] == 0)
    #expect(figures["noisy"] == 0 && figures["decoys"] == 0)
    // A reading counts once, and models of other rounds say nothing.
    let before = attack.tuning.alphas
    attack.observe(Broadcast(round: 2, global: network.parameters, isActing: false))
    let after = attack.tuning.alphas
    attack.observe(Broadcast(round: 3, global: next(rows, accepting: []), isActing: false))
    #expect(attack.tuning.alphas == after && before != after)
  }

  @Test func `rejected attackers send a decoy, trained on clean data but for one weight`() throws {
    var attack = try attack(["ratio": .real(1)])
    attack.observe(network.broadcast())
    let rows = sent(&attack).rows
    attack.observe(Broadcast(round: 1, global: network.parameters, isActing: true))
    #expect(attack.tuning.decoyCount == 1)
    let (second, figures) = sent(&attack)
    #expect(figures["decoys"] == 1 && figures["rejected"] == 4)
    #expect(attack.planted.map(\.group) == [0, 0, 1, nil])
    let coordinate = try #require(attack.decoyCoordinates.first)
    #expect((30 + 5..<30 + 5 + 15).contains(coordinate))
    let deviation = abs(second.row(3)[coordinate])
    let others = second.row(3).indices.filter { $0 != coordinate }
    #expect(others.allSatisfy { abs(second.row(3)[$0]) < deviation })
    #expect(deviation > 10 * rows.row(3)[coordinate].magnitude)
    // The other clients do what they did.
    #expect(trained(attack, client: 0) == trained(try self.attack(["ratio": .real(1)]), client: 0))
  }

  @Test func `noise of the server is noticed`() throws {
    var attack = try attack()
    attack.observe(network.broadcast())
    _ = sent(&attack)
    attack.observe(
      Broadcast(round: 1, global: network.parameters.map { $0 - 0.01 }, isActing: true))
    let figures = sent(&attack).figures
    #expect(figures["noisy"] == 1 && figures["decoys"] == 0 && figures["accepted"] == 0)
  }

  @Test func `one attacker sends what it trained but for its indicator`() throws {
    var attack = try make(
      ThreeDFed.self, setup: network.setup(shards: [network.shards[0]]))
    attack.observe(network.broadcast())
    let row = zip(trained(attack), network.parameters).map { $0 - $1 }
    var rows = Matrix<Float>(rows: [row.map { $0 * 100 }])
    let before = rows
    var random = SeedPath(root: 5).stream()
    _ = attack.craft(&rows, view(1), random: &random)
    #expect(rows.row(0).indices.filter { rows.row(0)[$0] != before.row(0)[$0] } == [25])
    attack.observe(Broadcast(round: 1, global: network.parameters, isActing: true))
    #expect(attack.tuning.decoyCount == 0)
  }

  @Test func `surface and refusals`() throws {
    #expect(try make(ThreeDFed.self).threatModel.surface == [.data, .training, .update])
    let error = #expect(throws: ConfigurationError.self) {
      try make(ThreeDFed.self, ["lr": .real(1)], setup: makeSetup(isFedSGD: true))
    }
    #expect(error?.problems.count == 2)
  }
}

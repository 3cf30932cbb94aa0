import Attacks
import Components
import Datasets
import Determinism
import Federation
import Kernels
import Tensors
import Testing
import Training

@Suite struct ModelReplacementTests {
  @Test func matchesReference() throws {
    for known in try AttackFixtures.load().modelReplacement {
      let plan = known.plan
      let bound = known.bound.map { ArgumentValue.real($0) } ?? .text("none")
      let attack = try make(
        ModelReplacement.self, ["gamma": known.gamma.argument, "norm-bound": bound],
        setup: makeSetup(participants: plan.participants, serverRate: plan.serverRate))
      let view = makeView(3, participants: plan.participants, share: plan.weightShare)
      let (sent, record) = attack.crafted(matrix(known.difference), view: view)
      for row in known.expected.indices { #expect(agree(sent.row(row), known.expected[row], 2e-6)) }
      let largest = known.used.reduce(0, max)
      let least = known.used.reduce(.infinity, min)
      #expect(abs((record["gamma"] ?? 0) - largest) <= 1e-12 * largest)
      #expect(abs((record["gamma.min"] ?? largest) - least) <= 1e-12 * least)
    }
  }

  /// Applies the plain average of one attacker's row and n − 1 zero rows to the global model.
  private func replace(_ difference: [Float], participants: Int) throws -> [Float] {
    let attack = try make(ModelReplacement.self, setup: makeSetup(participants: participants))
    let rows = Matrix(rows: [difference])
    let sent = attack.crafted(rows, view: makeView(1, participants: participants)).rows
    return sent.values.map { Float(Double($0) / Double(participants)) }
  }

  @Test(arguments: [4, 8]) func replacesTheModelToTheBit(participants: Int) throws {
    let difference: [Float] = [0.1, -3.7, 1e-20, 12345.678, .leastNonzeroMagnitude, 0]
    #expect(try replace(difference, participants: participants) == difference)
  }

  @Test(arguments: [3, 5, 7, 10, 100]) func replacesTheModelToOneUlp(participants: Int) throws {
    let difference: [Float] = [0.1, -3.7, 1e-20, 12345.678, 0]
    for (got, want) in zip(try replace(difference, participants: participants), difference) {
      #expect(abs(got - want) <= want.ulp)
    }
  }

  @Test func gammaFollowsRateAndShare() throws {
    let attack = try make(ModelReplacement.self, setup: makeSetup(serverRate: 0.5))
    let rows = matrix([[1, 0], [0, 1]])
    #expect(attack.crafted(rows, view: makeView(2, share: 0.2)).record == ["gamma": 10])
    let fixed = try make(ModelReplacement.self, ["gamma": .integer(3)])
    #expect(fixed.crafted(rows, view: makeView(2)).record == ["gamma": 3])
  }

  @Test func normBoundHoldsAndLeavesShortRowsAlone() throws {
    let attack = try make(
      ModelReplacement.self, ["gamma": .real(2), "norm-bound": .real(5)])
    let (sent, record) = attack.crafted(
      matrix([[30, 40], [0.3, 0.4], [0, 0]]), view: makeView(3))
    #expect(sent.row(0) == [3, 4])
    #expect(sent.row(1) == [0.6, 0.8])
    #expect(sent.row(2) == [0, 0])
    #expect(record == ["gamma": 2, "gamma.min": 0.1])
  }

  // γ' = min(γ, S / ‖X − G‖): no attacker sends more than S, and exactly S where γ alone would send more.
  @Test(arguments: [0.05, 1, 30])
  func `train-and-scale sends the bound wherever gamma would exceed it`(bound: Double) throws {
    var random = SeedPath(root: 12).stream()
    let rows = Matrix<Float>(
      rows: (0..<8).map { row in
        let scale = [1e-4, 1e-2, 0.1, 1, 5, 40, 1e3, 1e-7][row]
        return (0..<50).map { _ in Float(scale * random.normal()) }
      })
    for gamma in [ArgumentValue.real(0.5), .real(12), .text("auto")] {
      let attack = try make(
        ModelReplacement.self, ["gamma": gamma, "norm-bound": .real(bound)])
      let (sent, record) = attack.crafted(rows, view: makeView(8, participants: 40))
      let factor = gamma == .text("auto") ? 5 : (gamma == .real(0.5) ? 0.5 : 12)
      for row in 0..<8 {
        let (own, norm) = (factor * rows.norm(ofRow: row), sent.norm(ofRow: row))
        // Each coordinate is rounded once.
        #expect(norm <= bound * (1 + 0x1p-24))
        #expect(abs(norm - min(own, bound)) <= 0x1p-23 * min(own, bound))
        let direction = Float.dot(sent.row(row).span, rows.row(row).span)
        #expect(abs(direction - norm * rows.norm(ofRow: row)) <= 1e-6 * direction)
      }
      #expect(record["gamma"] == factor)
    }
  }

  /// alpha · L + (1 − alpha) · L_ano of a linear model in double precision.
  private func loss(
    _ x: [Double], _ task: LocalTask, alpha: Double, cosine: Bool
  ) -> Double {
    let shard = task.shard
    var sum = 0.0
    for row in 0..<shard.count {
      let input = shard.inputs.row(row)
      var scores = Array(x[18..<21])
      for (feature, value) in input.enumerated() {
        for label in 0..<3 { scores[label] += Double(value) * x[feature * 3 + label] }
      }
      let largest = scores.max() ?? 0
      let total = scores.reduce(0) { $0 + ElementaryFunctions.exp($1 - largest) }
      sum += largest + ElementaryFunctions.log(total) - scores[shard.labels[row]]
    }
    let g = task.global.map { Double($0) }
    func dot(_ a: [Double], _ b: [Double]) -> Double { zip(a, b).reduce(0) { $0 + $1.0 * $1.1 } }
    let distance = zip(x, g).map { $0 - $1 }
    let anomaly =
      cosine
      ? 1 - dot(x, g) / (dot(x, x) * dot(g, g)).squareRoot() : dot(distance, distance)
    return alpha * sum / Double(shard.count) + (1 - alpha) * anomaly
  }

  // In a peer's constrain-and-scale the anomaly term is a number without a gradient, so that alpha only
  // makes the learning rate smaller.
  @Test(arguments: ["l2", "cosine"], [0.9, 0.4])
  func `constrain-and-scale goes down the whole loss`(anomaly: String, alpha: Double) throws {
    let task = LocalTask()
    let attack = AttackPipeline(
      try make(
        ModelReplacement.self, ["alpha": .real(alpha), "anomaly": .text(anomaly)],
        setup: task.setup))
    // An epoch is one step on all examples; in the first one the term has no gradient.
    for steps in [1, 4] {
      let (before, after) = (
        task.trained(attack, epochs: steps), task.trained(attack, epochs: steps + 1)
      )
      let point = before.map { Double($0) }
      for index in point.indices {
        var slope = 0.0
        for shift in [1e-5, -1e-5] {
          var moved = point
          moved[index] += shift
          slope += loss(moved, task, alpha: alpha, cosine: anomaly == "cosine") / (2 * shift)
        }
        let used = (point[index] - Double(after[index])) / 0.25
        #expect(abs(used - slope) < 2e-6, "coordinate \(index) after \(steps) steps")
      }
      let own = loss(point, task, alpha: 1, cosine: false)
      #expect(loss(point, task, alpha: 0, cosine: anomaly == "cosine") > 0 && own > 0)
    }
  }

  @Test func nobodyTakesPart() throws {
    let none = Matrix<Float>(rowCount: 0, columnCount: 2)
    let record = try make(ModelReplacement.self).crafted(none, view: makeView(0)).record
    #expect(record.isEmpty)
  }

  @Test func poisonsLikeTheBackdoor() throws {
    let shard = makeShard(labels: [1, 2, 3, 4, 5, 6, 7, 8])
    let ratio: [String: ArgumentValue] = ["ratio": .real(0.5)]
    let replaced = try make(ModelReplacement.self, ratio).poisoned(shard)
    #expect(try replaced == make(BackdoorAttack.self, ratio).poisoned(shard))
  }

  @Test func surfaceSaysWhetherTrainingDiffers() throws {
    let surface = try make(ModelReplacement.self).threatModel.surface
    #expect(surface == [.data, .update])
    let constrained = try make(ModelReplacement.self, ["alpha": .real(0.5)]).threatModel.surface
    #expect(constrained == [.data, .training, .update])
  }

  @Test func refusesWhatCannotWork() {
    #expect(throws: ConfigurationError.self) {
      try make(ModelReplacement.self, ["alpha": .real(0.5)], setup: makeSetup(isFedSGD: true))
    }
    #expect(throws: ConfigurationError.self) {
      try make(ModelReplacement.self, setup: makeSetup(serverRate: 0))
    }
    #expect(throws: ConfigurationError.self) {
      try make(ModelReplacement.self, ["gamma": .real(-1)])
    }
  }
}

import Attacks
import Components
import Datasets
import Determinism
import Federation
import Kernels
import Tensors
import Testing
import Training

@Suite struct ALIEBackdoorTests {
  /// A known answer of `Tests/Reference/attacks_alie_backdoor.py`.
  private struct Known: Decodable {
    var alpha: Double
    var z: Double
    var epochs: Int
    var rate: Double
    var global: [Double]
    var inputs: [[Double]]
    var labels: [Int]
    var honest: [[Double]]
    var model: [Double]
    var trained: [Double]
    var sent: [Double]
    var low: [Double]
    var high: [Double]

    static func load(file: String = #filePath) throws -> [Known] {
      try decode("alie-backdoor.json", beside: #filePath)
    }

    func attack() throws -> ALIEBackdoor {
      try make(
        ALIEBackdoor.self, ["alpha": .real(alpha), "z": .real(z), "ratio": .real(1)],
        setup: makeSetup(classes: 3))
    }

    /// What a client trains on whole batches.
    func trained(by attack: some Attack) -> [Float] {
      let model = Sequential.perceptron(inputs: 6, hidden: [], classes: 3, initialization: .glorot)
      let job = LocalJob(
        client: ClientID(0), round: 0, global: global.map { Float($0) },
        shard: Shard(
          inputs: matrix(inputs), labels: labels, classCount: 3, shape: .vector(6)),
        schedule: LocalSchedule(
          length: .epochs(epochs), batchSize: 12, learningRate: Float(rate)),
        seed: SeedPath(root: 6))
      var trainer = LocalTrainer(model: model, batchSize: 12)
      var random = SeedPath(root: 4).stream()
      attack.train(job, with: &trainer, random: &random)
      return trainer.parameters
    }
  }

  @Test func trainingMatchesReference() throws {
    for known in try Known.load() {
      #expect(agree(try known.trained(by: known.attack()), known.trained))
      #expect(agree(known.trained(by: try make(NoAttack.self)), known.model))
    }
  }

  @Test func rowsMatchReferenceAndStayInTheSpread() throws {
    for known in try Known.load() {
      let row = zip(known.trained, known.global).map { $0 - $1 }
      let view = makeView(2, honest: HonestUpdates(matrix(known.honest)))
      let (sent, record) = try known.attack().crafted(matrix([row, row]), view: view)
      #expect(agree(sent.row(0), known.sent) && sent.row(0) == sent.row(1))
      for (value, bounds) in zip(sent.row(1), zip(known.low, known.high)) {
        #expect(Double(value) >= bounds.0 - 1e-6 && Double(value) <= bounds.1 + 1e-6)
      }
      let changed = zip(row, zip(known.low, known.high)).count { $0 < $1.0 || $0 > $1.1 }
      #expect(record["clamped"] == Double(changed) / Double(row.count))
    }
  }

  @Test func withoutTheLossItStaysAtTheHonestModel() throws {
    let task = LocalTask()
    let still = try make(
      ALIEBackdoor.self, ["alpha": .real(0), "ratio": .real(1)], setup: task.setup)
    let honest = try make(NoAttack.self, setup: task.setup)
    #expect(task.trained(AttackPipeline(still)) == task.trained(AttackPipeline(honest)))
  }

  @Test func poisonsInTrainingAlone() throws {
    let attack = try make(ALIEBackdoor.self, ["ratio": .real(1)])
    let clean = makeShard(labels: [1, 2, 3])
    #expect(attack.poisoned(clean) == clean)
    #expect(attack.threatModel.surface == [.training, .update])
    #expect(attack.threatModel.knowledge == .honestUpdates)
  }

  @Test func clampsAsTheModifierDoes() throws {
    let rows = matrix([[5, -5, 0.5, .nan]])
    let honest = HonestUpdates(matrix([[1, 1, 1, 1], [3, 1, 0, 2]]))
    let own = try make(ALIEBackdoor.self).crafted(rows, view: makeView(1, honest: honest))
    let other = try make(modifier: ALIEClamp.self)
      .transformed(rows, view: makeView(1, honest: honest))
    #expect(own.rows.values.map(\.bitPattern) == other.rows.values.map(\.bitPattern))
    #expect(own.record == other.record && own.record["clamped"] == 0.5)
    #expect(own.rows.row(0).prefix(3) == [3.5, 1, 0.5])
  }

  @Test func oneOrNoHonestRow() throws {
    let attack = try make(ALIEBackdoor.self)
    let rows = matrix([[5, -5]])
    let one = attack.crafted(rows, view: makeView(1, honest: HonestUpdates(matrix([[1, 2]]))))
    #expect(one.rows.values == [1, 2] && one.record == ["clamped": 1])
    let none = HonestUpdates(all: rows, rows: [], clients: [])
    for view in [makeView(1), makeView(1, honest: none)] {
      #expect(attack.crafted(rows, view: view).rows == rows)
      #expect(attack.crafted(rows, view: view).record.isEmpty)
    }
  }

  @Test func everyMisfitIsReportedAtOnce() {
    let error = #expect(throws: ConfigurationError.self) {
      try make(
        ALIEBackdoor.self, ["target": .integer(10), "size": .integer(7), "lr": .real(1)],
        setup: makeSetup(isFedSGD: true))
    }
    #expect(error?.problems.count == 4 && error?.isInfeasibility == false)
  }
}

import Components
import Determinism
import Federation
import Kernels
import Tensors

/// Takes the first row, accepts even rows and rejects odd ones; suspicion is the row number.
struct FirstRow: Aggregator {
  static let manifest = ComponentManifest(id: "first-row", summary: "The first row.")

  init(_: Arguments, setup _: DefenseSetup) throws(ConfigurationError) {}
  init() {}

  mutating func aggregate(
    _ updates: borrowing UpdateMatrix, in _: RoundContext
  ) throws(DefenseError) -> Aggregation {
    let verdicts = (0..<updates.rowCount).map { row in
      let isEven = row % 2 == 0
      return Verdict(
        isEven ? .accepted : .rejected, weight: isEven ? 0.5 : 0, suspicion: Double(row))
    }
    return Aggregation(
      update: updates.values.row(0), verdicts: verdicts,
      report: ["rows": .number(Double(updates.rowCount))])
  }
}

/// The mean, drawn towards the mean of earlier rounds: a rule with a memory.
struct RunningMean: Aggregator {
  static let manifest = ComponentManifest(id: "running-mean", summary: "The mean of all rounds.")
  static let traits: DefenseTraits = .stateful
  private(set) var sums: [Double] = []
  private(set) var roundCount = 0

  init(_: Arguments, setup _: DefenseSetup) throws(ConfigurationError) {}
  init() {}

  mutating func aggregate(
    _ updates: borrowing UpdateMatrix, in round: RoundContext
  ) throws(DefenseError) -> Aggregation {
    let mean = updates.values.mean(pool: round.pool)
    if sums.isEmpty { sums = .init(repeating: 0, count: mean.count) }
    for index in sums.indices { sums[index] += Double(mean[index]) }
    roundCount += 1
    return Aggregation(
      update: sums.map { Float($0 / Double(roundCount)) },
      verdicts: .init(
        repeating: Verdict(.notJudged, weight: 1 / Double(updates.rowCount)),
        count: updates.rowCount))
  }
}

/// A row of draws: what a component takes from its stream.
struct Drawing: Aggregator {
  static let manifest = ComponentManifest(id: "drawing", summary: "Random numbers.")

  init(_: Arguments, setup _: DefenseSetup) throws(ConfigurationError) {}
  init() {}

  mutating func aggregate(
    _ updates: borrowing UpdateMatrix, in round: RoundContext
  ) throws(DefenseError) -> Aggregation {
    var random = round.seed.stream()
    return Aggregation(
      update: (0..<updates.columnCount).map { _ in Float(random.unit()) },
      verdicts: .init(repeating: Verdict(.notJudged, weight: 0), count: updates.rowCount))
  }
}

/// Adds a number to every value, or fails; the second call adds twice as much.
struct Adding: PreAggregator {
  static let manifest = ComponentManifest(id: "adding", summary: "Adds.")
  var amount: Float = 1
  var fails = false
  var isCopyable = true
  private var calls = 0

  init(_: Arguments, setup _: DefenseSetup) throws(ConfigurationError) {}
  init(_ amount: Float, fails: Bool = false, isCopyable: Bool = true) {
    self.amount = amount
    self.fails = fails
    self.isCopyable = isCopyable
  }

  mutating func transform(
    _ updates: inout UpdateMatrix, in _: RoundContext
  ) throws(DefenseError) {
    if fails { throw .failed(component: "adding", reason: "told to") }
    let added = amount * Float(calls + 1)
    for row in 0..<updates.rowCount {
      updates.values.withMutableRow(row) { values in
        for index in values.indices { values[index] += added }
      }
    }
    calls += 1
  }
}

/// Adds draws to the first row, which a rule behind it may take.
struct Noise: PreAggregator {
  static let manifest = ComponentManifest(id: "noise", summary: "Adds draws.")

  init(_: Arguments, setup _: DefenseSetup) throws(ConfigurationError) {}
  init() {}

  mutating func transform(
    _ updates: inout UpdateMatrix, in round: RoundContext
  ) throws(DefenseError) {
    var random = round.seed.stream()
    updates.values.withMutableRow(0) { values in
      for index in values.indices { values[index] = Float(random.unit()) }
    }
  }
}

/// Multiplies the global model, and adds a draw of its stream if told to.
struct Shaking: ModelFinisher {
  static let manifest = ComponentManifest(id: "shaking", summary: "Scales and shakes.")
  var factor: Float = 1
  var isDrawing = false
  var smoothing: ParameterSmoothing?
  private(set) var calls = 0

  init(_: Arguments, setup _: DefenseSetup) throws(ConfigurationError) {}
  init(_ factor: Float, isDrawing: Bool = false, smoothing: ParameterSmoothing? = nil) {
    self.factor = factor
    self.isDrawing = isDrawing
    self.smoothing = smoothing
  }

  mutating func finish(_ global: inout [Float], in round: RoundContext) throws(DefenseError) {
    calls += 1
    var random = round.seed.stream()
    for index in global.indices {
      global[index] *= factor
      if isDrawing { global[index] += Float(random.unit()) }
    }
  }
}

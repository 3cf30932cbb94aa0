public import Components
import Determinism
public import Federation
import JSON
import Kernels
import Tensors

/// A rule in another process, in any language.
///
/// The worker gets the rows under opaque ids, and what it said that it needs; it returns the update,
/// and may say what it thinks of each row. It is never rehearsed or called a second time for a test,
/// since a process cannot be copied. What one call costs besides the worker's own work is O(n · d):
/// the rows are copied into shared memory once.
///
/// Without verdicts rows are not judged and share the weight. A lost worker is replaced once if it
/// says that it is stateless; of one with a memory the whole trial is run again.
public struct ExternalDefense: Aggregator {
  public static let manifest = ComponentManifest(
    id: "external",
    summary: "A rule of your own in another process, in any language.",
    formula: "Whatever the program makes of the rows.",
    preconditions: ["the program speaks version 1 of the worker protocol"],
    origin: "Yours; the page \"Bring your own methods\" of the documentation shows how.",
    parameters: WorkerParameters.all(memory: "4GiB") + [
      ParameterSpec(
        "f", .integer(0...1_000_000, orWords: ["none"]),
        default: .planned(.declaredByzantine, otherwise: .text("none"), unlessGiven: "f"),
        help: "Byzantine rows that it is told to expect; none: it is told nothing")
    ])

  private let trial: WorkerTrial
  private let setup: DefenseSetup
  private let f: Int?

  public init(_ arguments: Arguments, setup: DefenseSetup) throws(ConfigurationError) {
    self.init(
      try WorkerSupply(arguments, of: Self.manifest.id, kind: .defense, in: "."), arguments,
      setup: setup)
  }

  init(_ supply: WorkerSupply, _ arguments: Arguments, setup: DefenseSetup) {
    trial = WorkerTrial(supply)
    self.setup = setup
    f = arguments.wholeNumber("f")
  }

  public var isCopyable: Bool { false }

  public mutating func aggregate(
    _ updates: borrowing UpdateMatrix, in round: RoundContext
  ) throws(DefenseError) -> Aggregation {
    let (n, d) = (updates.rowCount, updates.columnCount)
    let needs = trial.supply.ready.needs
    var arrays = [WorkerArray("updates", updates.values)]
    if needs.contains(WorkerNeed.globalModel) { arrays.append(.init("global", round.global)) }
    if needs.contains(WorkerNeed.rootUpdate), let root = round.rootUpdate {
      arrays.append(.init("root", root))
    }
    var capacities = ["updates": max(n, setup.participantCount) * d, "result": d]
    for array in arrays.dropFirst() { capacities[array.name] = d }
    let weights = updates.weights
    let request = WorkerRequest(
      type: "aggregate", answer: "aggregated",
      members: [
        "round": .integer(round.round), "seed": round.seed.workerSeed,
        "ids": JSONValue(updates.provenance.enumerated().map { $1.workerID(row: $0) }),
        "weights": .array(weights.map { .number($0) }),
      ], arrays: arrays, results: [WorkerArray("result", Float.zeros(d))])
    do throws(WorkerError) {
      return try trial.ask(
        request, hello: hello(columnCount: d, rowCount: n, round), capacities: capacities
      ) { answer, results throws(WorkerAnswer.Problem) in
        Aggregation(
          update: results[0].values, verdicts: try WorkerVerdicts.read(answer, weights),
          report: try answer.report("report").mapValues(ReportValue.init))
      }.checked()
    } catch {
      throw failure(error)
    }
  }

  private func hello(
    columnCount d: Int, rowCount n: Int, _ round: RoundContext
  ) -> [String: JSONValue] {
    [
      "dimension": .integer(d), "rows_max": .integer(max(n, setup.participantCount)),
      "clients": .integer(setup.clientCount), "rounds": .integer(setup.roundCount),
      "layers": setup.layout.workerLayers(of: d), "seed": round.seed.child("trial").workerSeed,
      "f": f.map { .integer($0) } ?? nil,
    ]
  }

  private func failure(_ error: WorkerError) -> DefenseError {
    let id = Self.manifest.id
    guard case .lost(let reason) = error, trial.supply.ready.isStateful else {
      return .failed(component: id, reason: error.description)
    }
    return .interrupted(component: id, reason: reason)
  }
}

/// What workers may ask for.
enum WorkerNeed {
  static let globalModel = "global-model"
  static let rootUpdate = "root-update"

  /// What a scenario has to have for it.
  static let all: [String: DefenseNeeds] = [
    globalModel: .model, rootUpdate: [.rootData, .rootUpdate],
  ]
}

extension Aggregation {
  /// The same, unless a value of the update is not finite.
  fileprivate func checked() throws(WorkerError) -> Aggregation {
    guard let place = update.firstIndex(where: { !$0.isFinite }) else { return self }
    throw .declined("result has a value that is not finite: \(update[place]) at \(place)")
  }
}

extension ReportValue {
  fileprivate init(_ value: JSONValue) {
    self =
      switch value {
      case .number(let number): .number(number)
      case .integer(let number): .number(Double(number))
      case .string(let text): .text(text)
      default: .text("")
      }
  }
}

public import Components
public import Determinism
public import Federation
import JSON
public import Kernels
public import Tensors

/// An attack on updates in another process, in any language.
///
/// The worker gets what the controlled clients trained and, if it declared that it knows them, the
/// honest updates of the round; never more than the scenario grants. It returns the rows to send,
/// which may hold anything: the server drops those that are not finite. Data and local training are
/// not changed.
public struct ExternalAttack: Attack {
  public static let manifest = ComponentManifest(
    id: "external",
    summary: "An attack of your own on updates in another process, in any language.",
    formula: "Whatever the program makes of what its clients trained.",
    preconditions: ["the program speaks version 1 of the worker protocol"],
    origin: "Yours; the page \"Bring your own methods\" of the documentation shows how.",
    parameters: WorkerParameters.all(memory: "4GiB"))
  public static let tier = ThreatTier.ownKnowledge

  private let trial: WorkerTrial
  private let setup: AttackSetup
  private let knowledge: ThreatModel.Knowledge
  public private(set) var failure: AttackFailure?

  public init(_ arguments: Arguments, setup: AttackSetup) throws(ConfigurationError) {
    let supply = try WorkerSupply(arguments, of: Self.manifest.id, kind: .attack, in: ".")
    self.init(supply, try supply.knowledge(), setup: setup)
  }

  init(_ supply: WorkerSupply, _ knowledge: ThreatModel.Knowledge, setup: AttackSetup) {
    trial = WorkerTrial(supply)
    self.setup = setup
    self.knowledge = knowledge
  }

  public var isCopyable: Bool { false }

  public var threatModel: ThreatModel {
    ThreatModel(surface: .update, knowledge: knowledge)
  }

  public mutating func craft(
    _ rows: inout Matrix<Float>, _ view: AttackerView, random: inout RandomStream
  ) -> [String: Double] {
    let d = rows.columnCount
    let honest = knowledge >= .honestUpdates ? view.honest?.matrix : nil
    var arrays = [WorkerArray("own", rows)]
    if let honest { arrays.append(WorkerArray("honest", honest)) }
    if !view.global.isEmpty { arrays.append(WorkerArray("global", view.global)) }
    // Room for the largest round: later ones may have other numbers of attackers among them.
    let most = max(min(setup.controlled.count, setup.participantCount), rows.rowCount) * d
    var capacities = ["own": most, "result": most]
    if let honest {
      capacities["honest"] = max(setup.participantCount, honest.rowCount) * d
    }
    if !view.global.isEmpty { capacities["global"] = d }
    let request = WorkerRequest(
      type: "craft", answer: "crafted",
      members: [
        "round": .integer(view.round), "participants": .integer(view.participantCount),
        "weight_share": .number(view.weightShare), "seed": .integer(Int(random.next() >> 1)),
        "ids": JSONValue(view.clients.map { "c\($0.index)" }),
      ], arrays: arrays, results: [WorkerArray("result", rows)])
    do throws(WorkerError) {
      let crafted = try trial.ask(
        request, hello: hello(columnCount: d), capacities: capacities
      ) { answer, results throws(WorkerAnswer.Problem) in
        (rows: results[0].matrix, figures: try answer.report("figures"))
      }
      rows = crafted.rows
      return crafted.figures.compactMapValues(\.finiteNumber)
    } catch {
      var isInterruption = false
      if case .lost = error { isInterruption = trial.supply.ready.isStateful }
      failure = AttackFailure(
        reason: "\(Self.manifest.id): \(error)", isInterruption: isInterruption)
      return [:]
    }
  }

  private func hello(columnCount d: Int) -> [String: JSONValue] {
    [
      "dimension": .integer(d), "rows_max": .integer(setup.participantCount),
      "participants": .integer(setup.participantCount),
      "window": [.integer(setup.window.lowerBound), .integer(setup.window.upperBound)],
      "rounds": .integer(setup.roundCount), "layers": setup.layout.workerLayers(of: d),
      "seed": setup.seed.child("attack").workerSeed, "f": nil,
    ]
  }
}

extension WorkerSupply {
  /// What an attack says that it knows.
  func knowledge() throws(ConfigurationError) -> ThreatModel.Knowledge {
    let words: [String: ThreatModel.Knowledge] = [
      "own-clients": .ownClients, "honest-updates": .honestUpdates,
    ]
    switch ready.members["knowledge"] {
    case nil, .null: return .ownClients
    case .string(let word):
      if let known = words[word] { return known }
      throw ConfigurationError(unknown(need: word, known: Array(words.keys)))
    default: throw ConfigurationError(unknown(need: "?", known: Array(words.keys)))
    }
  }
}

extension HonestUpdates {
  /// The honest rows alone.
  fileprivate var matrix: Matrix<Float> {
    var matrix = Matrix<Float>(rowCount: rows.count, columnCount: all.columnCount)
    for (place, row) in rows.enumerated() { matrix.setRow(place, toRow: row, of: all) }
    return matrix
  }
}

extension JSONValue {
  fileprivate var finiteNumber: Double? {
    switch self {
    case .number(let number): number.isFinite ? number : nil
    case .integer(let number): Double(number)
    default: nil
    }
  }
}

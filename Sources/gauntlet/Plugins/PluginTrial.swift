import Kernels
import Results
import Tensors
import Workers

/// A worker that has been greeted, asked as a trial asks it.
struct PluginTrial {
  /// What a defense answers.
  struct Response: Equatable {
    var update: [Float]
    var kept: [Bool]?
    var suspicion: [Double?]?
  }

  /// To how many clients a trainer is told to deal its data.
  static let trainedCount = 20

  let channel: WorkerChannel
  let ready: WorkerReady
  let dimension: Int

  /// Starts a process and greets it.
  ///
  /// The dimension is the number of columns, of a trainer what it said; `rowCount` the most rows of
  /// a call.
  init(
    _ command: WorkerCommand, _ kind: WorkerReady.Kind, dimension: Int, rowCount: Int,
    params: [String: JSONValue]
  ) throws {
    let names =
      switch kind {
      case .defense: ["updates"]
      case .attack: ["own", "honest", "result"]
      case .trainer: ["updates"]
      }
    var sizes = Dictionary(uniqueKeysWithValues: names.map { ($0, rowCount * dimension) })
    for name in ["global", "root", "result"] where sizes[name] == nil { sizes[name] = dimension }
    channel = try WorkerChannel(command, arrays: sizes)
    self.dimension = dimension
    ready = try Self.greet(
      channel, kind, dimension: dimension, rowCount: rowCount, params: params)
  }

  /// Greets the same process for another trial.
  init(
    again trial: PluginTrial, _ kind: WorkerReady.Kind, rowCount: Int, params: [String: JSONValue]
  )
    throws
  {
    channel = trial.channel
    dimension = trial.dimension
    ready = try Self.greet(
      channel, kind, dimension: dimension, rowCount: rowCount, params: params)
  }

  private static func greet(
    _ channel: WorkerChannel, _ kind: WorkerReady.Kind, dimension: Int, rowCount: Int,
    params: [String: JSONValue]
  ) throws -> WorkerReady {
    var members: [String: JSONValue] = [
      "clients": .integer(kind == .trainer ? trainedCount : 2 * rowCount),
      "participants": .integer(kind == .trainer ? trainedCount / 2 : rowCount), "rounds": 10,
      "rows_max": .integer(rowCount), "seed": 7, "params": .object(params), "threads": 1,
    ]
    if kind != .trainer {
      members["dimension"] = .integer(dimension)
      members["layers"] = [
        ["name": "weight", "shape": [.integer(dimension)], "offset": 0]
      ]
      members["f"] = .integer(rowCount / 5)
    }
    if kind == .attack { members["window"] = [0, 10] }
    return try channel.greet(kind, members)
  }

  // MARK: - Calls

  /// Has a defense aggregate; `ids` number the clients of the rows, in order if `nil`.
  func aggregate(
    _ rows: Matrix<Float>, ids: [Int]? = nil, round: Int = 0, seed: Int = 5
  ) throws -> Response {
    let count = rows.rowCount
    var arrays = [WorkerArray("updates", rows)]
    if ready.needs.contains("global-model") {
      arrays.append(WorkerArray("global", [Float](repeating: 0.1, count: dimension)))
    }
    if ready.needs.contains("root-update") { arrays.append(WorkerArray("root", rows.row(0))) }
    var results = [WorkerArray("result", [Float](repeating: 0, count: dimension))]
    let answer = try channel.ask(
      "aggregate", answer: "aggregated",
      [
        "round": .integer(round), "seed": .integer(seed),
        "ids": .array((ids ?? Array(0..<count)).map { .string("c\($0)") }),
        "weights": .array([JSONValue](repeating: .number(1 / Double(count)), count: count)),
      ], arrays: arrays, results: &results)
    do throws(WorkerAnswer.Problem) {
      _ = try answer.numbers("weights", count: count)
      _ = try answer.report("report")
      return Response(
        update: results[0].values, kept: try answer.bools("kept", count: count),
        suspicion: try answer.numbers("suspicion", count: count))
    } catch {
      throw channel.fault(error)
    }
  }

  /// Has an attack make its rows.
  func craft(
    own: Matrix<Float>, honest: Matrix<Float>, round: Int = 0, seed: Int = 5
  ) throws -> Matrix<Float> {
    var arrays = [
      WorkerArray("own", own), WorkerArray("global", [Float](repeating: 0.1, count: dimension)),
    ]
    if ready.members["knowledge"] == "honest-updates" {
      arrays.append(WorkerArray("honest", honest))
    }
    var results = [
      WorkerArray("result", Matrix(rowCount: own.rowCount, columnCount: dimension))
    ]
    let count = own.rowCount + honest.rowCount
    _ = try channel.ask(
      "craft", answer: "crafted",
      [
        "round": .integer(round), "seed": .integer(seed), "participants": .integer(count),
        "weight_share": .number(Double(own.rowCount) / Double(count)),
        "ids": .array((0..<own.rowCount).map { .string("c\($0)") }),
      ], arrays: arrays, results: &results)
    return results[0].matrix
  }

  /// Has a trainer make its first parameters.
  func initialize(seed: Int) throws -> [Float] {
    var results = [WorkerArray("result", [Float](repeating: 0, count: dimension))]
    _ = try channel.ask(
      "initialize", answer: "initialized", ["seed": .integer(seed)], results: &results)
    return results[0].values
  }

  /// Has a trainer train clients, each with a seed of its own and all of them with a poison or none.
  func train(
    _ parameters: [Float], clients: [Int], poison: JSONValue = .null
  ) throws -> Matrix<Float> {
    var results = [
      WorkerArray("updates", Matrix(rowCount: clients.count, columnCount: dimension))
    ]
    let answer = try channel.ask(
      "train", answer: "trained",
      [
        "round": 0, "clients": .array(clients.map { .integer($0) }),
        "seeds": .array(clients.map { .integer(1000 + $0) }),
        "poison": .array([JSONValue](repeating: poison, count: clients.count)),
        "schedule": [
          "epochs": 1, "steps": .null, "batch_size": 32, "learning_rate": 0.05, "momentum": 0,
          "weight_decay": 0, "proximal_mu": 0,
        ],
      ], arrays: [WorkerArray("global", parameters)], results: &results)
    do throws(WorkerAnswer.Problem) {
      guard try answer.numbers("examples", count: clients.count) != nil else {
        throw WorkerAnswer.Problem("does not say 'examples'")
      }
      _ = try answer.numbers("losses", count: clients.count)
    } catch {
      throw channel.fault(error)
    }
    return results[0].matrix
  }

  /// Has a trainer count hits, as pairs of hits and examples by class.
  func evaluate(_ parameters: [Float], classCount: Int) throws -> [[Int]] {
    var results: [WorkerArray] = []
    let answer = try channel.ask(
      "evaluate", answer: "evaluated", ["round": 0, "backdoors": []],
      arrays: [WorkerArray("global", parameters)], results: &results)
    var counts: [[Int]] = []
    if case .array(let classes)? = answer.value("classes") {
      for case .array(let pair) in classes {
        var numbers: [Int] = []
        for case .integer(let number) in pair { numbers.append(number) }
        counts.append(numbers)
      }
    }
    guard counts.count == classCount,
      counts.allSatisfy({ $0.count == 2 && 0 <= $0[0] && $0[0] <= $0[1] })
    else {
      throw channel.fault(
        .init("has 'classes' that are no pair of hits and examples for each of \(classCount)"))
    }
    return counts
  }
}

import Determinism
import Federation
import Kernels
import Tensors

/// Predicts the update of each client from its last one and how updates followed the model so far.
///
/// A copy is a snapshot. With the window N it holds up to N pairs of d doubles each way, the last
/// model and aggregate (d floats each) and a copy of the last rows (n × d floats).
struct UpdatePredictor: Sendable {
  /// What the last round left.
  private struct Memory {
    var global: [Float]
    var aggregate: [Float]
    var rows: Matrix<Float>
    var places: [ClientID: Int]

    mutating func checkpoint(_ pass: inout CheckpointPass) {
      pass.visit(&global)
      pass.visit(&aggregate)
      pass.visit(&rows)
      pass.visit(&places, from: 0) { $0.visit(&$1) }
      let (n, d) = (rows.rowCount, rows.columnCount)
      pass.require(
        (global.isEmpty || global.count == d) && aggregate.count == d,
        "it has a model, an aggregate and rows of different lengths")
      pass.require(Float.allFinite(rows.span), "it has a row that is not finite")
      pass.require(
        places.count == n && places.values.sorted() == Array(0..<n),
        "it has \(n) rows of \(places.count) clients")
    }
  }

  /// The largest number of pairs, N.
  private let window: Int
  private var pairs: [SecantPair] = []
  private var memory: Memory?

  init(window: Int) { self.window = window }

  /// The number of values of an update; `nil` before the first round.
  var columnCount: Int? { memory?.rows.columnCount }

  /// The clients whose rows of the last round are remembered.
  var clients: some Sequence<ClientID> { (memory?.places ?? [:]).keys }

  mutating func checkpoint(_ pass: inout CheckpointPass) {
    pass.visit(
      &memory,
      from: Memory(
        global: [], aggregate: [], rows: Matrix(rowCount: 0, columnCount: 0), places: [:])
    ) { $1.checkpoint(&$0) }
    var halves = pairs.map { (step: $0.step, change: $0.change) }
    pass.visit(&halves, from: ([], [])) {
      $0.visit(&$1.step)
      $0.visit(&$1.change)
    }
    guard pass.isReading, pass.problem == nil else { return }
    let read = halves.compactMap { step, change in
      step.count == columnCount && change.count == columnCount
        ? SecantPair(step: step, change: change) : nil
    }
    pass.require(read.count == halves.count, "it has a pair of steps that cannot be")
    pass.require(read.count <= window, "it has \(read.count) pairs of steps, not \(window)")
    pairs = read
  }

  /// Returns the distance between prediction and update for some rows, `nil` for a client that had
  /// no row in the last round; `nil` for all before the first pair is known, and without a model.
  ///
  /// The prediction is x_i of the last round + J (w − w of the last round), J the L-BFGS
  /// approximation of how updates change with the model; J counts as 0 where it is undetermined.
  ///
  /// - Complexity: O(N² d + n d), with d doubles per thread besides.
  func distances(
    of rows: [Int], in updates: borrowing UpdateMatrix, _ round: RoundContext
  ) -> [Double?]? {
    guard let memory, !pairs.isEmpty, round.global.count == updates.columnCount,
      memory.global.count == updates.columnCount
    else { return nil }
    let moved = difference(round.global, memory.global)
    let shift =
      LBFGSProduct.product(of: pairs, with: moved, pool: round.pool)
      ?? Double.zeros(updates.columnCount)
    let places = rows.map { memory.places[updates.client(ofRow: $0)] }
    let values = updates.values
    return round.pool.map(rows.count) { index in
      guard let place = places[index] else { return nil }
      let predicted = memory.rows.withRow(place) { last in
        last.indices.map { Double(last[$0]) + shift[$0] }
      }
      return values.withRow(rows[index]) {
        Float.squaredDistance($0, predicted.span).squareRoot()
      }
    }
  }

  /// Forgets the pairs.
  mutating func restart() { pairs = [] }

  /// Ends a round.
  ///
  /// - Parameters:
  ///   - updates: The rows of the round.
  ///   - kept: The rows to remember, ascending.
  ///   - aggregate: What was made of them.
  ///   - global: The model that the round started from; without one no pair is ever known.
  ///   - formsPair: Whether this round and the last one are a pair.
  mutating func remember(
    _ updates: borrowing UpdateMatrix, kept: [Int], aggregate: [Float], global: [Float],
    formsPair: Bool
  ) {
    if formsPair, let memory, memory.global.count == aggregate.count,
      global.count == aggregate.count,
      let pair = SecantPair(
        step: difference(global, memory.global),
        change: difference(aggregate, memory.aggregate))
    {
      pairs.append(pair)
      if pairs.count > window { pairs.removeFirst() }
    }
    // The matrix of the last round is written over, so that a round allocates no other.
    var rows = memory?.rows ?? Matrix(rowCount: 0, columnCount: updates.columnCount)
    memory = nil
    rows.resize(rowCount: kept.count)
    var places: [ClientID: Int] = [:]
    for (place, row) in kept.enumerated() {
      rows.setRow(place, toRow: row, of: updates.values)
      places[updates.client(ofRow: row)] = place
    }
    memory = Memory(global: global, aggregate: aggregate, rows: rows, places: places)
  }

  private func difference(_ x: [Float], _ y: [Float]) -> [Double] {
    zip(x, y).map { Double($0) - Double($1) }
  }
}

extension UpdateMatrix {
  /// The client of a row that stands for one.
  func client(ofRow row: Int) -> ClientID { provenance[row].shares[0].client }
}

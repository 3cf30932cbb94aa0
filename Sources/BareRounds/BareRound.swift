public import Determinism
public import Federation
public import Kernels
public import Tensors

/// The updates of one round without a scenario around them.
public struct BareRound: Sendable {
  /// n × d, one row per client; rows with values that are not finite are left out.
  public var updates: Matrix<Float>
  /// The client of each row, ascending; client `i` sent row `i` unless they are given.
  public var clients: [ClientID]
  /// The weight of each row, of any sum above 0; `nil`: all alike.
  public var weights: [Double]?
  /// The global parameters that the round started from, d values; empty where nobody knows them.
  public var global: [Float]
  /// What the server's own data gives, d values; `nil` where no component needs it.
  public var rootUpdate: [Float]?
  /// The number of the round, from 0 on.
  public var number: Int
  /// The seed of what is drawn.
  public var seed: UInt64
  public var pool: WorkPool

  public init(
    _ updates: Matrix<Float>, clients: [ClientID]? = nil, weights: [Double]? = nil,
    global: [Float] = [], rootUpdate: [Float]? = nil, number: Int = 0, seed: UInt64, pool: WorkPool
  ) {
    self.updates = updates
    self.clients = clients ?? (0..<updates.rowCount).map { ClientID($0) }
    self.weights = weights
    self.global = global
    self.rootUpdate = rootUpdate
    self.number = number
    self.seed = seed
    self.pool = pool
  }

  /// The stream path of the defense: the seed's own in round 0, as long as there is but one, and a
  /// child of it in each later round.
  var path: SeedPath {
    let root = SeedPath(root: seed)
    return number == 0 ? root : root.child("round").child(number)
  }

  /// - Throws: `BareRoundError` for the first thing that does not fit the matrix.
  func check() throws(BareRoundError) {
    let (n, d) = (updates.rowCount, updates.columnCount)
    guard n > 0, d > 0 else {
      throw BareRoundError("the matrix is \(n) x \(d); at least one row and one column are needed")
    }
    guard clients.count == n else {
      throw BareRoundError("\(clients.count) clients are given for \(n) rows")
    }
    guard zip(clients, clients.dropFirst()).allSatisfy({ $0 < $1 }),
      clients.allSatisfy({ $0.index >= 0 })
    else {
      throw BareRoundError("clients have to be different numbers of at least 0, ascending by row")
    }
    if let weights {
      guard weights.count == n else {
        throw BareRoundError("\(weights.count) weights are given for \(n) rows")
      }
      guard weights.allSatisfy({ $0 >= 0 && $0.isFinite }) else {
        throw BareRoundError("weights have to be finite and at least 0")
      }
    }
    if let rootUpdate {
      guard rootUpdate.count == d, rootUpdate.allSatisfy(\.isFinite) else {
        throw BareRoundError(
          "what the server's own data gives has to be \(d) finite values, one for each column")
      }
    }
    guard global.isEmpty || global.count == d && global.allSatisfy(\.isFinite) else {
      throw BareRoundError("the global model has to be \(d) finite values, one for each column")
    }
    guard number >= 0 else { throw BareRoundError("round \(number) is before round 0") }
  }
}

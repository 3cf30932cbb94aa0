import Components
import Datasets
import Determinism
import Federation
import Kernels
import Simulation
import Suite
import Tensors

/// Changes of no meaning: what a gate sees of them is noise.
enum Noise {
  /// Every client keeps its examples, in another order: the stream of the batches re-keyed.
  static func reshuffled(_ key: Int) -> Fault {
    var fault = Fault(name: "reshuffled-\(key)", summary: "examples of each client reordered")
    fault.substitutions.partition = { Reshuffled(base: $0, key: key) }
    return fault
  }

  /// Every rule sees the rows in another order, and averages are summed in that order.
  ///
  /// The engine sums in double precision, where the order of the rows hardly ever changes a bit of
  /// the rounded sum. Rules that average rows are therefore summed anew in single precision.
  static func resummed(_ key: Int) -> Fault {
    var fault = Fault(name: "resummed-\(key)", summary: "rows reordered before each rule")
    for (index, entry) in fault.catalog.aggregators.enumerated() {
      fault.catalog.aggregators[index].make = { (arguments, setup) throws(ConfigurationError) in
        Resummed(
          base: try entry.make(arguments, setup), key: key,
          averagesRows: averaging.contains(entry.manifest.id))
      }
    }
    return fault
  }
}

/// The rules whose update is the sum of the rows times the weights of their verdicts.
private let averaging: Set<ComponentID> = ["mean", "krum", "multi-krum", "norm-clipping"]

/// A partition that permutes the examples within each client.
struct Reshuffled: Partition {
  let base: any Partition
  let key: Int

  func sizes(clientCount: Int, random: inout RandomStream) -> [Int]? {
    base.sizes(clientCount: clientCount, random: &random)
  }

  func assign(
    labels: [Int], classCount: Int, clientCount: Int, random: inout RandomStream
  ) -> [[Int]] {
    var hands = base.assign(
      labels: labels, classCount: classCount, clientCount: clientCount, random: &random)
    // What follows in the stream depends on the run's seed, the child on the key.
    var order = SeedPath(root: random.next()).child(key).stream()
    for client in hands.indices { order.shuffle(&hands[client]) }
    return hands
  }
}

/// A rule that is given the rows in an order drawn for each round.
struct Resummed: StandIn {
  var base: any Aggregator
  let key: Int
  let averagesRows: Bool

  mutating func aggregate(
    _ updates: borrowing UpdateMatrix, in round: RoundContext
  ) throws(DefenseError) -> Aggregation {
    var random = round.seed.child("resummed").child(key).stream()
    let order = random.permutation(updates.rowCount)
    var values = updates.values
    for (slot, row) in order.enumerated() { values.setRow(slot, toRow: row, of: updates.values) }
    var result = try base.aggregate(
      UpdateMatrix(
        values: values, provenance: order.map { updates.provenance[$0] },
        weights: order.map { updates.weights[$0] }), in: round)
    if averagesRows { result.update = Self.sum(values, result.verdicts.map(\.weight)) }
    let verdicts = result.verdicts
    for (slot, row) in order.enumerated() { result.verdicts[row] = verdicts[slot] }
    return result
  }

  /// Returns the weighted sum of the rows in their order, in single precision.
  private static func sum(_ rows: Matrix<Float>, _ weights: [Double]) -> [Float] {
    var sum = [Float](repeating: 0, count: rows.columnCount)
    var target = sum.mutableSpan
    for (row, weight) in weights.enumerated() where weight != 0 {
      rows.withRow(row) { Vectors.axpy(Float(weight), $0, into: &target) }
    }
    return sum
  }
}

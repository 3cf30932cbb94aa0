import Federation
import Kernels
import Tensors

/// A round as it was read.
struct DumpRound {
  let path: String
  /// As `meta.json` says; `nil` where it does not.
  let number: Int?
  let meta: DumpMeta
  /// n × d; values that are not finite are still there.
  let updates: Matrix<Float>
  let layout: ParameterLayout?
  /// Empty where it is not known.
  let global: [Float]
  let rootUpdate: [Float]?

  var hasMask: Bool { meta.malicious != nil }
  var isControlled: [Bool] { marks(meta.malicious) }
  var isActing: [Bool] { marks(meta.acting ?? meta.malicious) }

  private func marks(_ rows: [Int]?) -> [Bool] {
    let rows = Set(rows ?? [])
    return (0..<updates.rowCount).map { rows.contains($0) }
  }
}

/// Gives the ids of clients numbers: whole numbers are their own, texts get one in the order in which
/// they come.
struct ClientNumbers {
  private var numbers: [String: Int] = [:]

  /// The clients of the rows of a round; without ids they are the rows.
  mutating func clients(of round: DumpRound) -> [ClientID] {
    guard let ids = round.meta.ids else { return (0..<round.updates.rowCount).map(ClientID.init) }
    let own = ids.compactMap { id in Int(id).flatMap { $0 >= 0 ? $0 : nil } }
    // `1` and `01` are two ids.
    if numbers.isEmpty, Set(own).count == ids.count { return own.map(ClientID.init) }
    return ids.map { id in
      let number = numbers[id] ?? numbers.count
      numbers[id] = number
      return ClientID(number)
    }
  }
}

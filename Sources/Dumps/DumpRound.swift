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

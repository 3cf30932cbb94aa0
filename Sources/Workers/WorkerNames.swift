import Federation
import JSON
import Tensors

extension Provenance {
  /// How a worker is told of a row: by its client, or by its place where several are mixed in it.
  func workerID(row: Int) -> String {
    shares.count == 1 ? "c\(shares[0].client.index)" : "row\(row)"
  }
}

extension ParameterLayout {
  /// The layers of a model, as the protocol writes them; null where they are not known.
  func workerLayers(of columnCount: Int) -> JSONValue {
    guard count == columnCount else { return .null }
    return .array(
      segments.map {
        [
          "name": .string($0.name), "shape": .array($0.shape.map { .integer($0) }),
          "offset": .integer($0.range.lowerBound),
        ]
      })
  }
}

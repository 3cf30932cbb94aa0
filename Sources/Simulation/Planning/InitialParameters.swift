import Datasets
import Determinism
import Hashing
import Tensors
import Training

/// The parameters that training starts from, read from a file.
struct InitialParameters: Sendable {
  /// d values.
  let values: [Float]
  /// SHA-256 of their bits.
  let digest: String

  /// Reads an `.npz` file that has one array per tensor of the layout, by its name and of its shape,
  /// or one vector `parameters` of all values.
  ///
  /// - Throws: ``DatasetError`` with every tensor that is missing or of another shape, or further
  ///   arrays.
  init(path: String, layout: ParameterLayout) throws(DatasetError) {
    // An array that is a little too large is told by what it should be.
    let arrays = try NPZFile.read(path, limit: max(2 * layout.count, 1 << 24))
    if arrays.count == 1, arrays[0].name == "parameters" {
      let array = arrays[0].array
      guard array.values.count == layout.count else {
        throw .malformed(
          path: path, reason: "has \(array.values.count) parameters; the model has \(layout.count)")
      }
      values = array.values
    } else {
      var problems: [String] = []
      var values: [Float] = []
      for segment in layout.segments {
        guard let array = arrays.first(where: { $0.name == segment.name })?.array else {
          problems.append("lacks \(segment.name)")
          continue
        }
        if array.shape == segment.shape {
          values += array.values
        } else {
          problems.append(
            "\(segment.name) has shape \(array.shape); the model's has \(segment.shape)")
        }
      }
      let known = Set(layout.segments.map(\.name))
      problems += arrays.map(\.name).filter { !known.contains($0) }.map {
        "\($0) is no tensor of the model"
      }
      guard problems.isEmpty else {
        throw .malformed(path: path, reason: problems.joined(separator: "; "))
      }
      self.values = values
    }
    guard values.allSatisfy(\.isFinite) else {
      throw .malformed(path: path, reason: "has values that are not finite")
    }
    digest = ParametersDigest.hexadecimal(of: values)
  }
}

import Components
import Datasets
import Kernels
import Tensors

/// A grid of cells from a file, at a corner of an image or at the front of a vector.
///
/// Without a file it is one cell, which makes it the trigger `square`.
public enum PatternTrigger {
  public static let entry = TriggerEntry(
    manifest: ComponentManifest(
      id: "pattern",
      summary: "A pattern from a file, at a corner of an image or the first features of a vector.",
      formula: """
        x_j = value · c for the pixels of a cell c, in every channel; a cell is size x size pixels of \
        an image, size features of a vector, whose cells follow each other row by row
        """,
      preconditions: ["the pattern fits the input"],
      citations: [Citation.badNets],
      parameters: [.triggerSize, .triggerValue, .triggerCorner, .triggerFile])
  ) { (arguments, setup) throws(ConfigurationError) in
    let (size, value) = (arguments.integer("size"), arguments.real("value"))
    let corner = SquareTrigger.Corner(rawValue: arguments.text("corner")) ?? .bottomRight
    let cells = try pattern(arguments.text("file"), setup).cells
    guard let places = places(of: cells, size: size, corner: corner, on: setup.shape) else {
      let grid =
        cells.values.count == 1 ? "" : ", with \(cells.rowCount) x \(cells.columnCount) cells,"
      throw ConfigurationError(
        .invalid(
          component: "pattern",
          reason: "a 'pattern' trigger of size \(size)\(grid) does not fit inputs of "
            + "\(setup.shape)"))
    }
    let values = places.map { place in
      let raw = Float(value * Double(place.cell))
      return setup.normalization?.value(raw, at: place.position) ?? raw
    }
    guard values.allSatisfy(\.isFinite) else {
      throw ConfigurationError(
        .invalid(
          component: "pattern",
          reason: "value, \(value), times a cell is too large for single precision"))
    }
    return Trigger(positions: places.map(\.position), values: values)
  }

  private static func pattern(
    _ path: String, _ setup: TriggerSetup
  ) throws(ConfigurationError) -> PatternFile {
    guard path != "none" else { return .singleCell }
    do throws(DatasetError) {
      return try setup.pattern(path)
    } catch {
      throw ConfigurationError(.invalid(component: "pattern", reason: "\(error)"))
    }
  }

  /// The features that are set, ascending, each with its cell; `nil` where the grid is too large.
  private static func places(
    of cells: Matrix<Float>, size: Int, corner: SquareTrigger.Corner, on shape: InputShape
  ) -> [(position: Int, cell: Float)]? {
    switch shape {
    case .vector(let count):
      let values = cells.values
      guard size <= count, values.count <= count / size else { return nil }
      return (0..<values.count * size).compactMap { position in
        let cell = values[position / size]
        return cell.isNaN ? nil : (position, cell)
      }
    case .image(let height, let width, let channels):
      guard size <= height, size <= width, cells.rowCount <= height / size,
        cells.columnCount <= width / size
      else { return nil }
      let (rows, columns) = (cells.rowCount * size, cells.columnCount * size)
      let top = corner == .topLeft || corner == .topRight ? 0 : height - rows
      let left = corner == .topLeft || corner == .bottomLeft ? 0 : width - columns
      return (0..<rows).flatMap { y in
        let cellRow = cells.row(y / size)
        return (0..<columns).flatMap { x -> [(position: Int, cell: Float)] in
          let cell = cellRow[x / size]
          guard !cell.isNaN else { return [] }
          return (0..<channels).map {
            (((top + y) * width + left + x) * channels + $0, cell)
          }
        }
      }
    }
  }
}

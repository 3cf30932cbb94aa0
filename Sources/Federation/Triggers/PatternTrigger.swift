import Components
import Datasets
import Kernels
import Tensors

/// A grid of cells from a file, at a corner of an image or anywhere on it, or in a vector, at its front
/// unless told otherwise.
///
/// Without a file it is one cell, which makes it the trigger `square`.
public enum PatternTrigger {
  public static let entry = TriggerEntry(
    manifest: ComponentManifest(
      id: "pattern",
      summary: "A pattern from a file, on an image or on neighboring features of a vector.",
      formula: """
        x_j = value · c for the pixels of a cell c, in every channel; a cell is size x size pixels of \
        an image, size features of a vector, whose cells follow each other row by row; a color image has a \
        cell for each channel
        """,
      preconditions: [
        "the pattern fits the input, and has one channel for all or as many as the input"
      ],
      citations: [Citation.badNets],
      parameters: [
        .triggerSize, .triggerValue, .triggerCorner, .triggerTop, .triggerLeft, .triggerFile,
      ])
  ) { (arguments, setup) throws(ConfigurationError) in
    let (size, value) = (arguments.integer("size"), arguments.real("value"))
    let place = try PatchPlace(arguments, on: setup.shape, component: "pattern")
    let file = try pattern(arguments.text("file"), setup)
    let channels = file.channelCount
    guard channels == 1 || channels == setup.shape.channelCount else {
      throw ConfigurationError(
        .invalid(
          component: "pattern",
          reason: "the pattern has \(channels) channels, and inputs of \(setup.shape) have "
            + "\(setup.shape.channelCount)"))
    }
    guard let places = places(of: file, size: size, at: place, on: setup.shape) else {
      let grid =
        file.cells.values.count == channels
        ? "" : ", with \(file.cells.rowCount) x \(file.cells.columnCount / channels) cells,"
      throw ConfigurationError(
        .invalid(
          component: "pattern",
          reason:
            "a 'pattern' trigger of size \(size)\(place.text(on: setup.shape))\(grid) does not fit inputs of "
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

  /// The features that are set, ascending, each with its cell; `nil` where the grid does not lie within.
  ///
  /// - Precondition: The pattern has one channel, or those of the input.
  private static func places(
    of pattern: PatternFile, size: Int, at place: PatchPlace, on shape: InputShape
  ) -> [(position: Int, cell: Float)]? {
    let cells = pattern.cells
    switch shape {
    case .vector(let count):
      let values = cells.values
      guard size <= count, values.count <= count / size,
        let first = place.first(values.count * size, of: count)
      else { return nil }
      return (0..<values.count * size).compactMap { position in
        let cell = values[position / size]
        return cell.isNaN ? nil : (first + position, cell)
      }
    case .image(let height, let width, let channels):
      let own = pattern.channelCount
      guard size <= height, size <= width, cells.rowCount <= height / size,
        cells.columnCount / own <= width / size
      else { return nil }
      let (rows, columns) = (cells.rowCount * size, cells.columnCount / own * size)
      guard
        let (top, left) = place.origin(rows: rows, columns: columns, height: height, width: width)
      else { return nil }
      return (0..<rows).flatMap { y in
        let cellRow = cells.row(y / size)
        return (0..<columns).flatMap { x in
          (0..<channels).compactMap { channel -> (position: Int, cell: Float)? in
            let cell = cellRow[x / size * own + (own == 1 ? 0 : channel)]
            return cell.isNaN ? nil : (((top + y) * width + left + x) * channels + channel, cell)
          }
        }
      }
    }
  }
}

import Components
import Tensors

/// Neighboring features of a vector, the first ones unless told otherwise, or a square patch of an image,
/// at a corner or anywhere, set to a value.
///
/// On images it covers every channel of its pixels.
public enum SquareTrigger {
  public static let entry = TriggerEntry(
    manifest: ComponentManifest(
      id: "square",
      summary: "A square patch of an image, or neighboring features of a vector.",
      formula: """
        x_j = value for the pixels of the patch, in every channel; a vector's first features where no \
        left is given
        """,
      preconditions: ["the patch fits the image"],
      citations: [Citation.badNets],
      parameters: [.triggerSize, .triggerValue, .triggerCorner, .triggerTop, .triggerLeft])
  ) { (arguments, setup) throws(ConfigurationError) in
    let size = arguments.integer("size")
    let place = try PatchPlace(arguments, on: setup.shape, component: "square")
    guard let positions = positions(size: size, at: place, on: setup.shape) else {
      throw .tooLarge("square", size: size, at: place, shape: setup.shape)
    }
    return setup.trigger(at: positions, value: Float(arguments.real("value")))
  }

  /// The features of the patch, ascending; `nil` where it does not lie within the input.
  static func positions(size: Int, at place: PatchPlace, on shape: InputShape) -> [Int]? {
    switch shape {
    case .vector(let count):
      guard size <= count, let first = place.first(size, of: count) else { return nil }
      return Array(first..<first + size)
    case .image(let height, let width, let channels):
      guard let (top, left) = place.origin(rows: size, columns: size, height: height, width: width)
      else { return nil }
      return (top..<top + size).flatMap { y in
        (left..<left + size).flatMap { x in (0..<channels).map { (y * width + x) * channels + $0 } }
      }
    }
  }
}

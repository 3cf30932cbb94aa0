import Components
import Tensors

/// The first features of a vector, or a square patch at a corner of an image, set to a value.
///
/// On images it covers every channel of its pixels.
public enum SquareTrigger {
  public enum Corner: String, Sendable, Hashable, CaseIterable {
    case topLeft = "top-left"
    case topRight = "top-right"
    case bottomLeft = "bottom-left"
    case bottomRight = "bottom-right"
  }

  public static let entry = TriggerEntry(
    manifest: ComponentManifest(
      id: "square",
      summary: "A square patch at a corner of an image; the first features of a vector.",
      formula: "x_j = value for the pixels of the patch, in every channel",
      preconditions: ["the patch fits the image"],
      citations: [Citation.badNets],
      parameters: [.triggerSize, .triggerValue, .triggerCorner])
  ) { (arguments, setup) throws(ConfigurationError) in
    let size = arguments.integer("size")
    let corner = Corner(rawValue: arguments.text("corner")) ?? .bottomRight
    guard let positions = positions(size: size, corner: corner, on: setup.shape) else {
      throw .tooLarge("square", size: size, shape: setup.shape)
    }
    return setup.trigger(at: positions, value: Float(arguments.real("value")))
  }

  /// The features of the patch, ascending; `nil` where it is larger than the input.
  static func positions(size: Int, corner: Corner, on shape: InputShape) -> [Int]? {
    switch shape {
    case .vector(let count):
      return size <= count ? Array(0..<size) : nil
    case .image(let height, let width, let channels):
      guard size <= height && size <= width else { return nil }
      let top = corner == .topLeft || corner == .topRight ? 0 : height - size
      let left = corner == .topLeft || corner == .bottomLeft ? 0 : width - size
      return (top..<top + size).flatMap { y in
        (left..<left + size).flatMap { x in (0..<channels).map { (y * width + x) * channels + $0 } }
      }
    }
  }
}

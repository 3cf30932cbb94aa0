import Components
import Tensors

/// Where a patch goes on an image, or among the features of a vector.
struct PatchPlace {
  enum Corner: String, CaseIterable {
    case topLeft = "top-left"
    case topRight = "top-right"
    case bottomLeft = "bottom-left"
    case bottomRight = "bottom-right"
  }

  private let corner: Corner
  /// The row of the upper edge; `nil`: as the corner says.
  private let top: Int?
  /// The column of the left edge, or a vector's first feature; `nil`: as the corner says.
  private let left: Int?

  /// Reads `corner`, `top` and `left`.
  ///
  /// - Throws: `ConfigurationError` where a vector, which has no rows, is given one.
  init(
    _ arguments: Arguments, on shape: InputShape, component: ComponentID
  ) throws(ConfigurationError) {
    corner = Corner(rawValue: arguments.text("corner")) ?? .bottomRight
    top = arguments.wholeNumber("top")
    left = arguments.wholeNumber("left")
    if let top, case .vector = shape {
      throw ConfigurationError(
        .invalid(
          component: component,
          reason: "top is \(top), and inputs of \(shape) have no rows; give left alone"))
    }
  }

  /// The first feature of a patch on a vector; `nil` where it does not lie within.
  ///
  /// - Precondition: It is not longer than the vector.
  func first(_ length: Int, of count: Int) -> Int? {
    guard let left else { return 0 }
    return left <= count - length ? left : nil
  }

  /// The upper left pixel of a patch on an image; `nil` where it does not lie within.
  func origin(
    rows: Int, columns: Int, height: Int, width: Int
  ) -> (top: Int, left: Int)? {
    guard rows <= height, columns <= width else { return nil }
    let (lowest, rightmost) = (height - rows, width - columns)
    let isTop = corner == .topLeft || corner == .topRight
    let isLeft = corner == .topLeft || corner == .bottomLeft
    let origin = (top: top ?? (isTop ? 0 : lowest), left: left ?? (isLeft ? 0 : rightmost))
    return origin.top <= lowest && origin.left <= rightmost ? origin : nil
  }

  /// What messages say of a place that was given, such as ` at row 3 and column 0` of an image.
  func text(on shape: InputShape) -> String {
    let isVector = if case .vector = shape { true } else { false }
    let places = [
      top.map { "row \($0)" }, left.map { (isVector ? "place" : "column") + " \($0)" },
    ]
    let given = places.compactMap(\.self)
    return given.isEmpty ? "" : " at " + given.joined(separator: " and ")
  }
}

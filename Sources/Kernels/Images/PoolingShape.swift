/// The sizes of a pooling layer; one example is height × width × channels, row-major, channels
/// innermost.
///
/// Rows and columns at the end that fill no window are left out.
public struct PoolingShape: Sendable, Hashable {
  public let height: Int
  public let width: Int
  public let channels: Int
  /// The height and width of a window.
  public let windowHeight: Int
  public let windowWidth: Int
  /// The way from one window to the next, down and across.
  public let stride: Int

  /// Creates a shape.
  ///
  /// - Precondition: All sizes are positive, and the window fits into the image.
  public init(
    height: Int, width: Int, channels: Int, windowHeight: Int, windowWidth: Int, stride: Int
  ) {
    precondition(
      height > 0 && width > 0 && channels > 0 && stride > 0
        && (1...height).contains(windowHeight) && (1...width).contains(windowWidth),
      """
      PoolingShape: windows of \(windowHeight) × \(windowWidth), stride \(stride), in \(height) × \
      \(width) × \(channels)
      """)
    self.height = height
    self.width = width
    self.channels = channels
    self.windowHeight = windowHeight
    self.windowWidth = windowWidth
    self.stride = stride
  }

  public var outputHeight: Int { (height - windowHeight) / stride + 1 }
  public var outputWidth: Int { (width - windowWidth) / stride + 1 }
  /// The values of one example.
  public var inputCount: Int { height * width * channels }
  /// The values of one example of the output.
  public var outputCount: Int { outputHeight * outputWidth * channels }
}

/// The sizes of a two-dimensional convolution; one example is height × width × channels, row-major,
/// channels innermost.
public struct ConvolutionShape: Sendable, Hashable {
  public let height: Int
  public let width: Int
  public let channels: Int
  public let outputChannels: Int
  public let kernelHeight: Int
  public let kernelWidth: Int
  /// The way from one place of the kernel to the next, down and across.
  public let stride: Int
  /// The rows and columns of +0 on each side of the image.
  public let padding: Int

  /// Creates a shape.
  ///
  /// - Precondition: All sizes are positive, the padding is not negative, and the kernel fits into
  ///   the padded image.
  public init(
    height: Int, width: Int, channels: Int, outputChannels: Int, kernelHeight: Int,
    kernelWidth: Int, stride: Int = 1, padding: Int = 0
  ) {
    precondition(
      height > 0 && width > 0 && channels > 0 && outputChannels > 0 && kernelHeight > 0
        && kernelWidth > 0 && stride > 0 && padding >= 0
        && kernelHeight <= height + 2 * padding && kernelWidth <= width + 2 * padding,
      """
      ConvolutionShape: \(height) × \(width) × \(channels), kernel \(kernelHeight) × \
      \(kernelWidth), \(outputChannels) channels, stride \(stride), padding \(padding)
      """)
    self.height = height
    self.width = width
    self.channels = channels
    self.outputChannels = outputChannels
    self.kernelHeight = kernelHeight
    self.kernelWidth = kernelWidth
    self.stride = stride
    self.padding = padding
  }

  public var outputHeight: Int { (height + 2 * padding - kernelHeight) / stride + 1 }
  public var outputWidth: Int { (width + 2 * padding - kernelWidth) / stride + 1 }
  /// The values of one example.
  public var inputCount: Int { height * width * channels }
  /// The values of one example with its padding.
  public var paddedCount: Int { paddedHeight * paddedWidth * channels }
  /// The values of one example of the output.
  public var outputCount: Int { outputHeight * outputWidth * outputChannels }
  /// The weights: kernel height × kernel width × channels × output channels.
  public var weightCount: Int { depth * outputChannels }
  /// The multiply-adds of one example, forward.
  public var productCount: Int { outputHeight * outputWidth * weightCount }

  var paddedHeight: Int { height + 2 * padding }
  var paddedWidth: Int { width + 2 * padding }
  /// The inputs of one place of the kernel.
  var depth: Int { kernelHeight * segment }
  /// The inputs of one row of the kernel, which lie side by side.
  var segment: Int { kernelWidth * channels }
  /// From a row of the padded image to the next.
  var rowCount: Int { paddedWidth * channels }
}

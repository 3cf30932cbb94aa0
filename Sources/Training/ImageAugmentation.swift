public import Determinism

/// Changes of training images that are drawn anew each time an image is used: a part of the padded
/// image of the old size, and its mirror image half of the time.
///
/// As torchvision's `RandomCrop(size, padding)` and, after it, `RandomHorizontalFlip()`. Three draws
/// per image, in the order of the batch: the row and the column where the part begins, each below
/// 2 × padding + 1, if there is padding; then, if it flips, one 32-bit word whose lowest bit says so.
public struct ImageAugmentation: Sendable, Hashable {
  public let height: Int
  public let width: Int
  public let channelCount: Int
  /// Pixels around the image, of which a part of the old size is taken; 0: the image as it is.
  public let padding: Int
  /// Whether left and right are exchanged half of the time.
  public let flips: Bool
  /// What a pixel of the padding is, per channel.
  public let fill: [Float]

  /// - Precondition: sizes above 0, `0 <= padding`, a value of the padding per channel.
  public init(
    height: Int, width: Int, channelCount: Int, padding: Int, flips: Bool, fill: [Float]
  ) {
    precondition(
      height > 0 && width > 0 && channelCount > 0 && padding >= 0,
      "augmentation of \(height)x\(width)x\(channelCount) with a padding of \(padding)")
    precondition(
      fill.count == channelCount, "\(fill.count) values for \(channelCount) channels")
    self.height = height
    self.width = width
    self.channelCount = channelCount
    self.padding = padding
    self.flips = flips
    self.fill = fill
  }

  /// The values of one image.
  public var imageCount: Int { height * width * channelCount }

  /// Changes the first `count` images of a batch.
  ///
  /// - Parameters:
  ///   - images: One image per row, pixels row-major, channels innermost.
  ///   - count: How many.
  ///   - scratch: Room for one image; made larger where it is not.
  ///   - random: What is drawn from.
  /// - Complexity: O(values); no allocation once there is room.
  public func apply(
    to images: inout MutableSpan<Float>, count: Int, scratch: inout [Float],
    random: inout RandomStream
  ) {
    if scratch.count < imageCount { scratch = [Float](repeating: 0, count: imageCount) }
    for index in 0..<count {
      var (row, column) = (padding, padding)
      if padding > 0 {
        row = random.index(below: 2 * padding + 1)
        column = random.index(below: 2 * padding + 1)
      }
      let isFlipped = flips && random.word() & 1 == 1
      if row == padding, column == padding, !isFlipped { continue }
      change(
        &images, from: index * imageCount, down: row - padding, right: column - padding,
        isFlipped: isFlipped, &scratch)
    }
  }

  /// Changes the image that begins at a value: its pixel (y, x) becomes the one at (y + down, x + right),
  /// then left and right change places.
  private func change(
    _ images: inout MutableSpan<Float>, from start: Int, down: Int, right: Int, isFlipped: Bool,
    _ scratch: inout [Float]
  ) {
    for index in 0..<imageCount { scratch[index] = images[start + index] }
    for y in 0..<height {
      let isInside = (0..<height).contains(y + down)
      for x in 0..<width {
        let source = x + right
        let target = start + (y * width + (isFlipped ? width - 1 - x : x)) * channelCount
        if isInside, source >= 0, source < width {
          let first = ((y + down) * width + source) * channelCount
          for channel in 0..<channelCount { images[target + channel] = scratch[first + channel] }
        } else {
          for channel in 0..<channelCount { images[target + channel] = fill[channel] }
        }
      }
    }
  }
}

import CPNG
package import Datasets

/// PNG images as bytes, by the simplified interface of libpng, which keeps its jumps within C.
///
/// Samples have eight bits or fewer, gray or in color, straight or by a palette, interlaced or not.
/// Colors are those that libpng gives in sRGB. An alpha channel is left out, not blended, as Pillow
/// converts to RGB. A damaged part that matters is an error; a remark with a wrong checksum is none.
///
/// One of the files that wrap a C library, hence the acknowledged pointers.
package enum PNGDecoder {
  /// What no PNG can shrink its lines by: deflate, and one bit a pixel, which becomes a byte.
  private static let shrinkage = 8 * 1_032

  /// Decodes the bytes of a file; `path` is named in messages.
  @Sendable package static func image(
    _ bytes: [UInt8], path: String
  ) throws(DatasetError) -> RasterImage {
    // Signature, length and name of the first part, width, height, depth.
    guard bytes.count > 24 else {
      throw .malformed(path: path, reason: "is no PNG image, or ends early (truncated file?)")
    }
    guard bytes[24] <= 8 else {
      throw .malformed(
        path: path, reason: "has \(bytes[24]) bits a sample; PNG images of up to 8 are read")
    }
    var image = unsafe png_image()
    unsafe image.version = png_uint_32(PNG_IMAGE_VERSION)
    // Both have one address until all is read: libpng keeps that of the bytes.
    return try unsafe withUnsafeMutablePointer(to: &image) { image throws(DatasetError) in
      // Again after each failure, it does nothing.
      defer { unsafe png_image_free(image) }
      return try unsafe bytes.span.withUnsafeBytes { source throws(DatasetError) in
        try unsafe decode(source, image, path: path)
      }
    }
  }

  private static func decode(
    _ source: UnsafeRawBufferPointer, _ image: UnsafeMutablePointer<png_image>, path: String
  ) throws(DatasetError) -> RasterImage {
    let isBegun = unsafe png_image_begin_read_from_memory(image, source.baseAddress, source.count)
    guard isBegun != 0 else { throw unsafe failure(image.pointee, path) }
    let (height, width) = unsafe (Int(image.pointee.height), Int(image.pointee.width))
    let isColor = unsafe image.pointee.format & png_uint_32(PNG_FORMAT_FLAG_COLOR) != 0
    let hasAlpha = unsafe image.pointee.format & png_uint_32(PNG_FORMAT_FLAG_ALPHA) != 0
    let channelCount = isColor ? 3 : 1
    let stored = channelCount + (hasAlpha ? 1 : 0)
    // Both are below 2³¹.
    let (count, isOverflow) = (height * width).multipliedReportingOverflow(by: stored)
    let isTooLarge = isOverflow || count > RasterImage.fileLimit
    guard !isTooLarge, height * width / shrinkage <= source.count else {
      throw .malformed(
        path: path,
        reason: isTooLarge
          ? "has \(width) x \(height) pixels; images of up to \(RasterImage.fileLimit) bytes are read"
          : "says that it has \(width) x \(height) pixels, which its \(source.count) bytes cannot hold"
      )
    }
    unsafe image.pointee.format = png_uint_32(
      (isColor ? PNG_FORMAT_FLAG_COLOR : 0) | (hasAlpha ? PNG_FORMAT_FLAG_ALPHA : 0))
    var samples = [UInt8](repeating: 0, count: count)
    let isRead = unsafe samples.withUnsafeMutableBytes { target in
      unsafe png_image_finish_read(
        image, nil, target.baseAddress, png_int_32(width * stored), nil)
    }
    guard isRead != 0 else { throw unsafe failure(image.pointee, path) }
    return RasterImage(
      height: height, width: width, channelCount: channelCount,
      bytes: hasAlpha ? withoutAlpha(samples, channelCount) : samples)
  }

  private static func withoutAlpha(_ samples: [UInt8], _ channelCount: Int) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(samples.count / (channelCount + 1) * channelCount)
    for pixel in stride(from: 0, to: samples.count, by: channelCount + 1) {
      for channel in 0..<channelCount { bytes.append(samples[pixel + channel]) }
    }
    return bytes
  }

  /// What libpng says.
  private static func failure(_ image: png_image, _ path: String) -> DatasetError {
    let message = unsafe withUnsafeBytes(of: image.message) { bytes in
      unsafe String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
    }
    return .malformed(path: path, reason: "is no PNG image, or a damaged one: \(message)")
  }
}

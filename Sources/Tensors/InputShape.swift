/// How the features of one example are arranged.
public enum InputShape: Sendable, Hashable, CustomStringConvertible {
  /// Features without spatial order.
  case vector(Int)
  /// Pixels, row-major, channels innermost.
  case image(height: Int, width: Int, channels: Int)

  /// The number of features.
  public var count: Int {
    switch self {
    case .vector(let count): count
    case .image(let height, let width, let channels): height * width * channels
    }
  }

  /// The number of channels; 1 without spatial order.
  public var channelCount: Int {
    if case .image(_, _, let channels) = self { channels } else { 1 }
  }

  public var description: String {
    switch self {
    case .vector(let count): "\(count)"
    case .image(let height, let width, 1): "\(height)x\(width)"
    case .image(let height, let width, let channels): "\(height)x\(width)x\(channels)"
    }
  }
}

import Diagnostics
import Yams

/// Counts what the aliases of a YAML text stand for, without putting it in their place.
///
/// Nine lists of nine aliases each stand for a billion values; whoever hashes or compares such a
/// tree never ends, and the parser itself hashes keys. So the text is parsed first with another
/// character in the place of each `*`, which leaves the aliases as scalars that can be counted.
struct AliasCount {
  private static let limit = 1_000_000
  /// A character for private use, which texts have no reason to hold.
  private static let stand: Unicode.Scalar = "\u{E000}"

  /// Values under each anchor, aliases replaced.
  private var sizes: [String: Int] = [:]

  /// - Throws: `DocumentError.Problem` for an alias in a key, and for aliases that stand for more
  ///   than a million values; errors of Yams.
  static func check(_ text: String) throws {
    guard let marked = marked(text) else { return }
    let parser = try Parser(yaml: marked, resolver: .basic)
    // Nodes do not keep their anchors alive, the parser does.
    try withExtendedLifetime(parser) {
      guard let root = try parser.singleRoot() else { return }
      var count = AliasCount()
      _ = try count.size(root, inKey: false)
    }
  }

  /// The text with aliases as scalars, each character in its place; `nil` if there are none.
  ///
  /// Quoted texts and comments may change as well: they are only counted.
  private static func marked(_ text: String) -> String? {
    guard text.utf8.contains(UInt8(ascii: "*")), text.utf8.contains(UInt8(ascii: "&")) else {
      return nil
    }
    var scalars = String.UnicodeScalarView()
    var last: Unicode.Scalar = " "
    for scalar in text.unicodeScalars {
      scalars.append(
        scalar == "*" && " \t\r\n[{,:?\u{FEFF}".unicodeScalars.contains(last) ? stand : scalar)
      last = scalar
    }
    return String(scalars)
  }

  private mutating func size(_ node: Node, inKey: Bool) throws -> Int {
    var size = 1
    switch node {
    case .scalar(let scalar):
      if scalar.style == .plain, scalar.string.unicodeScalars.first == Self.stand {
        guard !inKey else { throw problem("an alias cannot be a part of a key", node) }
        size = sizes[String(scalar.string.unicodeScalars.dropFirst())] ?? 1
      }
    case .sequence(let items):
      for item in items { size = try sum(size, try self.size(item, inKey: inKey), node) }
    case .mapping(let pairs):
      for (key, value) in pairs {
        size = try sum(size, try self.size(key, inKey: true), node)
        size = try sum(size, try self.size(value, inKey: inKey), node)
      }
    case .alias: break
    }
    if let anchor = node.anchor { sizes[anchor.rawValue] = size }
    return size
  }

  private func sum(_ one: Int, _ other: Int, _ node: Node) throws -> Int {
    guard one + other <= Self.limit else {
      throw problem("aliases stand for more than \(Self.limit) values", node)
    }
    return one + other
  }

  private func problem(_ message: String, _ node: Node) -> DocumentError.Problem {
    DocumentError.Problem(message, at: node.position)
  }
}

import Testing

/// One value of a checkpoint, as bytes: what kind it is, and what it holds.
struct CheckpointToken {
  enum Kind: UInt8 {
    case mark = 1
    case boolean, integer, word, float, double, text
    case booleans, integers, floats, doubles
    case absent, present, count
  }

  let kind: Kind
  let content: [UInt8]

  var bytes: [UInt8] {
    let count = isArray ? Self.bytes(UInt64(content.count / size)) : []
    return [kind.rawValue] + count + content
  }

  private var isArray: Bool { Self.isArray(kind) }
  private var size: Int { Self.size(kind) }

  private static func isArray(_ kind: Kind) -> Bool {
    [.mark, .text, .booleans, .integers, .floats, .doubles].contains(kind)
  }

  /// The bytes of a value, or of an element.
  private static func size(_ kind: Kind) -> Int {
    switch kind {
    case .mark, .text, .boolean, .booleans: 1
    case .float, .floats: 4
    case .integer, .word, .double, .integers, .doubles, .count: 8
    case .absent, .present: 0
    }
  }

  static func bytes(_ number: UInt64) -> [UInt8] {
    (0..<8).map { UInt8(truncatingIfNeeded: number >> UInt64(8 * $0)) }
  }

  /// Takes a checkpoint apart.
  static func all(_ bytes: [UInt8]) throws -> [CheckpointToken] {
    var tokens: [CheckpointToken] = []
    var next = 0
    while next < bytes.count {
      let kind = try #require(Kind(rawValue: bytes[next]))
      next += 1
      var length = size(kind)
      if isArray(kind) {
        length *= (0..<8).reduce(0) { $0 | Int(bytes[next + $1]) << (8 * $1) }
        next += 8
      }
      tokens.append(CheckpointToken(kind: kind, content: Array(bytes[next..<next + length])))
      next += length
    }
    return tokens
  }

  /// What stands for it in checkpoints that nobody wrote.
  var replacements: [CheckpointToken] {
    switch kind {
    case .mark, .text: []
    case .absent: [CheckpointToken(kind: .present, content: [])]
    case .present: [CheckpointToken(kind: .absent, content: [])]
    case .boolean: [CheckpointToken(kind: kind, content: [1 - content[0]])]
    case .integer, .word, .float, .double, .count: values.map { .init(kind: kind, content: $0) }
    case .booleans, .integers, .floats, .doubles:
      lists.map { CheckpointToken(kind: kind, content: $0) }
    }
  }

  private var lists: [[UInt8]] {
    let shorter = content.isEmpty ? [] : [[], Array(content.dropLast(size))]
    let others = content.isEmpty ? [] : values.map { $0 + content.dropFirst(size) }
    return shorter + others + values.prefix(1).map { content + $0 }
  }

  /// Numbers of the kind, the first value's neighbors among them.
  private var values: [[UInt8]] {
    switch kind {
    case .float, .floats:
      [0, -1, .nan, .infinity, -.infinity, Float.greatestFiniteMagnitude].map {
        Array(Self.bytes(UInt64($0.bitPattern)).prefix(4))
      }
    case .double, .doubles:
      [0, -1, .nan, .infinity, -.infinity, Double.greatestFiniteMagnitude, .leastNonzeroMagnitude]
        .map { Self.bytes($0.bitPattern) }
    case .booleans: [[0], [1]]
    default:
      [0, -1, .max, .min, first &- 1, first &+ 1].map { Self.bytes(UInt64(bitPattern: $0)) }
    }
  }

  private var first: Int64 {
    content.prefix(8).enumerated().reduce(0) { $0 | Int64($1.element) << Int64(8 * $1.offset) }
  }
}

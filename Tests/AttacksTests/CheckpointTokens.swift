/// The bytes of a checkpoint, cut into the values that they stand for, to change single ones.
struct CheckpointTokens {
  /// As in the bytes; `present` and `absent` stand alone before what there is.
  enum Kind: UInt8 {
    case mark = 1
    case boolean, integer, word, float, double, text
    case booleans, integers, floats, doubles
    case absent, present, count

    /// The bytes of a value, or of an element.
    var size: Int {
      switch self {
      case .absent, .present: 0
      case .mark, .boolean, .text, .booleans: 1
      case .float, .floats: 4
      case .integer, .word, .double, .integers, .doubles, .count: 8
      }
    }

    var isArray: Bool {
      switch self {
      case .mark, .text, .booleans, .integers, .floats, .doubles: true
      default: false
      }
    }
  }

  struct Token: Equatable {
    var kind: Kind
    /// Its value, or one for each element.
    var values: [UInt64]

    var bytes: [UInt8] {
      func encoded(_ value: UInt64, _ size: Int) -> [UInt8] {
        (0..<size).map { UInt8(truncatingIfNeeded: value >> UInt64(8 * $0)) }
      }
      return [kind.rawValue] + (kind.isArray ? encoded(UInt64(values.count), 8) : [])
        + values.flatMap { encoded($0, kind.size) }
    }
  }

  private(set) var tokens: [Token] = []

  /// Cuts bytes that a pass wrote; `nil` where they are something else.
  init?(_ bytes: [UInt8]) {
    var place = 0
    func number(_ size: Int) -> UInt64? {
      guard size <= bytes.count - place else { return nil }
      defer { place += size }
      return (0..<size).reduce(0) { $0 | UInt64(bytes[place + $1]) << UInt64(8 * $1) }
    }
    while place < bytes.count {
      guard let kind = Kind(rawValue: bytes[place]) else { return nil }
      place += 1
      guard let count = kind.isArray ? number(8) : (kind.size > 0 ? 1 : 0) else { return nil }
      var values: [UInt64] = []
      for _ in 0..<count {
        guard let value = number(kind.size) else { return nil }
        values.append(value)
      }
      tokens.append(Token(kind: kind, values: values))
    }
  }

  var bytes: [UInt8] { tokens.flatMap(\.bytes) }

  /// Whether somebody remembers something, besides the names.
  var isRemembering: Bool { tokens.contains { $0.kind != .mark } }

  // MARK: - Changes

  /// The bytes with one array of a kind longer or shorter by one element, or empty.
  func withOtherLengths(of kinds: Set<Kind>) -> [[UInt8]] {
    changed { token in
      guard kinds.contains(token.kind), let last = token.values.last else { return [] }
      return [token.values + [last], token.values.dropLast(), []]
        // An empty array may stand for nothing known.
        .filter { token.values.count > 1 && !$0.isEmpty }
    }
  }

  /// The bytes with one value, or one element, that it can hardly be.
  var withOtherValues: [[UInt8]] {
    changed { token in
      let others: [UInt64] =
        switch token.kind {
        case .mark, .text, .absent, .present: []
        case .boolean, .booleans: [0, 1, 255]
        case .integer, .integers, .word, .count:
          [-1, 0, 1, 3, 1000, 1 << 53, .max, .min].map { UInt64(bitPattern: $0) }
        case .float, .floats:
          [Float.nan, .infinity, -1, 1e38].map { UInt64($0.bitPattern) }
        case .double, .doubles: [Double.nan, -.infinity, -1, 1e300].map(\.bitPattern)
        }
      return others.filter { !token.values.contains($0) }.flatMap { other in
        guard token.kind.isArray, let last = token.values.indices.last else {
          return token.values.map { _ in [other] }
        }
        return [0, last].map { place in
          var values = token.values
          values[place] = other
          return values
        }
      }
    }
  }

  /// Puts another value in the place of one.
  mutating func replace(_ place: Int, by value: UInt64) { tokens[place].values = [value] }

  private func changed(_ others: (Token) -> [[UInt64]]) -> [[UInt8]] {
    tokens.indices.flatMap { place in
      others(tokens[place]).map { values in
        var copy = self
        copy.tokens[place].values = values
        return copy.bytes
      }
    }
  }
}

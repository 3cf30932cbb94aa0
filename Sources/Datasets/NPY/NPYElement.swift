/// The type of the elements of a NumPy file, among those that are accepted.
struct NPYElement: Equatable {
  enum Kind { case float, signed, unsigned }

  let kind: Kind
  /// 4 or 8 for floats; 1, 2, 4 or 8 for integers.
  let byteCount: Int
  let isBigEndian: Bool

  /// Whether the values are bytes, as pixels are.
  var isByte: Bool { kind == .unsigned && byteCount == 1 }

  /// Returns the element that a dtype names, or `nil` where it is not accepted.
  init?(dtype: String) {
    switch dtype {
    case "<f4", "=f4": self.init(byteCount: 4, isBigEndian: false)
    case "<f8", "=f8": self.init(byteCount: 8, isBigEndian: false)
    case ">f4": self.init(byteCount: 4, isBigEndian: true)
    case ">f8": self.init(byteCount: 8, isBigEndian: true)
    default: return nil
    }
  }

  /// Returns the element that a dtype names, among floats and integers.
  init?(numericDtype dtype: String) {
    if let float = NPYElement(dtype: dtype) {
      self = float
      return
    }
    let bytes = Array(dtype.utf8)
    guard bytes.count == 3, let order = bytes.first,
      order != UInt8(ascii: "|") || bytes[2] == UInt8(ascii: "1"),
      "<>=|".utf8.contains(order), "iu".utf8.contains(bytes[1]), "1248".utf8.contains(bytes[2])
    else { return nil }
    self.init(
      kind: bytes[1] == UInt8(ascii: "i") ? .signed : .unsigned,
      byteCount: Int(bytes[2] - UInt8(ascii: "0")), isBigEndian: order == UInt8(ascii: ">"))
  }

  private init(kind: Kind = .float, byteCount: Int, isBigEndian: Bool) {
    self.kind = kind
    self.byteCount = byteCount
    self.isBigEndian = isBigEndian
  }

  /// Says why a dtype is refused and what to do.
  static func refusal(of dtype: String, takesIntegers: Bool = false) -> String {
    let accepted = "accepted are \(takesIntegers ? "integers, " : "")float32 and float64"
    let kind = dtype.drop { "<>=|".contains($0) }
    let bits = Int(kind.dropFirst()).map { min($0, 1 << 16) * 8 }
    let name: String
    switch kind.first {
    case "O": return "holds pickled Python objects ('\(dtype)'), which are never read; \(accepted)"
    case "f": name = bits.map { "float\($0)" } ?? "floats"
    case "i": name = bits.map { "int\($0)" } ?? "integers"
    case "u": name = bits.map { "uint\($0)" } ?? "integers"
    case "c": name = bits.map { "complex\($0)" } ?? "complex numbers"
    case "b": name = "booleans"
    case "S", "U", "a": name = "text"
    default: return "holds elements of type '\(dtype)'; \(accepted)"
    }
    return "holds \(name) ('\(dtype)'); \(accepted), as matrix.astype('float32') makes"
  }
}

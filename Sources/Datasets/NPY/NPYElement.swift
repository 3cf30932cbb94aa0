/// The type of the elements of a NumPy file, among those that are accepted.
struct NPYElement: Equatable {
  /// 4 or 8.
  let byteCount: Int
  let isBigEndian: Bool

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

  private init(byteCount: Int, isBigEndian: Bool) {
    self.byteCount = byteCount
    self.isBigEndian = isBigEndian
  }

  /// Says why a dtype is refused and what to do.
  static func refusal(of dtype: String) -> String {
    let accepted = "accepted are float32 and float64"
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

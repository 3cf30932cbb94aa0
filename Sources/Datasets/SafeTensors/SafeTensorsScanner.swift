import JSON

/// What a header says of one array, as it is written there.
struct SafeTensorsEntry: Equatable {
  var name: String
  var type = ""
  var shape: [Int] = []
  /// The range of its bytes, from the end of the header on.
  var start = 0
  var end = 0
}

/// Reads the JSON of a header, which has one form: an object of objects of known keys.
///
/// Nothing is nested deeper, so nothing recurses. Strict: every key once, whole numbers from 0 on, no
/// byte behind the object but spaces.
enum SafeTensorsScanner {
  /// Why a header is refused.
  struct Problem: Error, Equatable {
    let reason: String
  }

  /// The most numbers of a list; no array has so many dimensions.
  private static let numberLimit = 64

  static func entries(of bytes: [UInt8]) throws(Problem) -> [SafeTensorsEntry] {
    var scanner = JSONScanner(bytes)
    do throws(JSONScanner.Problem) {
      let entries = try entries(&scanner)
      try scanner.finish()
      return entries
    } catch {
      // A key that is given twice may be a hazard to a terminal.
      let reason = NPZFile.isShowable(error.reason) ? error.reason : "it has control characters"
      throw Problem(reason: "byte \(scanner.offset): \(reason)")
    }
  }

  private static func entries(
    _ scanner: inout JSONScanner
  ) throws(JSONScanner.Problem) -> [SafeTensorsEntry] {
    var entries: [SafeTensorsEntry] = []
    try scanner.object { (scanner, name) throws(JSONScanner.Problem) in
      if name == "__metadata__" {
        try scanner.object { (scanner, _) throws(JSONScanner.Problem) in _ = try scanner.string() }
        return
      }
      guard NPZFile.isShowable(name) else {
        throw scanner.problem("a name has control characters")
      }
      entries.append(try entry(name, &scanner))
    }
    return entries
  }

  private static func entry(
    _ name: String, _ scanner: inout JSONScanner
  ) throws(JSONScanner.Problem) -> SafeTensorsEntry {
    var entry = SafeTensorsEntry(name: name)
    var missing: Set = ["dtype", "shape", "data_offsets"]
    try scanner.object { (scanner, key) throws(JSONScanner.Problem) in
      missing.remove(key)
      switch key {
      case "dtype":
        entry.type = try scanner.string()
        guard NPZFile.isShowable(entry.type) else {
          throw scanner.problem("the type of array '\(name)' has control characters")
        }
      case "shape": entry.shape = try numbers(&scanner)
      case "data_offsets":
        let offsets = try numbers(&scanner)
        guard offsets.count == 2 else {
          throw scanner.problem("data_offsets of array '\(name)' are not two numbers")
        }
        (entry.start, entry.end) = (offsets[0], offsets[1])
      default:
        throw scanner.problem("array '\(name)' has a key other than dtype, shape and data_offsets")
      }
    }
    guard missing.isEmpty else {
      throw scanner.problem("array '\(name)' has no \(missing.sorted().joined(separator: ", "))")
    }
    return entry
  }

  private static func numbers(_ scanner: inout JSONScanner) throws(JSONScanner.Problem) -> [Int] {
    var numbers: [Int] = []
    try scanner.array { scanner throws(JSONScanner.Problem) in
      guard numbers.count < numberLimit else {
        throw scanner.problem("a list has more than \(numberLimit) numbers")
      }
      numbers.append(try scanner.wholeNumber())
    }
    return numbers
  }
}

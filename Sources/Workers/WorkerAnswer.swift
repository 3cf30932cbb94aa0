import Diagnostics
public import JSON

/// The members of an answer, read with a reason for what is not as it should be.
public struct WorkerAnswer: Sendable {
  /// What is wrong, in words that follow "the worker …".
  public struct Problem: Error, Sendable, Equatable {
    public let reason: String
    public init(_ reason: String) { self.reason = reason }
  }

  /// The longest text that is taken.
  private static let textLimit = 1_000

  private let members: [String: JSONValue]

  public init(_ members: [String: JSONValue]) { self.members = members }

  /// The value of a member; `nil` where it is missing or null.
  public func value(_ name: String) -> JSONValue? {
    let value = members[name]
    return value == .null ? nil : value
  }

  public func text(_ name: String, default standard: String? = nil) throws(Problem) -> String {
    switch value(name) {
    case .string(let text) where text.utf8.count <= Self.textLimit: return text
    case nil:
      if let standard { return standard }
      throw Problem("does not say '\(name)'")
    default: throw Problem("has a '\(name)' that is no text of at most \(Self.textLimit) bytes")
    }
  }

  public func integer(_ name: String) throws(Problem) -> Int {
    switch value(name) {
    case .integer(let number): return number
    case .number(let number) where Int(exactly: number) != nil: return Int(number)
    case nil: throw Problem("does not say '\(name)'")
    default: throw Problem("has a '\(name)' that is no whole number")
    }
  }

  public func bool(_ name: String, default standard: Bool) throws(Problem) -> Bool {
    switch value(name) {
    case .bool(let value): return value
    case nil: return standard
    default: throw Problem("has a '\(name)' that is neither true nor false")
    }
  }

  /// A list of texts; none where it is missing.
  public func texts(_ name: String) throws(Problem) -> [String] {
    guard let value = value(name) else { return [] }
    guard case .array(let items) = value, items.count <= Self.textLimit else {
      throw Problem("has '\(name)' that are no list of texts")
    }
    var texts: [String] = []
    for item in items {
      guard case .string(let text) = item, text.utf8.count <= Self.textLimit else {
        throw Problem("has '\(name)' that are no list of texts")
      }
      texts.append(text)
    }
    return texts
  }

  /// A list of so many numbers, `nil` where one is null; `nil` where the list is missing.
  public func numbers(_ name: String, count: Int) throws(Problem) -> [Double?]? {
    guard let value = value(name) else { return nil }
    guard case .array(let items) = value, items.count == count else {
      throw Problem("has '\(name)' that are no list of \(count) numbers")
    }
    var numbers: [Double?] = []
    numbers.reserveCapacity(count)
    for item in items {
      switch item {
      case .number(let number): numbers.append(number)
      case .integer(let number): numbers.append(Double(number))
      case .null: numbers.append(nil)
      default: throw Problem("has '\(name)' that are no list of \(count) numbers")
      }
    }
    return numbers
  }

  /// A list of so many answers yes or no; `nil` where it is missing.
  public func bools(_ name: String, count: Int) throws(Problem) -> [Bool]? {
    guard let value = value(name) else { return nil }
    var bools: [Bool] = []
    if case .array(let items) = value, items.count == count {
      for case .bool(let item) in items { bools.append(item) }
    }
    guard bools.count == count else {
      throw Problem("has '\(name)' that are no list of \(count) of true and false")
    }
    return bools
  }

  /// Numbers and texts by name, a hundred at most; none where the member is missing.
  public func report(_ name: String) throws(Problem) -> [String: JSONValue] {
    guard let value = value(name) else { return [:] }
    guard case .object(let members) = value, members.count <= 100 else {
      throw Problem("has a '\(name)' that is no mapping of at most 100 values")
    }
    var report: [String: JSONValue] = [:]
    for (key, value) in members {
      guard key.utf8.count <= 100 else {
        throw Problem("has a '\(name)' with a name of more than 100 bytes, '\(excerpt(key))'")
      }
      switch value {
      case .number, .integer: report[key] = value
      case .string(let text): report[key] = .string(excerpt(text))
      case .null: continue
      default: throw Problem("has a '\(name)' with '\(excerpt(key))', no number and no text")
      }
    }
    return report
  }

  /// The shapes of the arrays that it wrote, by name.
  func shapes() throws(Problem) -> [String: [Int]] {
    guard let value = value("arrays") else { return [:] }
    guard case .object(let members) = value, members.count <= 16 else {
      throw Problem("has 'arrays' that are no mapping of names to shapes")
    }
    var shapes: [String: [Int]] = [:]
    for (name, shape) in members {
      guard case .array(let sizes) = shape, (1...2).contains(sizes.count) else {
        throw Problem("has an array '\(excerpt(name))' whose shape is not one or two sizes")
      }
      var read: [Int] = []
      for case .integer(let size) in sizes where size >= 0 { read.append(size) }
      guard read.count == sizes.count else {
        throw Problem("has an array '\(excerpt(name))' whose shape is not one or two sizes")
      }
      shapes[name] = read
    }
    return shapes
  }
}

/// A component with parameters as command lines write it: `krum`, `krum:f=2,neighbours=n-f-1` or
/// `x:rounds=[1,2]`.
public struct ComponentExpression: Sendable, Hashable {
  /// Why an expression cannot be read.
  public struct SyntaxError: Error, Sendable, CustomStringConvertible {
    public let description: String

    public init(description: String) { self.description = description }
  }

  public let id: ComponentID
  public let given: [String: ArgumentValue]

  public init(_ id: ComponentID, _ given: [String: ArgumentValue] = [:]) {
    self.id = id
    self.given = given
  }

  /// Reads an expression; whether there is such a component, and with such parameters, is not asked.
  public init(_ text: String) throws(SyntaxError) {
    let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
    guard let id = parts.first, !id.isEmpty else {
      throw SyntaxError(description: "'\(text)' names no component")
    }
    guard !id.contains(where: { $0 == "=" || $0 == "," }) else {
      let name = id.prefix { $0 != "=" && $0 != "," }
      throw SyntaxError(
        description: "'\(text)': parameters follow a colon, such as \(name):name=value")
    }
    var given: [String: ArgumentValue] = [:]
    if parts.count == 2 {
      for pair in Self.pairs(parts[1]) {
        guard let equals = pair.firstIndex(of: "="), equals > pair.startIndex,
          let value = ArgumentValue(text: String(pair[pair.index(after: equals)...]))
        else {
          throw SyntaxError(description: "'\(text)': '\(pair)' is not name=value")
        }
        guard given.updateValue(value, forKey: String(pair[..<equals])) == nil else {
          throw SyntaxError(description: "'\(text)': \(pair[..<equals]) is given twice")
        }
      }
    }
    self.id = ComponentID(String(id))
    self.given = given
  }

  /// Splits at the commas outside brackets.
  private static func pairs(_ text: Substring) -> [Substring] {
    var pairs: [Substring] = []
    var start = text.startIndex
    var depth = 0
    for index in text.indices {
      switch text[index] {
      case "[": depth += 1
      case "]": depth -= 1
      case "," where depth <= 0:
        pairs.append(text[start..<index])
        start = text.index(after: index)
      default: break
      }
    }
    return pairs + [text[start...]]
  }
}

extension ArgumentValue {
  /// Reads a value from a command line; `[1,2]` is a list.
  public init?(text: String) { self.init(text, depth: 0) }

  private init?(_ text: String, depth: Int) {
    if text.hasPrefix("["), text.hasSuffix("]") {
      // No parameter takes lists of lists of lists; a thousand brackets would use up the stack.
      guard depth < 3 else { return nil }
      let values = text.dropFirst().dropLast().split(separator: ",").map {
        ArgumentValue(String($0.first == " " ? $0.dropFirst() : $0), depth: depth + 1)
      }
      guard values.allSatisfy({ $0 != nil }) else { return nil }
      self = .list(values.compactMap(\.self))
    } else if let value = Int(text) {
      self = .integer(value)
    } else if let value = Double(text), value.isFinite {
      self = .real(value)
    } else if !text.isEmpty {
      self = .text(text)
    } else {
      return nil
    }
  }
}

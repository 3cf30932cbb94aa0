import Components
import Federation

extension Choice {
  /// Why an expression cannot be read.
  public struct SyntaxError: Error, Sendable, CustomStringConvertible {
    public let description: String
  }

  /// Reads `krum`, `krum:f=2,neighbours=n-f-1` or `x:rounds=[1,2]`, as command lines write components.
  public init(expression: String) throws(SyntaxError) {
    let parts = expression.split(
      separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
    guard let id = parts.first, !id.isEmpty else {
      throw SyntaxError(description: "'\(expression)' names no component")
    }
    guard !id.contains(where: { $0 == "=" || $0 == "," }) else {
      let name = id.prefix { $0 != "=" && $0 != "," }
      throw SyntaxError(
        description: "'\(expression)': parameters follow a colon, such as \(name):name=value")
    }
    var given: [String: ArgumentValue] = [:]
    if parts.count == 2 {
      for pair in Self.pairs(parts[1]) {
        guard let equals = pair.firstIndex(of: "="), equals > pair.startIndex,
          let value = ArgumentValue(text: String(pair[pair.index(after: equals)...]))
        else {
          throw SyntaxError(description: "'\(expression)': '\(pair)' is not name=value")
        }
        guard given.updateValue(value, forKey: String(pair[..<equals])) == nil else {
          throw SyntaxError(description: "'\(expression)': \(pair[..<equals]) is given twice")
        }
      }
    }
    self.init(ComponentID(String(id)), given)
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

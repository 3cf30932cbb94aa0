import Federation

extension Choice {
  /// Why an expression cannot be read.
  public struct SyntaxError: Error, Sendable, CustomStringConvertible {
    public let description: String
  }

  /// Reads `krum` or `krum:f=2,neighbours=n-f-1`, as command lines write components.
  public init(expression: String) throws(SyntaxError) {
    let parts = expression.split(
      separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
    guard let id = parts.first, !id.isEmpty else {
      throw SyntaxError(description: "'\(expression)' names no component")
    }
    var given: [String: ArgumentValue] = [:]
    if parts.count == 2 {
      for pair in parts[1].split(separator: ",", omittingEmptySubsequences: false) {
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
}

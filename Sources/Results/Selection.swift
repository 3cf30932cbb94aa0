import Diagnostics

/// Which cells to take, as `--only` and `--skip` give it.
///
/// `attack=alie,ipm-* defense=krum threat.malicious<=0.2`: terms separated by blanks all have to
/// hold; values separated by commas are alternatives; `*` stands for any text. Keys are `attack`,
/// `defense` and the dotted keys of the matrix. `=` and `!=` compare texts (numbers by value); `<`,
/// `<=`, `>` and `>=` compare numbers.
public struct Selection: Sendable {
  enum Operator: String, CaseIterable {
    case notEqual = "!="
    case atMost = "<="
    case atLeast = ">="
    case equal = "="
    case below = "<"
    case above = ">"
  }

  struct Term: Sendable {
    let key: String
    let comparison: Operator
    let values: [String]
  }

  /// Why an expression cannot be read.
  public struct SyntaxError: Error, Sendable, CustomStringConvertible {
    public let description: String
  }

  let terms: [Term]

  /// Reads an expression.
  public init(_ expression: String) throws(SyntaxError) {
    var terms: [Term] = []
    for word in expression.split(whereSeparator: \.isWhitespace) {
      guard let term = Self.term(word) else {
        throw SyntaxError(
          description: "'\(word)' is not a selection such as attack=backdoor*,sign-flip or "
            + "threat.malicious<=0.2")
      }
      if [.below, .atMost, .above, .atLeast].contains(term.comparison),
        !term.values.allSatisfy({ Double($0) != nil })
      {
        throw SyntaxError(description: "'\(word)': '\(term.comparison.rawValue)' needs a number")
      }
      terms.append(term)
    }
    guard !terms.isEmpty else { throw SyntaxError(description: "the selection is empty") }
    self.terms = terms
  }

  private static func term(_ word: Substring) -> Term? {
    guard let start = word.firstIndex(where: { "!<>=".contains($0) }), start > word.startIndex
    else { return nil }
    let rest = word[start...]
    guard let comparison = Operator.allCases.first(where: { rest.hasPrefix($0.rawValue) }) else {
      return nil
    }
    let values = rest.dropFirst(comparison.rawValue.count)
      .split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    guard values.allSatisfy({ !$0.isEmpty && !$0.contains { "!<>=".contains($0) } }) else {
      return nil
    }
    return Term(key: String(word[..<start]), comparison: comparison, values: values)
  }

  /// Returns a message if a term names a key that no cell has, or a text that no cell has.
  public func problem(known: [String: Set<String>]) -> String? {
    for term in terms {
      guard let values = known[term.key] else {
        return "selection: unknown key '\(term.key)'"
          + suggestion(for: term.key, among: known.keys.sorted())
      }
      guard [.equal, .notEqual].contains(term.comparison) else { continue }
      for value in term.values where !values.contains(where: { CellPattern.matches($0, value) }) {
        return "selection: no \(term.key) is '\(value)'"
          + suggestion(for: value, among: values.sorted())
      }
    }
    return nil
  }

  /// Whether a cell with these values by key satisfies every term.
  public func matches(_ cell: [String: String]) -> Bool {
    terms.allSatisfy { term in
      guard let value = cell[term.key] else { return false }
      switch term.comparison {
      case .equal: return term.values.contains { CellPattern.matches(value, $0) }
      case .notEqual: return !term.values.contains { CellPattern.matches(value, $0) }
      case .below: return compare(value, term, <)
      case .atMost: return compare(value, term, <=)
      case .above: return compare(value, term, >)
      case .atLeast: return compare(value, term, >=)
      }
    }
  }

  private func compare(_ value: String, _ term: Term, _ holds: (Double, Double) -> Bool) -> Bool {
    guard let number = Double(value) else { return false }
    return term.values.contains { Double($0).map { holds(number, $0) } ?? false }
  }
}

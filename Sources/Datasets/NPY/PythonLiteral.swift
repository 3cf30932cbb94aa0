/// A literal of the Python language, as far as array headers use it.
enum PythonLiteral: Equatable {
  case string(String)
  case integer(Int)
  case boolean(Bool)
  case none
  /// A tuple or a list.
  case sequence([PythonLiteral])
  case dictionary([Entry])

  struct Entry: Equatable {
    let key: PythonLiteral
    let value: PythonLiteral
  }

  /// Why a text is not a literal.
  struct SyntaxError: Error, Equatable {
    let reason: String
  }

  /// Parses a whole text: one literal, with nothing but white space around it.
  ///
  /// Nesting deeper than 16 levels is refused, so that no text exhausts the stack.
  init(parsing text: [UInt8]) throws(SyntaxError) {
    var parser = PythonLiteralParser(text: text)
    self = try parser.literal(depth: 0)
    try parser.end()
  }
}

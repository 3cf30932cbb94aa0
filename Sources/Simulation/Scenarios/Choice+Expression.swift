public import Components

extension Choice {
  public typealias SyntaxError = ComponentExpression.SyntaxError

  /// Reads `krum`, `krum:f=2,neighbours=n-f-1` or `x:rounds=[1,2]`, as command lines write components;
  /// `exec:python3 my.py` is one in another process.
  public init(expression: String) throws(SyntaxError) {
    if let command = Self.command(in: expression) {
      try self.init(command: command)
      return
    }
    let read = try ComponentExpression(expression)
    try Self.requireCommand(read, expression)
    self.init(read.id, read.given)
  }
}

extension ComponentExpression {
  /// Reads what ``Choice/init(expression:)`` reads.
  public static func ofCommandLine(_ text: String) throws(SyntaxError) -> ComponentExpression {
    let choice = try Choice(expression: text)
    return ComponentExpression(choice.use, choice.given)
  }
}

public import Components

extension Choice {
  /// Reads `krum`, `krum:f=2,neighbours=n-f-1` or `x:rounds=[1,2]`, as command lines write components.
  public init(expression: String) throws(ComponentExpression.SyntaxError) {
    let read = try ComponentExpression(expression)
    self.init(read.id, read.given)
  }
}

import Components
import Testing

@Suite struct ComponentExpressionTests {
  @Test func `parameters are numbers, texts and lists`() throws {
    let read = try ComponentExpression("x:f=2,z=0.5,neighbours=n-f-1,rounds=[1, 2],rules=[a,b]")
    #expect(read.id == "x")
    #expect(
      read.given == [
        "f": .integer(2), "z": .real(0.5), "neighbours": .text("n-f-1"),
        "rounds": .list([.integer(1), .integer(2)]), "rules": .list([.text("a"), .text("b")]),
      ])
    #expect(try ComponentExpression("krum") == ComponentExpression("krum", [:]))
  }

  @Test(arguments: [
    ("", "'' names no component"), (":f=2", "':f=2' names no component"),
    ("krum,f=2", "'krum,f=2': parameters follow a colon, such as krum:name=value"),
    ("krum:f", "'krum:f': 'f' is not name=value"), ("krum:f=", "'krum:f=': 'f=' is not name=value"),
    ("krum:=2", "'krum:=2': '=2' is not name=value"),
    ("krum:f=1,f=2", "'krum:f=1,f=2': f is given twice"),
    ("x:y=[[[[1]]]]", "'x:y=[[[[1]]]]': 'y=[[[[1]]]]' is not name=value"),
  ]) func `what cannot be read is told`(text: String, error: String) {
    #expect(
      #expect(throws: ComponentExpression.SyntaxError.self) { try ComponentExpression(text) }?
        .description == error)
  }

  /// As it once did by using up the stack.
  @Test func `brackets without end do not end the process`() {
    let brackets =
      String(repeating: "[", count: 200_000) + String(repeating: "]", count: 200_000)
    #expect(throws: ComponentExpression.SyntaxError.self) {
      try ComponentExpression("x:y=" + brackets)
    }
  }
}

import Components
import Testing

@Suite struct SinglePrecisionTests {
  @Test(arguments: [
    (0.0, true), (-0.0, true), (1.2e-38, true), (1e-38, false), (1e-46, false),
    (.leastNonzeroMagnitude, false),
    (-1e-46, false), (3.4e38, true), (3.5e38, false), (-1e308, false), (1, true), (-0.5, true),
  ])
  func whatIsANumberThere(value: Double, isLegal: Bool) {
    let kind = ParameterSpec.Kind.real(
      -.greatestFiniteMagnitude ... .greatestFiniteMagnitude, orWords: ["auto"])
    #expect((kind.accepted(.real(value)) != nil) == isLegal)
    #expect(kind.precisionHint(.real(value)).isEmpty == isLegal)
    let list = ParameterSpec.Kind.list(of: kind)
    #expect((list.accepted(.list([.real(1), .real(value)])) != nil) == isLegal)
    #expect(list.precisionHint(.list([.real(1), .real(value)])).isEmpty == isLegal)
  }

  @Test func theMessageSaysWhy() {
    let problem = ConfigurationError.Problem.badValue(
      component: "clipping", name: "bound", value: .real(1e-46), allowed: .positive())
    #expect(
      problem.description
        == "clipping: bound is '1e-46'; it has to be a number above 0 and not too small for single "
        + "precision (below 1.2e-38)")
  }
}

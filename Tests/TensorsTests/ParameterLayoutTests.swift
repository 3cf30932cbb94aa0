import Tensors
import Testing

@Suite struct ParameterLayoutTests {
  @Test func `the last segment ends the layout`() {
    let layout = ParameterLayout([
      .init(name: "w", role: .outputWeight, shape: [3, 2], range: 0..<6),
      .init(name: "b", role: .outputBias, shape: [2], range: 6..<8),
    ])
    #expect(layout.count == 8)
    #expect(layout == ParameterLayout(layout.segments))
  }

  @Test func `no segments are no parameters`() {
    #expect(ParameterLayout([]).count == 0)
  }
}

import Foundation
import Kernels
import Testing

@Suite struct GatedRecurrenceTests {
  /// One step of one example; the gates afterwards and the state behind it.
  private func advance(
    _ a: [Float], _ c: [Float], _ state: [Float]
  ) -> (gates: [Float], state: [Float]) {
    let units = state.count
    var gates = a
    var states = state + [Float](repeating: .nan, count: units)
    var target = gates.mutableSpan
    var room = states.mutableSpan
    GatedRecurrence.advance(
      inputGates: &target, hiddenGates: c.span, states: &room, step: 0, stepCount: 1,
      batchCount: 1, unitCount: units)
    return (gates, Array(states[units...]))
  }

  @Test func `gates are within the stated error everywhere`() {
    let values = (-4_000...4_000).map { Float($0) * 0.0125 } + [-1e30, 1e30, -.infinity, .infinity]
    let zero = [Float](repeating: 0, count: values.count)
    let (gates, _) = advance(values + values + values, zero + zero + zero, zero)
    for (index, value) in values.enumerated() {
      let sigmoid = 1 / (1 + exp(-Double(value)))
      #expect(abs(Double(gates[index]) - sigmoid) < 2.5e-7)
      #expect(gates[values.count + index] == gates[index])
      let tangent = gates[2 * values.count + index]
      #expect(abs(Double(tangent) - tanh(Double(value))) < 2.5e-7)
    }
    // Odd to the bit.
    #expect(
      (0...4_000).allSatisfy {
        gates[2 * values.count + $0] == -gates[2 * values.count + 8_000 - $0]
      })
  }

  @Test func `a step by hand`() {
    // σ(ln 3) = 3/4, σ(−ln 3) = 1/4; the new gate sees 0.5 + 0.75 × 2 = 2.
    let third = Float(log(3.0))
    let (gates, state) = advance([third - 1, -third, 0.5], [1, 0, 2], [8])
    #expect(abs(gates[0] - 0.75) < 1e-6 && abs(gates[1] - 0.25) < 1e-6)
    let new = tanh(2.0)
    #expect(abs(Double(gates[2]) - new) < 1e-6)
    #expect(abs(Double(state[0]) - (0.75 * new + 0.25 * 8)) < 1e-5)
  }

  @Test(arguments: [1, 7, 8, 9, 24])
  func `the way back equals the derivatives, unit by unit`(units: Int) {
    let (steps, batch, step) = (3, 2, 1)
    var gates = sampleValues(batch * steps * 3 * units, seed: 1)
    var hidden = sampleValues(batch * 3 * units, seed: 2)
    let before = sampleValues(batch * units, seed: 3)
    var states = before + [Float](repeating: .nan, count: batch * units)
    var slopes = sampleValues(batch * units, seed: 4)
    let (a, c, dh) = (gates, hidden, slopes)
    do {
      var target = gates.mutableSpan
      var room = states.mutableSpan
      GatedRecurrence.advance(
        inputGates: &target, hiddenGates: hidden.span, states: &room, step: step,
        stepCount: steps, batchCount: batch, unitCount: units)
    }
    do {
      var target = gates.mutableSpan
      var products = hidden.mutableSpan
      var gradient = slopes.mutableSpan
      GatedRecurrence.retreat(
        inputGates: &target, hiddenGates: &products, states: before.span,
        stateGradient: &gradient, step: step, stepCount: steps, batchCount: batch,
        unitCount: units)
    }
    func next(_ x: [Double]) -> Double {
      let r = 1 / (1 + exp(-x[0] - x[3]))
      let z = 1 / (1 + exp(-x[1] - x[4]))
      return (1 - z) * tanh(x[2] + r * x[5]) + z * x[6]
    }
    for example in 0..<batch {
      for unit in 0..<units {
        let row = (example * steps + step) * 3 * units + unit
        let product = example * 3 * units + unit
        let state = example * units + unit
        let x =
          (0..<3).map { Double(a[row + $0 * units]) }
          + (0..<3).map { Double(c[product + $0 * units]) }
          + [Double(before[state])]
        #expect(abs(Double(states[batch * units + state]) - next(x)) < 1e-6)
        let own =
          (0..<3).map { gates[row + $0 * units] } + (0..<3).map { hidden[product + $0 * units] }
        for index in 0..<6 {
          var (above, below) = (x, x)
          above[index] += 1e-6
          below[index] -= 1e-6
          let slope = Double(dh[state]) * (next(above) - next(below)) / 2e-6
          #expect(abs(Double(own[index]) - slope) < 1e-6)
        }
        // The direct part alone: what goes through the gates is a product of matrices.
        let z = 1 / (1 + exp(-x[1] - x[4]))
        #expect(abs(Double(slopes[state]) - Double(dh[state]) * z) < 1e-6)
      }
    }
    // Other steps stay as they were.
    for index in gates.indices where index / (3 * units) % steps != step {
      #expect(gates[index] == a[index])
    }
  }
}

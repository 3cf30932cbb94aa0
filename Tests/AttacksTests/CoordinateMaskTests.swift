import Components
import Determinism
import Federation
import Kernels
import Tensors
import Testing
import Training

@testable import Attacks

@Suite struct CoordinateMaskTests {
  @Test(arguments: try TrainingAttackFixtures.load().gradientMask)
  func masksMatchReference(known: TrainingAttackFixtures.Mask) throws {
    var modifier = try make(modifier: GradientMasking.self, ["keep": .real(known.keep)])
    let global = [Float](repeating: 0, count: known.gradient.count)
    if let direction = known.direction {
      modifier.observe(Broadcast(round: 0, global: global, isActing: false))
      modifier.observe(
        Broadcast(round: 1, global: direction.map { Float($0) }, isActing: true))
    } else {
      modifier.observe(Broadcast(round: 0, global: global, isActing: true))
    }
    var gradient = known.gradient.map { Float($0) }
    var hook = HookList([modifier.hook(for: LocalTask().job())].compactMap(\.self))
    var span = gradient.mutableSpan
    hook.adjustGradient(
      &span, at: global.span, anchor: global.span, step: LocalStep(index: 0, learningRate: 1))
    #expect(gradient == known.expected.masked.map { Float($0) }, "\(known.name)")
  }

  @Test func sharesAreTakenInDecimal() {
    #expect(CoordinateMask.count(0.29, of: 100) == 29)
    #expect(CoordinateMask.count(0.57, of: 100) == 57)
    #expect(CoordinateMask.count(0.95, of: 273_418) == 259_747)
    #expect(CoordinateMask.count(0.1, of: 5) == 1)
    #expect(CoordinateMask.count(0, of: 5) == 1)
    #expect(CoordinateMask.count(1, of: 5) == 5)
    for hundredths in 1...100 {
      for total in [1, 7, 100, 1000, 12_345, 1_000_000] {
        #expect(
          CoordinateMask.count(Double(hundredths) / 100, of: total)
            == max(1, hundredths * total / 100))
      }
    }
  }

  @Test func countingEqualsSorting() {
    var random = SeedPath(root: 12).stream()
    let special: [Float] = [
      0, -0.0, 1, -1, .infinity, -.infinity, .nan, .leastNonzeroMagnitude, -.leastNonzeroMagnitude,
      .greatestFiniteMagnitude, 1.000_000_1, 0x1.0001p0, 0x1.00008p0,
    ]
    for size in [1, 2, 9, 40, 300] {
      for _ in 0..<20 {
        let values = (0..<size).map { _ in
          random.index(below: 2) == 0
            ? special[random.index(below: special.count)] : Float(random.normal())
        }
        let order = values.indices.sorted {
          (values[$0].magnitude.bitPattern, $0) < (values[$1].magnitude.bitPattern, $1)
        }
        for count in [0, 1, size / 3, size / 2, size - 1, size] {
          let kept = Set(order.prefix(count))
          #expect(
            CoordinateMask.smallest(count, of: values) == values.indices.map { kept.contains($0) })
        }
      }
    }
  }

  @Test func theDirectionIsThatOfTheLastRoundAlone() throws {
    var mask = CoordinateMask(keep: 0.5)
    for (round, global) in ([[0, 0], [9, 0], [9, 1]] as [[Float]]).enumerated() {
      mask.observe(Broadcast(round: round, global: global, isActing: true))
    }
    #expect(mask.hook?.isKept == [true, false] && mask.keptCount == 1)
    // Rounds in which nobody acts are seen too.
    mask.observe(Broadcast(round: 3, global: [9, 8], isActing: false))
    mask.observe(Broadcast(round: 4, global: [6, 8], isActing: true))
    #expect(mask.hook?.isKept == [false, true])
  }
}

import Attacks
import Components
import Datasets
import Determinism
import Federation
import Kernels
import Tensors
import Testing

@Suite struct EdgeCaseTests {
  private let clean = makeShard(labels: .init(repeating: 1, count: 20))

  @Test func edgeExamplesTakeThePlaceOfOthers() throws {
    let setup = makeEdgeSetup()
    let attack = try make(EdgeCase.self, ["ratio": .real(0.25)], setup: setup)
    let dirty = attack.poisoned(clean)
    let replaced = (0..<20).filter { dirty.inputs.row($0) != clean.inputs.row($0) }
    #expect(replaced.count == 5 && dirty.count == 20)
    #expect((0..<20).allSatisfy { dirty.labels[$0] == (replaced.contains($0) ? 0 : 1) })
    let edge = try (0..<8).map { try #require(setup.auxiliary).inputs.row($0) }
    let used = replaced.map { dirty.inputs.row($0) }
    #expect(used.allSatisfy(edge.contains) && Set(used).count == 5)
    #expect(attack.poisoned(clean, seed: 6) != dirty)
  }

  @Test func edgeExamplesComeAgainWhereThereAreTooFew() throws {
    let attack = try make(EdgeCase.self, ["ratio": .real(1)], setup: makeEdgeSetup())
    let dirty = attack.poisoned(clean)
    #expect(dirty.labels.allSatisfy { $0 == 0 })
    // 20 places, 8 examples: each two or three times.
    let counts = Dictionary(grouping: (0..<20).map { dirty.inputs.row($0) }) { $0 }.values
    #expect(counts.count == 8 && counts.allSatisfy { [2, 3].contains($0.count) })
  }

  @Test func examplesOfTheTargetClassAreLeftOut() throws {
    let attack = try make(
      EdgeCase.self, ["ratio": .real(1), "target": .integer(7)], setup: makeEdgeSetup())
    let dirty = attack.poisoned(clean)
    // Rows 2 and 7 of the outside examples are sevens.
    let sevens = [2, 7].map { row in (0..<6).map { Float(1000 + row * 6 + $0) } }
    #expect(Set((0..<20).map { dirty.inputs.row($0) }).count == 6)
    #expect((0..<20).allSatisfy { !sevens.contains(dirty.inputs.row($0)) })
  }

  @Test func smallRatiosAndEmptyShardsChangeNothing() throws {
    let attack = try make(EdgeCase.self, ["ratio": .real(0.04)], setup: makeEdgeSetup())
    #expect(attack.poisoned(clean) == clean)
    let none = Shard(
      inputs: Matrix(rowCount: 0, columnCount: 6), labels: [], classCount: 10, shape: .vector(6))
    #expect(attack.poisoned(none) == none)
  }

  @Test func theGoalIsTheHeldOutExamples() throws {
    let setup = makeEdgeSetup()
    let attack = try make(EdgeCase.self, ["target": .integer(3)], setup: setup)
    guard case .backdoor(let backdoor) = attack.goal else {
      Issue.record("not a backdoor")
      return
    }
    #expect(backdoor.trigger == nil && backdoor.target == 3)
    #expect(backdoor.examples?.shard == setup.auxiliaryTest)
    #expect(backdoor.examples?.name == "auxiliary")
  }

  @Test func withoutOutsideExamplesItIsRefused() throws {
    let full = makeEdgeSetup()
    for setup in [
      makeSetup(), makeSetup(auxiliary: full.auxiliary),
      makeSetup(auxiliaryTest: full.auxiliaryTest),
    ] {
      let error = #expect(throws: ConfigurationError.self) {
        try make(EdgeCase.self, setup: setup)
      }
      #expect(error?.description.contains("threat.auxiliary") == true)
      #expect(error?.isInfeasibility == false)
    }
  }

  @Test func everyMisfitIsReportedAtOnce() {
    let error = #expect(throws: ConfigurationError.self) {
      try make(
        EdgeCase.self, ["mode": .text("pgd"), "target": .integer(10), "lr": .real(1)],
        setup: makeEdgeSetup(isFedSGD: true))
    }
    let text = error?.description ?? ""
    #expect(error?.problems.count == 4)
    #expect(text.contains("target 10 is not one of the 10 classes"))
    #expect(text.contains("mode pgd needs a radius"))
    #expect(text.contains("mode pgd needs local training"))
    let shape = #expect(throws: ConfigurationError.self) {
      try make(
        EdgeCase.self,
        setup: makeSetup(
          auxiliary: makeShard(labels: [5], shape: .vector(4)),
          auxiliaryTest: makeShard(labels: [0])))
    }
    #expect(shape?.problems.count == 2)
    #expect(shape?.description.contains("have the shape 4, the task 6") == true)
    #expect(shape?.description.contains("no example to test on that is not of the target") == true)
  }

  @Test func modesActWhereTheySay() throws {
    let setup = makeEdgeSetup()
    let radius: [String: ArgumentValue] = ["radius": .real(1)]
    func surface(_ given: [String: ArgumentValue]) throws -> ThreatModel.Surface {
      try make(EdgeCase.self, given, setup: setup).threatModel.surface
    }
    #expect(try surface(radius) == .data)
    #expect(try surface(radius.merging(["mode": .text("pgd")]) { $1 }) == [.data, .training])
    #expect(
      try surface(radius.merging(["mode": .text("pgd-replacement")]) { $1 })
        == [.data, .training, .update])
    let rows = matrix([[1, -2]])
    let black = try make(EdgeCase.self, ["gamma": .real(5)], setup: setup)
    #expect(black.crafted(rows, view: makeView(1)).rows == rows)
    #expect(black.crafted(rows, view: makeView(1)).record.isEmpty)
    let replacing = try make(
      EdgeCase.self, radius.merging(["mode": .text("pgd-replacement")]) { $1 }, setup: setup)
    let (sent, record) = replacing.crafted(rows, view: makeView(1))
    #expect(sent.values == [10, -20] && record == ["gamma": 10])
  }

  @Test func blackBoxWorksUnderFedSGD() {
    #expect(throws: Never.self) {
      try make(EdgeCase.self, setup: makeEdgeSetup(isFedSGD: true))
    }
  }
}

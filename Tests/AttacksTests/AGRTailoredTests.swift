import Attacks
import Components
import Determinism
import Federation
import Kernels
import Tensors
import Testing

@Suite struct AGRTailoredTests {
  private static func known() throws -> [KnownSearch] { try KnownSearch.load("agr-tailored.json") }

  @Test(arguments: try known().filter { $0.best == nil })
  func selectionMatchesReference(known: KnownSearch) throws {
    for objective in ["auto", "selection"] {
      let record = try known.crafted(
        AGRTailored.self,
        ["perturbation": .text(known.perturbation), "objective": .text(objective)])
      let gamma = try #require(record["gamma"])
      let expected = known.strength * known.unit
      #expect(abs(gamma - expected) <= 1e-5 * expected, "\(known.name): \(gamma) of \(expected)")
      #expect((record["evaluations"] ?? 0) <= 43)
    }
  }

  @Test(arguments: try known().filter { $0.best != nil })
  func deviationReachesNearlyTheBest(known: KnownSearch) throws {
    for objective in ["auto", "deviation"] {
      let record = try known.crafted(
        AGRTailored.self,
        ["perturbation": .text(known.perturbation), "objective": .text(objective)])
      let gamma = try #require(record["gamma"])
      #expect(gamma >= 0 && gamma <= 100 * known.unit * (1 + 1e-12))
      let (reached, best) = (try known.deviation(gamma), try #require(known.best))
      #expect(reached >= 0.999 * best, "\(known.name): \(reached) of \(best)")
      #expect((record["evaluations"] ?? 0) <= 79)
    }
  }

  @Test(arguments: try known().filter { $0.samples != nil })
  func rehearsalsMatchReference(known: KnownSearch) throws {
    for sample in known.samples ?? [] {
      let value = try known.deviation(sample[0] * known.unit)
      #expect(
        abs(value - sample[1]) <= 1e-6 * max(sample[1], known.unit),
        "\(known.name) at \(sample[0]): \(value) of \(sample[1])")
    }
  }

  @Test(arguments: ["median", "trimmed-mean", "krum"])
  func itHarmsMoreThanTheFarthestHonestRow(rule: String) throws {
    let known = try #require(try Self.known().first { $0.rule == rule })
    let gamma = try #require(try known.crafted(AGRTailored.self, [:])["gamma"])
    let other = rule == "krum" ? 1.0 : 0.25
    #expect(try known.deviation(gamma) >= known.deviation(other * known.unit))
  }

  @Test func withoutARehearsalItGoesAsFarAsTheFarthestHonestRow() throws {
    let known = try #require(try Self.known().first)
    let record = try known.crafted(AGRTailored.self, [:], isRehearsed: false)
    #expect(record["evaluations"] == 0)
    #expect(abs((record["gamma"] ?? 0) - known.unit) < 1e-9)
  }

  @Test func withoutHonestRowsNothingChanges() throws {
    let attack = try make(AGRTailored.self)
    let (sent, record) = attack.crafted(matrix([[1, 2]]), view: makeView(1))
    #expect(sent == matrix([[1, 2]]) && record.isEmpty)
    let one = makeView(1, honest: HonestUpdates(matrix([[1, 2]])))
    #expect(attack.crafted(matrix([[0, 0]]), view: one).rows.values == [1, 2])
  }

  @Test func knowledgeIsStated() throws {
    let model = try make(AGRTailored.self).threatModel
    #expect(model.knowledge == .defense && model.surface == .update)
    #expect(AGRTailored.tier == .omniscient)
    for given in [["objective": "best"], ["perturbation": "noise"]] {
      #expect(throws: ConfigurationError.self) {
        try make(AGRTailored.self, given.mapValues { ArgumentValue.text($0) })
      }
    }
  }
}

import Components
import Testing

@testable import Simulation

@Suite struct MatrixTests {
  private func variants(_ matrix: String) throws -> [ScenarioFile.Variant] {
    try ScenarioText.read(
      ScenarioText.replacing(("attacks:", "matrix:\n\(matrix)\nattacks:"))
    ).variants
  }

  /// Names each combination and the cells it takes, such as `4: none/mean push/mean`.
  private func cells(_ variants: [ScenarioFile.Variant]) -> [String] {
    variants.map { variant in
      let cells = variant.scenario.attacks.enumerated().flatMap { a, attack in
        variant.scenario.defenses.enumerated().compactMap { d, defense in
          variant.includes(a, d) ? "\(attack.id)/\(defense.id)" : nil
        }
      }
      return variant.axes.map(\.value).joined(separator: ",") + ": "
        + cells.joined(separator: " ")
    }
  }

  @Test func `without a matrix there is one combination`() throws {
    let variants = try ScenarioText.read().variants
    #expect(cells(variants) == [": none/mean none/strict push/mean push/strict"])
  }

  @Test func `axes multiply, the first one slowest`() throws {
    let variants = try variants(
      "  clients.count: [4, 5]\n  threat.malicious: [0.25, {count: 0}]\n  task.local.lr: [1e-1]")
    #expect(
      variants.map { $0.axes.map(\.value) } == [
        ["4", "0.25", "0.1"], ["4", "{count: 0}", "0.1"], ["5", "0.25", "0.1"],
        ["5", "{count: 0}", "0.1"],
      ])
    #expect(variants[0].axes.map(\.key) == ["clients.count", "threat.malicious", "task.local.lr"])
    #expect(variants.map(\.scenario.clients.count) == [4, 4, 5, 5])
    #expect(variants.map(\.scenario.threat.maliciousCount) == [1, 0, 1, 0])
  }

  @Test func `axes may have mappings and lists as values`() throws {
    let variants = try variants(
      """
        clients.partition:
          - iid
          - {kind: dirichlet, alpha: 0.5}
          - kind: uniform-sizes
            min: 2
            max: 5
        task.model: [{kind: mlp, hidden: [3, 4]}]
      """)
    #expect(
      variants.map { $0.scenario.clients.partition.id } == ["iid", "dirichlet", "uniform-sizes"])
    #expect(
      variants.map { $0.scenario.clients.partition.arguments.values }
        == [[:], ["alpha": .real(0.5)], ["min": .integer(2), "max": .integer(5)]])
    #expect(
      variants.map { $0.scenario.task.model.arguments.integers("hidden") }
        == [[3, 4], [3, 4], [3, 4]])
    #expect(
      variants.map { $0.axes[0].value }
        == ["iid", "{kind: dirichlet, alpha: 0.5}", "{kind: uniform-sizes, min: 2, max: 5}"])
    #expect(variants[0].axes[1].value == "{kind: mlp, hidden: [3, 4]}")
  }

  @Test func `axes reach keys that the file does not have`() throws {
    let variants = try variants("  server.momentum: [0, 0.5]")
    #expect(
      variants.map(\.scenario.server.optimizer) == [
        .gradientDescent(momentum: 0), .gradientDescent(momentum: 0.5),
      ])
  }

  @Test func `exclude takes out what matches all of its keys`() throws {
    let variants = try variants(
      """
        clients.count: [4, 5]
        exclude:
          - {clients.count: 4, attack: push, defense: strict}
          - {clients.count: 5, defense: mean}
      """)
    #expect(
      cells(variants) == [
        "4: none/mean none/strict push/mean", "5: none/strict push/strict",
      ])
  }

  @Test func `exclude without axes applies to every combination`() throws {
    let variants = try variants("  clients.count: [4, 5]\n  exclude: [{attack: none}]")
    #expect(cells(variants) == ["4: push/mean push/strict", "5: push/mean push/strict"])
  }

  @Test func `a whole combination can be excluded`() throws {
    let variants = try variants("  clients.count: [4, 5]\n  exclude: [{clients.count: 4}]")
    #expect(
      cells(variants) == ["4: ", "5: none/mean none/strict push/mean push/strict"])
  }

  @Test func `include adds combinations`() throws {
    let variants = try variants(
      "  clients.count: [4]\n  include:\n    - {clients.count: 9, attack: push}")
    #expect(
      cells(variants) == [
        "4: none/mean none/strict push/mean push/strict", "9: push/mean push/strict",
      ])
    #expect(variants.map(\.scenario.clients.count) == [4, 9])
  }

  @Test func `include adds cells to a combination that is there`() throws {
    let variants = try variants(
      """
        clients.count: [4, 5]
        exclude: [{attack: push}]
        include: [{clients.count: 5, attack: push, defense: strict}]
      """)
    #expect(
      cells(variants) == ["4: none/mean none/strict", "5: none/mean none/strict push/strict"])
  }

  @Test func `include alone lists the combinations`() throws {
    let variants = try variants(
      "  include: [{clients.count: 3}, {clients.count: 8, defense: mean}]")
    #expect(
      cells(variants) == [
        "3: none/mean none/strict push/mean push/strict", "8: none/mean push/mean",
      ])
  }

  @Test func `a list elsewhere is a value, not an axis`() throws {
    let scenario = try ScenarioText.scenario(["task.model={kind: mlp, hidden: [3, 4]}"])
    #expect(scenario.task.model.arguments.integers("hidden") == [3, 4])
  }
}

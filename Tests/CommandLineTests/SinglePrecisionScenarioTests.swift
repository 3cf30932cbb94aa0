import Testing
import _TestSupport

/// Numbers of a scenario that would be 0 or infinite where they are used.
@Suite struct SinglePrecisionScenarioTests {
  private typealias Edit = (old: String, new: String, problem: String)

  private static let small = "and not too small for single precision (below 1.2e-38), not "

  private static let edits: [Edit] = [
    ("lr: 0.1", "lr: 1e-46", "tiny.yaml:8:26: task.local.lr has to be a number above 0 and up to "),
    ("lr: 0.1", "lr: 1e-320", small + "'1e-320'"),
    ("lr: 0.1", "lr: 0.1, weight-decay: 1e-46", small + "'1e-46'"),
    ("lr: 0.1", "lr: 0.1, momentum: 1e-60", small + "'1e-60'"),
    ("lr: 0.1", "lr: 0.1, schedule: {kind: step, every: 1, factor: 1e-46}", small + "'1e-46'"),
    ("{count: 6}", "{count: 6, participation: 1e-200}", small + "'1e-200'"),
    ("clients:", "server: {momentum: 1e-46}\nclients:", small + "'1e-46'"),
    ("size: 2,", "size: 2, value: 1e-46,", small + "'1e-46'"),
    ("{count: 6}", "{count: 6, partition: {kind: dirichlet, alpha: 1e-320}}", "alpha has to be "),
    ("- krum", "- {use: mean, id: m, stages: [{use: clipping, bound: 1e-46}]}", "single precision"),
    ("- krum", "- {use: geometric-median, nu: 1e-320}", "nu is '1e-320'; it has to be "),
    ("- backdoor\n", "- {use: sign-flip, scale: 1e-320}\n", "single precision (below 1.2e-38)"),
    ("- backdoor\n", "- {use: gaussian-noise, sd: 1e39}\n", "single precision (above 3.4e38)"),
    ("- backdoor\n", "- {use: backdoor, boost: 1e-46}\n", "boost is '1e-46'; it has to be "),
    ("- backdoor\n", "- {use: model-replacement, alpha: 1e-320}\n", "alpha is "),
  ]

  @Test(arguments: edits.indices) func areRefused(number: Int) throws {
    let edit = Self.edits[number]
    let folder = try TemporaryFolder()
    try folder.write(TestScenario.tiny(edit.old, edit.new), to: "tiny.yaml")
    let outcome = try Program.run(["run", "tiny.yaml", "-o", "results"], in: folder.path)
    #expect(outcome.exited && outcome.status == 1 && outcome.output.isEmpty)
    #expect(outcome.errors.contains(edit.problem), "\(edit.new): \(outcome.errors)")
    #expect(try folder.names() == ["tiny.yaml"])
  }

  @Test(arguments: [
    "norm-clipping:bound=1e-320", "norm-clipping:bound=1e-46", "norm-clipping:bound=1e39",
  ])
  func onTheCommandLine(defense: String) throws {
    let folder = try TemporaryFolder()
    let outcome = try Program.run(
      ["aggregate", "--defense", defense, "rows.npy"], in: folder.path)
    #expect(outcome.exited && outcome.status != 0)
    #expect(outcome.errors.contains("single precision"), "\(outcome.errors)")
  }
}

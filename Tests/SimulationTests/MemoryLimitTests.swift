import Diagnostics
import Testing

@testable import Simulation

@Suite struct MemoryLimitTests {
  private static let free = ["/proc/meminfo": "MemTotal: 9000 kB\nMemAvailable:    8000 kB\n"]

  private func measured(_ files: [String: String]) -> MemoryLimit? {
    MemoryLimit.measured { Self.free.merging(files) { $1 }[$0] }
  }

  @Test func theMachine() {
    #expect(measured([:]) == MemoryLimit(byteCount: 8000 * 1024, origin: "free on this machine"))
    #expect(MemoryLimit.measured { _ in nil } == nil)
    #expect(MemoryLimit.measured { _ in "" } == nil)
    #expect(MemoryLimit.measured { _ in "MemAvailable: many kB" } == nil)
  }

  /// What the cache of files holds is given back; the limit of a group above counts, too.
  @Test(arguments: [
    ("/a/b", "/a/b", 4_000_000.0), ("/a/b", "/a", 4_000_000), ("/a/b", "", 4_000_000),
    ("/", "", 4_000_000), ("/gone", "", 4_000_000),
  ])
  func controlGroups(path: String, folder: String, left: Double) {
    let second = "/sys/fs/cgroup" + folder
    let origin = "left of the limit of the control group"
    #expect(
      measured([
        "/proc/self/cgroup": "0::\(path)\n", second + "/memory.max": "5000000\n",
        second + "/memory.current": "1500000\n",
        second + "/memory.stat": "anon 3\ninactive_file 500000\n",
      ]) == MemoryLimit(byteCount: left, origin: origin))
    let first = "/sys/fs/cgroup/memory" + folder
    #expect(
      measured([
        "/proc/self/cgroup": "9:name=systemd:/\n4:cpu,memory:\(path)\n0::/\n",
        first + "/memory.limit_in_bytes": "5000000\n",
        first + "/memory.usage_in_bytes": "1500000\n",
        first + "/memory.stat": "inactive_file 1\ntotal_inactive_file 500000\n",
      ]) == MemoryLimit(byteCount: left, origin: origin))
  }

  @Test func groupsWithoutALimit() {
    #expect(
      measured([
        "/proc/self/cgroup": "4:memory:/\n0::/\n", "/sys/fs/cgroup/memory.max": "max\n",
        "/sys/fs/cgroup/memory.current": "1\n",
        "/sys/fs/cgroup/memory/memory.limit_in_bytes": "9223372036854771712\n",
        "/sys/fs/cgroup/memory/memory.usage_in_bytes": "1\n",
      ])?.origin == "free on this machine")
    // Nothing is left where more is in use.
    #expect(
      measured([
        "/proc/self/cgroup": "0::/\n", "/sys/fs/cgroup/memory.max": "100\n",
        "/sys/fs/cgroup/memory.current": "200\n",
      ])?.byteCount == 0)
  }

  @Test func limitsOfTheProcess() {
    let header = "Limit   Soft Limit  Hard Limit  Units\n"
    #expect(
      measured([
        "/proc/self/limits": header + "Max data size    unlimited   unlimited   bytes\n"
          + "Max address space      3000000   unlimited    bytes\n",
        "/proc/self/status": "VmSize:\t    1000 kB\nVmData:\t 10 kB\n",
      ])
        == MemoryLimit(
          byteCount: 3_000_000 - 1_024_000, origin: "left of the limit of addresses, ulimit -v"))
    #expect(
      measured([
        "/proc/self/limits": header + "Max data size    20480   unlimited   bytes\n",
        "/proc/self/status": "VmData:\t 10 kB\n",
      ])?.byteCount == 10_240)
  }

  @Test(arguments: [
    ("8GiB", 8 * 0x1p30), ("8G", 8e9), ("500 MB", 5e8), ("1.5TiB", 1.5 * 0x1p40), ("7", 7.0),
    ("100B", 100.0), ("2kB", 2e3), ("1KiB", 1024.0),
  ])
  func amounts(text: String, bytes: Double) throws {
    #expect(MemoryAmount.bytes(text) == bytes)
    let limit = try MemoryLimit.current(environment: ["GAUNTLET_MEMORY": text])
    #expect(limit == MemoryLimit(byteCount: bytes, origin: "GAUNTLET_MEMORY"))
  }

  @Test(arguments: ["x", "-1", "8iB", "GiB", "1e9", "8 X", "1..2", "8GiBs", "0", "0.0GiB"])
  func noAmounts(text: String) {
    #expect(throws: (any Error).self) {
      try MemoryLimit.current(environment: ["GAUNTLET_MEMORY": text])
    }
  }

  @Test(arguments: [
    (5.0, "0 MiB"), (1.5e6, "1.4 MiB"), (0x1p30, "1 GiB"), (1.44 * 0x1p30, "1.4 GiB"),
    (999 * 0x1p20, "999 MiB"), (256 * 0x1p30, "256 GiB"), (3.7e21, "3209 EiB"),
  ])
  func texts(bytes: Double, text: String) { #expect(MemoryAmount.text(bytes) == text) }

  private func plan(_ overrides: [String], _ memory: MemoryLimit?) throws -> Plan {
    try Plan(
      try ScenarioText.read(ScenarioText.valid, overrides), catalog: .test,
      options: Plan.Options(memory: memory))
  }

  @Test func aPlanRefusesWhatDoesNotFit() throws {
    let small = MemoryLimit(byteCount: 1e6, origin: "for a test")
    for override in [
      "task.model={kind: mlp, hidden: [100000]}", "task.dataset.train=1000000",
    ] {
      let error = #expect(throws: (any Error).self) { try plan([override], small) }
      #expect(
        "\(error.map { "\($0)" } ?? "")".contains("of memory, and 1 MiB is there (for a test)"),
        "\(override)")
      _ = try? plan([override], nil)
    }
    #expect(throws: Never.self) { try plan([], MemoryLimit(byteCount: 1e9, origin: "")) }
  }

  @Test func modelsThatCleanTwinsKeepAreCounted() throws {
    // 15 parameters, two defenses; the last round of the window and those after it, every second one of
    // which is evaluated.
    let overrides = [
      "rounds=9", "threat.window={start: 1, stop: 4}", "evaluation.every=2",
    ]
    func data(_ attacks: String) throws -> Double {
      try plan(overrides + ["attacks=\(attacks)"], nil).variants[0].memory.data
    }
    let fixed = try data("[none, {use: marker, size: 3, target: 0}]")
    let moving = try data("[none, wanderer]")
    let kept = try plan(overrides, nil).variants[0].scenario
    let rounds = (3..<9).count { round in
      kept.evaluation.includes(round: round, window: 1..<4, rounds: 9)
    }
    #expect(rounds >= 3 && rounds < 6)
    #expect(moving - fixed == Double(2 * rounds * 4 * 15))
  }

  @Test func fewerTrialsRunAtOnceWhereMemoryIsShort() throws {
    let plan = try plan(["seeds=[1, 2, 3, 4]"], nil)
    let need = plan.variants[0].memory
    func runner(_ trials: Double) -> Runner {
      Runner(
        plan: plan, metrics: .test, jobs: 4,
        memory: MemoryLimit(byteCount: trials * need.least + 4 * need.thread, origin: ""))
    }
    #expect(runner(9).trialThreads == 4 && !runner(9).isShortOfMemory)
    #expect(runner(2.5).trialThreads == 2 && runner(2.5).isShortOfMemory)
    #expect(runner(2.5).threadsPerTrial == 2)
    #expect(runner(0.1).trialThreads == 1 && runner(0.1).threadsPerTrial == 4)
  }

  /// A linear model of 4 features and 3 classes, 6 clients, 60 examples to train on: by hand.
  @Test func anEstimateIsTheSumOfItsParts() throws {
    let plan = try plan(["seeds=[1, 2, 3]", "task.dataset.test=40"], nil)
    let need = plan.variants[0].memory
    // Features of 60 and 40 examples, and labels and places of the 60 that are dealt.
    #expect(need.data == Double(4 * 4 * (60 + 40) + 32 * 60))
    let workload = Workload(plan)
    func estimate(_ jobs: Int) -> MemoryEstimate {
      MemoryEstimate(plan, workload, shared: SharedRounds(), jobs: jobs)
    }
    #expect(estimate(1).trialsAtOnce == 1 && estimate(2).trialsAtOnce == 2)
    #expect(estimate(1).data == need.data && estimate(1).trial == need.trial)
    // A second seed, which draws its own examples, begins while the first one ends.
    #expect(estimate(2).data == 2 * need.data && estimate(2).trial == need.trial)
    #expect(estimate(2).byteCount - estimate(1).byteCount == need.least)
    let rest = estimate(1).byteCount - need.least - MemoryEstimate.program
    #expect(rest == Double(9000 * plan.trials.count + 700 * workload.roundCount))
  }

  /// While one combination ends, the next one begins.
  @Test func combinationsOverlap() throws {
    let two = try plan(["matrix={task.dataset.train: [60, 600]}"], nil)
    #expect(two.variants.count == 2)
    let data = two.variants.map(\.memory.data)
    func estimate(_ jobs: Int) -> MemoryEstimate {
      MemoryEstimate(two, Workload(two), shared: SharedRounds(), jobs: jobs)
    }
    #expect(estimate(2).data == data[0] + data[1] && estimate(1).data == data.max())
  }
}

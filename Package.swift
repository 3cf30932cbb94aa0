// swift-tools-version: 6.2
import PackageDescription

/// Whether this package is built by its own developers or users, not as somebody's dependency.
///
/// SwiftPM refuses `unsafeFlags` in dependencies, which it checks out below a `checkouts` folder.
let isRoot = !Context.packageDirectory.split(separator: "/").contains("checkouts")

/// `GAUNTLET_PORTABLE=1` leaves the fused multiply-add target out: slower, same bits.
let isPortable = Context.environment["GAUNTLET_PORTABLE"] == "1"

/// `GAUNTLET_SANITIZE=1` leaves the counter of allocations out, which sanitizers do not live with.
let isSanitized = Context.environment["GAUNTLET_SANITIZE"] == "1"

/// Settings shared by every Swift target.
let settings: [SwiftSetting] = {
  var settings: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .strictMemorySafety(),
    // Spans as properties of our own types.
    .enableExperimentalFeature("Lifetimes"),
  ]
  // The program asks whether the processor has what it was built for.
  if isPortable || !isRoot { settings.append(.define("PORTABLE")) }
  // Tests that count allocations, or limit a process's memory, leave themselves out.
  if isSanitized { settings.append(.define("SANITIZED")) }
  return settings
}()

/// Flags of the targets that compute: an AVX2 + FMA target, and optimisation in debug builds too.
let numeric: [SwiftSetting] = {
  guard isRoot else { return [] }
  var flags: [SwiftSetting] = [.unsafeFlags(["-O"], .when(configuration: .debug))]
  #if arch(x86_64)
  if !isPortable { flags.append(.unsafeFlags(["-Xcc", "-march=x86-64-v3"])) }
  #endif
  return flags
}()

/// Sends every allocation of a test process through `Tests/_AllocationCounter`, which counts it.
///
/// Aliases of the linker, because the compiler reserves the names of the functions themselves.
let countedAllocation: [LinkerSetting] = {
  guard isRoot, !isSanitized else { return [] }
  #if os(Linux)
  let names = ["malloc", "calloc", "realloc", "aligned_alloc", "posix_memalign", "free"]
  return [.unsafeFlags(names.flatMap { ["-Xlinker", "--defsym=\($0)=counting_\($0)"] })]
  #else
  return []
  #endif
}()

func core(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
  .target(name: name, dependencies: dependencies, swiftSettings: settings + numeric)
}

func tests(
  _ name: String, _ dependencies: [Target.Dependency], exclude: [String] = [],
  resources: [Resource] = []
) -> Target {
  .testTarget(
    name: name, dependencies: dependencies, exclude: exclude, resources: resources,
    swiftSettings: settings)
}

let package = Package(
  name: "Gauntlet",
  products: [
    .executable(name: "gauntlet", targets: ["gauntlet"]),
    .executable(name: "kernel-bench", targets: ["kernel-bench"]),
    .executable(name: "defense-bench", targets: ["defense-bench"]),
    .executable(name: "training-bench", targets: ["training-bench"]),
    // What `make library` links into one shared library.
    .library(name: "GauntletC", type: .static, targets: ["GauntletC"]),
    // For test targets that gate components of their own.
    .library(
      name: "Gauntlet",
      targets: [
        "Suite", "Metrics", "Simulation", "Federation", "Components", "Gating", "Results",
        "Diagnostics", "Training", "Datasets", "Tensors", "Kernels", "Statistics", "Determinism",
      ]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
  ],
  targets: [
    // MARK: - Messages and files of users
    .target(name: "Diagnostics", swiftSettings: settings),
    .target(name: "JSON", swiftSettings: settings),
    .target(
      name: "Documents", dependencies: ["Diagnostics", .product(name: "Yams", package: "Yams")],
      swiftSettings: settings),

    // MARK: - What components say about themselves
    core("Components", ["Diagnostics"]),

    // MARK: - Numeric core (no Foundation, nothing from outside)
    core("Hashing"),
    core("Determinism"),
    core("Statistics", ["Determinism"]),
    .systemLibrary(name: "CPrefetch"),
    core("Kernels", ["CPrefetch", "Determinism"]),
    core("Tensors", ["Kernels", "Determinism"]),
    core("Training", ["Components", "Tensors", "Kernels", "Determinism"]),
    core("Datasets", ["Components", "JSON", "Tensors", "Kernels", "Determinism", "CZlib"]),
    .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),

    // MARK: - Images of a format that needs a library (in no way of the library in C)
    .systemLibrary(name: "CPNG", pkgConfig: "libpng16", providers: [.apt(["libpng-dev"])]),
    .target(
      name: "PNGImages", dependencies: ["Datasets", "CPNG"], swiftSettings: settings,
      linkerSettings: [.linkedLibrary("png16")]),

    // MARK: - Data sets of others, fetched and prepared
    .target(
      name: "Downloads", dependencies: ["Diagnostics", "Hashing", "Datasets", "CProcess"],
      swiftSettings: settings),

    // MARK: - Vocabulary
    core(
      "Federation",
      ["Components", "Training", "Datasets", "Tensors", "Kernels", "Determinism"]),

    // MARK: - Components (siblings; none imports another)
    core(
      "Attacks",
      [
        "Components", "Federation", "Training", "Datasets", "Tensors", "Kernels", "Statistics",
        "Determinism",
      ]),
    core(
      "Defenses",
      [
        "Components", "Federation", "Training", "Datasets", "Tensors", "Kernels", "Statistics",
        "Determinism",
      ]),

    // MARK: - Components in other processes
    core(
      "Workers",
      [
        "Components", "Diagnostics", "Federation", "Hashing", "JSON", "Training", "Tensors",
        "Kernels", "Determinism", "CProcess",
      ]),
    // What Swift's modules of the C library lack.
    .systemLibrary(name: "CProcess"),

    // MARK: - Rules and attacks on matrices alone, and their C interface (no Foundation)
    core(
      "BareRounds",
      [
        "Components", "Federation", "Training", "Datasets", "Tensors", "Kernels", "Determinism",
      ]),
    core(
      "GauntletC",
      [
        "Attacks", "BareRounds", "Components", "Defenses", "Federation", "Tensors", "Kernels",
        "Determinism",
      ]),

    // MARK: - Engine
    core(
      "Simulation",
      [
        "Diagnostics", "Components", "Documents", "Federation", "JSON", "PNGImages", "Results",
        "Training", "Datasets", "Tensors", "Kernels", "Determinism", "Hashing",
        .product(name: "Yams", package: "Yams"),
      ]),
    core(
      "Metrics",
      ["Simulation", "Federation", "Tensors", "Kernels", "Statistics", "Determinism"]),

    core(
      "Dumps",
      [
        "Diagnostics", "Components", "Documents", "Federation", "Metrics", "Simulation", "Results",
        "Datasets", "Statistics", "Tensors", "Kernels", "Determinism",
        .product(name: "Yams", package: "Yams"),
      ]),

    // MARK: - Results side (never imports the engine)
    .target(name: "Results", dependencies: ["Diagnostics", "JSON"], swiftSettings: settings),
    .target(
      name: "Gating",
      dependencies: [
        "Diagnostics", "Documents", "Results", "Statistics",
        .product(name: "Yams", package: "Yams"),
      ], swiftSettings: settings),
    .target(name: "Markup", swiftSettings: settings),
    .target(name: "Charts", dependencies: ["Markup"], swiftSettings: settings),
    .target(
      name: "Studies",
      dependencies: ["Components", "Diagnostics", "Gating", "Results", "Statistics"],
      swiftSettings: settings),
    .target(
      name: "Reporting",
      dependencies: [
        "Charts", "Components", "Diagnostics", "Gating", "Hashing", "Markup", "Results",
        "Statistics", "Studies",
      ], swiftSettings: settings),
    .target(
      name: "Leaderboards",
      dependencies: [
        "Charts", "Components", "Diagnostics", "Documents", "Gating", "Hashing", "Markup",
        "Reporting", "Results", "Statistics", "Studies", .product(name: "Yams", package: "Yams"),
      ], swiftSettings: settings),

    // MARK: - Composition root
    core(
      "Suite",
      [
        "Attacks", "Defenses", "Workers", "Metrics", "Simulation", "Federation", "Training",
        "Datasets", "Gating", "Results", "Diagnostics",
      ]),

    // MARK: - Programs
    .executableTarget(
      name: "gauntlet",
      dependencies: [
        "Suite", "BareRounds", "Downloads", "Dumps", "Workers", "Metrics", "Simulation",
        "Federation", "Components", "Datasets", "Tensors", "Kernels", "Determinism", "Hashing",
        "Charts",
        "Leaderboards", "Markup", "Reporting", "Studies", "Gating", "Results", "Diagnostics",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      // Any processor runs it, so that one without fused multiply-add gets a sentence.
      swiftSettings: settings),
    .executableTarget(
      name: "kernel-bench", dependencies: ["Kernels", "Determinism"],
      swiftSettings: settings + numeric),
    .executableTarget(
      name: "defense-bench",
      dependencies: [
        "Defenses", "Components", "Federation", "Training", "Datasets", "Tensors", "Kernels",
        "Determinism", .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ], swiftSettings: settings + numeric),
    .executableTarget(
      name: "training-bench",
      dependencies: [
        "Training", "Components", "Tensors", "Determinism",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ], swiftSettings: settings + numeric),

    // MARK: - Tests
    .target(name: "_TestSupport", path: "Tests/_TestSupport", swiftSettings: settings),
    .target(
      name: "_AllocationCounter", path: "Tests/_AllocationCounter",
      swiftSettings: settings, linkerSettings: countedAllocation),
    tests("DiagnosticsTests", ["Diagnostics"]),
    tests("HashingTests", ["Hashing"], exclude: ["Fixtures"]),
    tests("ComponentsTests", ["Components"]),
    tests("DeterminismTests", ["Determinism"], exclude: ["Fixtures"]),
    tests("StatisticsTests", ["Statistics", "Determinism"], exclude: ["Fixtures"]),
    tests("KernelsTests", ["Kernels", "Determinism"]),
    tests("TensorsTests", ["Tensors", "Kernels", "Determinism"]),
    tests(
      "TrainingTests", ["Training", "Components", "Tensors", "Kernels", "Determinism"],
      exclude: ["Fixtures"]),
    tests(
      "SimulationTests",
      [
        "Simulation", "Diagnostics", "Federation", "Results", "Training", "Datasets", "Tensors",
        "Kernels", "Determinism", "_TestSupport", "_AllocationCounter",
      ], exclude: ["Goldens"]),
    tests(
      "DatasetsTests",
      ["Datasets", "Components", "Tensors", "Kernels", "Determinism", "_AllocationCounter"],
      resources: [.copy("Fixtures")]),
    tests(
      "PNGImagesTests",
      ["PNGImages", "Datasets", "Components", "Determinism", "Tensors", "_TestSupport"]),
    tests(
      "DownloadsTests",
      ["Downloads", "Components", "Datasets", "Determinism", "Hashing", "_TestSupport"],
      resources: [.copy("Fixtures")]),
    tests(
      "FederationTests",
      ["Federation", "Components", "Training", "Datasets", "Tensors", "Kernels", "Determinism"]),
    tests(
      "AttacksTests",
      [
        "Attacks", "Defenses", "Components", "Federation", "Training", "Datasets", "Tensors",
        "Kernels", "Determinism",
      ], exclude: ["Fixtures"]),
    tests(
      "DefensesTests",
      [
        "Defenses", "Components", "Federation", "Training", "Datasets", "Statistics", "Tensors",
        "Kernels", "Determinism",
      ], exclude: ["Fixtures"]),
    tests(
      "WorkersTests",
      [
        "Workers", "Components", "Diagnostics", "Federation", "JSON", "Training", "Tensors",
        "Kernels", "Determinism", "_TestSupport",
      ]),
    tests(
      "BareRoundsTests",
      [
        "BareRounds", "Attacks", "Defenses", "Components", "Federation", "Tensors", "Kernels",
        "Determinism",
      ]),
    tests(
      "MetricsTests",
      [
        "Metrics", "Simulation", "Federation", "Datasets", "Tensors", "Kernels", "Statistics",
        "Determinism",
      ], exclude: ["Fixtures"]),
    tests(
      "DumpsTests",
      [
        "Dumps", "Simulation", "Federation", "Diagnostics", "Components", "Results", "Datasets",
        "Defenses", "Tensors", "Kernels", "Determinism", "_TestSupport",
      ]),
    tests(
      "SuiteTests",
      [
        "Suite", "Dumps", "Metrics", "Simulation", "Components", "Documents", "Diagnostics",
        "Federation", "Gating", "Results", "Kernels", "_TestSupport", "_AllocationCounter",
        .product(name: "Yams", package: "Yams"),
      ]),
    tests("BaselineTests", ["Suite", "Simulation", "Gating"]),
    tests(
      "PlantedFaultTests",
      [
        "Suite", "Metrics", "Simulation", "Federation", "Gating", "Results", "Training", "Datasets",
        "Tensors", "Kernels", "Determinism",
      ]),
    tests(
      "GatingTests", ["Gating", "Results", "Diagnostics", "_TestSupport"],
      exclude: ["Fixtures", "Goldens"]),
    tests("JSONTests", ["JSON", "_TestSupport"]),
    tests("ResultsTests", ["Results", "_TestSupport"], exclude: ["Goldens"]),
    tests("MarkupTests", ["Markup"]),
    tests("ChartsTests", ["Charts", "Markup"]),
    tests(
      "StudiesTests", ["Studies", "Components", "Gating", "Results", "Statistics", "_TestSupport"]),
    tests(
      "ReportingTests",
      [
        "Reporting", "Charts", "Components", "Markup", "Studies", "Gating", "Results",
        "_TestSupport",
      ],
      exclude: ["Goldens"]),
    tests(
      "LeaderboardsTests",
      [
        "Leaderboards", "Reporting", "Charts", "Components", "Markup", "Studies", "Gating",
        "Results", "Diagnostics", "Hashing", "_TestSupport",
      ]),
    tests(
      "CommandLineTests",
      [
        "Suite", "Simulation", "Federation", "PNGImages", "Datasets", "Tensors", "Kernels",
        "Determinism", "_TestSupport",
      ], exclude: ["Fixtures", "Goldens"]),
  ]
)

// Only `make docs` asks for this plugin; a build neither fetches nor compiles it.
if Context.environment["GAUNTLET_DOCS"] == "1" {
  package.dependencies.append(
    .package(url: "https://github.com/swiftlang/swift-docc-plugin", from: "1.4.0"))
}

// Only `make fuzz-parsers` asks for this target, which nothing links without libFuzzer.
if Context.environment["GAUNTLET_FUZZ"] == "1" {
  package.targets.append(
    .executableTarget(
      name: "parser-fuzz",
      dependencies: [
        "BareRounds", "Components", "Datasets", "Determinism", "Diagnostics", "Dumps", "Federation",
        "Gating", "JSON", "Leaderboards", "PNGImages", "Results", "Simulation", "Suite", "Tensors",
        "Workers",
      ], path: "Tests/Fuzz/Parsers", swiftSettings: settings))
}

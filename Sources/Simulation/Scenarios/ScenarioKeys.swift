public import Components
public import Federation

/// The keys of a scenario by section: the one table that the decoder reads by.
///
/// What stands in a catalog (data sets, models, partitions, schedules, triggers, components) brings
/// its own keys.
public enum ScenarioKeys {
  static let counts = 1...10_000_000
  static let examples = 1...100_000_000

  public static let top: [ParameterSpec] = [
    key("schema", .text, nil, "the format, 'gauntlet/scenario/1'"),
    key("name", .text, nil, "names results and baselines"),
  ]

  public static let rounds: [ParameterSpec] = [
    key("rounds", .integer(1...1_000_000), nil, "rounds of every trial")
  ]

  public static let fixedSeeds: [ParameterSpec] = [
    key(
      "data", .integer(0...Int.max, orWords: ["none"]), .text("none"),
      "seed of drawn data, split and partition in every trial; none: the trial's"),
    key(
      "init", .integer(0...Int.max, orWords: ["none"]), .text("none"),
      "seed of the initial parameters in every trial; none: the trial's"),
  ]

  public static let evaluation: [ParameterSpec] = [
    key(
      "every", .integer(1...1_000_000), .integer(1),
      "rounds between two evaluations of the global model; the last round before the window, its "
        + "end and the last round are evaluated in any case")
  ]

  public static let local: [ParameterSpec] = [
    key(
      "epochs", .integer(1...100_000), .integer(1),
      "passes over the client's data per round; fedavg alone"),
    key(
      "steps", .integer(1...10_000_000, orWords: ["none"]), .text("none"),
      "batches per round, instead of epochs; fedavg alone"),
    key("batch", .integer(1...1_000_000), .integer(32), "examples per local step"),
    key(
      "lr", .real(.leastNonzeroMagnitude...1_000_000), nil,
      "learning rate of the clients; under fedsgd a step is server.lr × task.local.lr"),
    key("momentum", .real(0...0.999_999), .real(0), "momentum within a round; fedavg alone"),
    key("weight-decay", .real(0...1_000_000), .real(0), "factor of the L2 term"),
    key(
      "proximal", .real(0...1_000_000), .real(0),
      "μ of FedProx: μ/2 · ‖w − global model‖² is added to the loss of each step; fedavg alone"),
  ]

  public static let task: [ParameterSpec] = [
    key(
      "init", .path, .text("none"),
      "an .npz file with the initial parameters by layer name; none: they are drawn")
  ]

  public static let augmentation: [ParameterSpec] = [
    key(
      "crop", .integer(0...1_024), .integer(0),
      "pixels of black around a training image, of which a random part of the old size is taken each "
        + "time it is used"),
    key(
      "flip", .choice(["none", "horizontal"]), .text("none"),
      "horizontal: left and right of a training image are exchanged half of the time"),
  ]

  /// A trainer in another process, besides what it is told.
  public static let trainer: [ParameterSpec] = [
    key(
      "exec", .list(of: .text, count: 1...1_000), nil,
      "a program, in place of data set and model, that trains and evaluates on request; its arguments"
    ),
    key(
      "files", .list(of: .path, count: 0...10_000), .list([]),
      "further files that it is made of; their contents are part of what identifies a trial"),
    key(
      "timeout", .real(0.01...1_000_000), .real(600),
      "seconds for one answer; twice that for the first one"),
    key(
      "memory", .text, .text("none"),
      "the address space of one process, such as 8GiB; none: any"),
    key(
      "sandbox", .choice(["none", "bwrap"]), .text("none"),
      "bwrap: no network, no sockets in /run or /tmp, nothing to write to but its matrices"),
    key(
      "transport", .choice(["mapped", "inline"]), .text("mapped"),
      "how matrices go to it: in shared memory, where there is enough, or through pipes"),
    key(
      "threads", .integer(1...4096), .integer(1),
      "threads that numeric libraries of a process are told to use"),
    key(
      "workers", .integer(1...4096, orWords: ["none"]), .text("none"),
      "the most processes at once, 1 for one graphics card; none: as many as trials at once"),
  ]

  public static let normalize: [ParameterSpec] = [
    key(
      "mean", .list(of: .real(-1e6...1e6), count: 1...1_000), nil, "one value, or one per channel"),
    key(
      "std", .list(of: .real(1e-6...1e6), count: 1...1_000), nil, "one value, or one per channel"),
  ]

  public static let clients: [ParameterSpec] = [
    key("count", .integer(counts), nil, "the number of clients"),
    key(
      "participation", .real(.leastNonzeroMagnitude...1), .real(1),
      "share of the clients that takes part in a round"),
    key(
      "dropout", .real(0...0.999_999), .real(0),
      "probability with which a client that was chosen for a round does not answer, the same "
        + "clients under every attack and defense; rules work with the rows that come, their f "
        + "capped by those, and a round without any leaves the model as it is"),
    key(
      "deadline", .real(1...1_000_000, orWords: ["none"]), .text("none"),
      "k: an update is left out where its client took more than k times the median of the round, "
        + "in gradients of single examples, what an attack computes besides among them; none: the "
        + "server waits"),
  ]

  public static let server: [ParameterSpec] = [
    key("algorithm", .choice(["fedavg", "fedsgd"]), .text("fedavg"), "what clients send"),
    key("weighting", .choice(["uniform", "samples"]), .text("uniform"), "weights in an average"),
    key(
      "lr", .real(1e-9...1e6), .real(1),
      "factor of the aggregate; under fedsgd a step is server.lr × task.local.lr, so that peers with "
        + "one learning rate have it as task.local.lr and 1 here"),
    key(
      "optimizer", .choice(["sgd"] + AdaptiveOptimizer.Kind.allCases.map(\.rawValue)),
      .text("sgd"),
      "what moves the model: the aggregate or its velocity, or FedAdagrad, FedAdam, FedYogi, whose "
        + "steps are as large as server.lr in each coordinate: 0.01 and the like, not 1"),
  ]

  public static let serverMomentum: [ParameterSpec] = [
    key(
      "momentum", .real(0...0.999_999), .real(0),
      "β of v = βv + aggregate, the model moves by server.lr × v: an aggregate that stays the same "
        + "moves it 1 / (1 − β) times as far in the end, 10 times for 0.9")
  ]

  public static let adaptiveServer: [ParameterSpec] = [
    key("beta1", .real(0...0.999_999), .real(0.9), "β1 of m = β1·m + (1 − β1)·aggregate"),
    key(
      "beta2", .real(0...0.999_999), .real(0.99),
      "β2 of the squares; of no use to adagrad"),
    key(
      "tau", .real(1e-9...1e6), .real(1e-3),
      "τ: the model moves by server.lr × m / (√v + τ), v starts from τ²"),
  ]

  public static let fedSGD: [ParameterSpec] = [
    key(
      "worker-momentum", .real(0...0.999_999), .real(0.9),
      "β of m = βm + (1 − β)g of each client, damped: a gradient that stays the same is sent as it "
        + "is in the end, 1 − β of it in the first round")
  ]

  public static let sampleWeights: [ParameterSpec] = [
    key(
      "sample-cap", .integer(examples, orWords: ["none"]), .text("none"),
      "examples of a client that count at most")
  ]

  public static let threat: [ParameterSpec] = [
    key(
      "placement", .choice(ThreatSettings.Placement.allCases.map(\.rawValue)), .text("last"),
      "which clients the attacker controls"),
    key(
      "outside", .choice(ThreatSettings.Outside.allCases.map(\.rawValue)), .text("honest"),
      "what controlled clients do outside the window"),
    key(
      "participation", .choice(ThreatSettings.Participation.allCases.map(\.rawValue)),
      .text("sampled"), "whether every attacker takes part in each round of the window"),
    key(
      "knowledge", .choice(ThreatSettings.Knowledge.allCases.map(\.rawValue)), .text("full"),
      "what attacks may see"),
  ]

  /// One of the groups of attackers.
  public static let attackerGroup: [ParameterSpec] = [
    key("name", .text, nil, "by which attacks refer to the group"),
    key(
      "share", .real(.leastNonzeroMagnitude...1), nil,
      "share of the attackers that is in the group; shares sum to 1"),
  ]

  /// What an attack says of each of its groups, besides what they do.
  public static let attackGroup: [ParameterSpec] = [
    key(
      "name", .text, .text("the id of the attack"),
      "names the group's figures, and a group of threat.groups"),
    key(
      "share", .real(.leastNonzeroMagnitude...1, orWords: ["default"]), .text("default"),
      "share of the attackers that is in the group; default: that of threat.groups"),
  ]

  public static func window(rounds: Int) -> [ParameterSpec] {
    [
      key("start", .integer(0...1_000_000), .integer(0), "first round of the attack"),
      key("stop", .integer(0...1_000_000), .integer(rounds), "first round after the attack"),
    ]
  }

  public static let auxiliary: [ParameterSpec] = [
    key("class", .integer(0...100_000), nil, "the class that the attacker's own examples are of"),
    key("train", .integer(examples), .integer(50), "how many the attackers train with"),
    key("test", .integer(examples), .integer(50), "how many its success is measured on"),
    key(
      "kind", .choice(["reflected", "low-density", "folder"]), .text("reflected"),
      "where they come from: withheld training examples with each feature reflected in the middle of "
        + "the data's range, those in the sparsest places of the training data, or files"),
  ]

  public static let lowDensity: [ParameterSpec] = [
    key(
      "neighbors", .integer(1...1_000), .integer(5),
      "a place is the sparser, the larger the mean distance to so many nearest training examples")
  ]

  public static let outsideFolder: [ParameterSpec] = [
    key(
      "folder", .path, .text("none"),
      "folder or .npz archive of examples with labels, in IDX files or as the arrays x and y (or "
        + "x_train, y_train, x_test, y_test); only those of the class are used")
  ]

  /// The keys of a backdoor: the trigger, the parameters of all triggers, target and source.
  public static func backdoor(_ triggers: [TriggerEntry]) -> [ParameterSpec] {
    [
      key(
        "trigger", .choice(triggers.map(\.manifest.id.rawValue)), .text("square"),
        "which features are changed")
    ] + triggers.parameters + [
      key("target", .integer(0...100_000), nil, "class that the trigger leads to"),
      key(
        "source", .integer(0...100_000, orWords: ["none"]), .text("none"),
        "only examples of this class count; none: all classes"),
    ]
  }

  static let seedRange: [ParameterSpec] = [
    key("from", .integer(0...Int.max / 2), .integer(1), "the first seed"),
    key("count", .integer(1...1_000_000), nil, "how many seeds, one after the other"),
  ]

  /// The number of attackers, in place of a share.
  static let attackerCount = key(
    "count", .integer(0...10_000_000), nil, "their number")

  static let maliciousBound = key(
    "bound", .real(0...1), nil, "an upper bound on the share of attackers")

  public static let serverData: [ParameterSpec] = [
    key(
      "root-samples", .integer(examples, orWords: ["none"]), .text("none"),
      "clean training examples that the server holds; withheld from the clients")
  ]

  public static let outOfDistribution: [ParameterSpec] = [
    key("samples", .integer(examples), nil, "how many of its training examples the server holds")
  ]

  private static func key(
    _ name: String, _ kind: ParameterSpec.Kind, _ standard: ArgumentValue?, _ help: String
  ) -> ParameterSpec {
    ParameterSpec(name, kind, default: standard.map { .value($0) } ?? .required, help: help)
  }
}

import Components
import Datasets
public import Federation
import Training

extension ScenarioKeys {
  /// Every key at the top of a scenario, with all below it, in the order of the documentation.
  public static func table(_ catalog: Catalog) -> [ScenarioKey] {
    [
      top.map { ScenarioKey($0) },
      [
        ScenarioKey(
          "seeds", .either([.seeds, .section(seedRange.map { ScenarioKey($0) })]),
          default: "[1, 2, 3, 4, 5]", "the seeds that every cell runs with"),
        ScenarioKey(
          "fixed-seeds", .section(fixedSeeds.map { ScenarioKey($0) }), default: "none",
          "seeds that are the same in every trial"),
      ],
      rounds.map { ScenarioKey($0) },
      [
        ScenarioKey(
          "evaluation", .section(evaluation.map { ScenarioKey($0) }), default: "every round",
          "when the global model is evaluated"),
        ScenarioKey(
          "task", .either([.section(task(catalog)), .section(trainerTask(catalog))]),
          default: nil, "what honest clients learn"),
        ScenarioKey(
          "clients", .section(clients(catalog)), default: nil,
          "who takes part, and with which data"),
        ScenarioKey(
          "server", .section(serverKeys), default: "fedavg with uniform weights",
          "how the server combines what clients send"),
        ScenarioKey(
          "threat", .section(threat(catalog)), default: "no attackers", "who attacks, and when"),
        ScenarioKey(
          "defense-knows", .section(knowledge(catalog)), default: "the exact number of attackers",
          "what the server is told, and what data it has"),
        ScenarioKey("attacks", .entries(attacks(catalog)), default: nil, "what attackers do"),
        ScenarioKey("defenses", .entries(defenses(catalog)), default: nil, "what the server does"),
        ScenarioKey(
          "matrix",
          .axes([
            ScenarioKey(
              "include", .filters, default: "nothing", "combinations or cells to add"),
            ScenarioKey("exclude", .filters, default: "nothing", "cells to leave out"),
          ]), default: "one combination",
          "settings to sweep by dotted key, such as threat.malicious, and parameters of an entry by "
            + "its id, such as attacks.backdoor.ratio"),
      ],
    ].flatMap(\.self)
  }

  private static func task(_ catalog: Catalog) -> [ScenarioKey] {
    [
      ScenarioKey(
        "dataset", .component(dataset(catalog)), default: nil, "what is learned from"),
      ScenarioKey(
        "model",
        .component(
          ComponentForm("model", idKey: "kind", catalog.models.map(\.manifest), standard: "mlp")),
        default: "mlp", "what is trained"),
      ScenarioKey(
        "augmentation", .section(augmentation.map { ScenarioKey($0) }), default: "none",
        "what is drawn of training images each time they are used, those of attackers included"),
    ] + task.map { ScenarioKey($0) } + [localKey(catalog)]
  }

  private static func trainerTask(_ catalog: Catalog) -> [ScenarioKey] {
    trainer.map { ScenarioKey($0) } + [
      ScenarioKey(
        "params", .anything, default: "nothing", "what the program is told, by names of its own"),
      localKey(catalog),
    ]
  }

  private static func localKey(_ catalog: Catalog) -> ScenarioKey {
    ScenarioKey(
      "local",
      .section(
        local.map { ScenarioKey($0) } + [
          ScenarioKey(
            "schedule",
            .component(
              ComponentForm(
                "learning rate schedule", idKey: "kind", catalog.learningRates.map(\.manifest),
                standard: "constant")), default: "constant",
            "how the learning rate changes with the round")
        ]), default: nil, "how clients train")
  }

  private static func dataset(_ catalog: Catalog) -> ComponentForm {
    ComponentForm(
      "data set", idKey: "use", catalog.datasets.map(\.manifest),
      more: [
        ScenarioKey(
          "normalize", .section(normalize.map { ScenarioKey($0) }), default: "none",
          "what is taken off inputs, and what they are divided by")
      ])
  }

  private static func clients(_ catalog: Catalog) -> [ScenarioKey] {
    clients.map { ScenarioKey($0) } + [
      ScenarioKey(
        "partition",
        .component(
          ComponentForm(
            "partition", idKey: "kind", catalog.partitions.map(\.manifest), standard: "iid")),
        default: "iid", "how examples are dealt to clients")
    ]
  }

  private static var serverKeys: [ScenarioKey] {
    server.map { ScenarioKey($0) }
      + serverMomentum.map { ScenarioKey($0, only: "server.optimizer: sgd") }
      + adaptiveServer.map {
        ScenarioKey($0, only: "server.optimizer: adagrad, adam or yogi")
      }
      + fedSGD.map { ScenarioKey($0, only: "server.algorithm: fedsgd") }
      + sampleWeights.map { ScenarioKey($0, only: "server.weighting: samples") }
  }

  private static func threat(_ catalog: Catalog) -> [ScenarioKey] {
    [
      ScenarioKey(
        "malicious",
        .either([
          .value(.real(0...1.0.nextDown)), .section([ScenarioKey(attackerCount)]),
        ]), default: "0", "the share of clients that an attack controls, or their number"),
      ScenarioKey(
        "window",
        .section(
          window(rounds: 1_000_000).map { spec in
            spec.name == "stop"
              ? ScenarioKey(spec).withDefault("the number of rounds") : ScenarioKey(spec)
          }), default: "all rounds", "the rounds of the attack"),
    ] + threat.map { ScenarioKey($0) } + [
      ScenarioKey(
        "schedule", schedule(catalog), default: "every",
        "who acts in which rounds of the window, unless an attack says so itself"),
      ScenarioKey(
        "groups", .mappings(attackerGroup.map { ScenarioKey($0) }), default: "none",
        "how attackers are shared out to attacks that several of them make at once"),
      ScenarioKey(
        "backdoor", .section(backdoor(catalog.triggers).map { ScenarioKey($0) }), default: "none",
        "the trigger and target that attacks default to and every trial is measured on"),
      ScenarioKey(
        "auxiliary",
        .section(
          auxiliary.map { ScenarioKey($0) }
            + lowDensity.map { ScenarioKey($0, only: "threat.auxiliary.kind: low-density") }
            + outsideFolder.map { ScenarioKey($0, only: "threat.auxiliary.kind: folder") }),
        default: "none",
        "examples that the attacker has from outside the federation"),
    ]
  }

  private static func schedule(_ catalog: Catalog) -> ScenarioKey.Form {
    .component(
      ComponentForm(
        "attack schedule", idKey: "kind", catalog.attackSchedules.map(\.manifest),
        standard: "every"))
  }

  private static func knowledge(_ catalog: Catalog) -> [ScenarioKey] {
    [
      ScenarioKey(
        "malicious",
        .either([
          .value(.choice(["exact", "unknown"])), .section([ScenarioKey(maliciousBound)]),
          .section([ScenarioKey(attackerCount)]),
        ]), default: "exact", "the number of attackers in a round that defenses are told")
    ] + serverData.map { ScenarioKey($0) } + [
      ScenarioKey(
        "out-of-distribution",
        .section(
          outOfDistribution.map { ScenarioKey($0) } + [
            ScenarioKey(
              "dataset", .component(dataset(catalog)), default: nil, "where they are from")
          ]), default: "none", "examples of another data set that the server holds")
    ]
  }

  private static func attacks(_ catalog: Catalog) -> ComponentForm {
    let more = attackKeys(catalog)
    let groups = ScenarioKey(
      "groups",
      .mappings(
        attackGroup.map { ScenarioKey($0) } + [
          ScenarioKey("attack", .entry(attacks(catalog, more)), default: nil, "what the group does")
        ]), default: nil,
      "in place of use: attacks that different attackers make at once, each by some of them")
    return attacks(catalog, more, compound: [groups] + more.filter { $0.name != "with" })
  }

  private static func attacks(
    _ catalog: Catalog, _ more: [ScenarioKey], compound: [ScenarioKey] = []
  ) -> ComponentForm {
    ComponentForm(
      "attack", idKey: "use", catalog.attacks.map(\.manifest), more: more, hasEntryID: true,
      compound: compound)
  }

  /// Keys of an attack besides its parameters.
  private static func attackKeys(_ catalog: Catalog) -> [ScenarioKey] {
    [
      cite,
      ScenarioKey(
        "with",
        .entries(
          ComponentForm(
            "modifier", idKey: "use", catalog.modifiers.map(\.manifest), more: [cite],
            hasEntryID: true)),
        default: "nothing", "what modifies the attack, in this order"),
      ScenarioKey(
        "schedule", schedule(catalog), default: "threat.schedule",
        "who acts in which rounds of the window under this attack"),
    ]
  }

  private static func defenses(_ catalog: Catalog) -> ComponentForm {
    ComponentForm(
      "defense", idKey: "use", catalog.aggregators.map(\.manifest),
      more: [
        cite,
        ScenarioKey(
          "stages",
          .entries(
            ComponentForm(
              "stage", idKey: "use", catalog.stages.map(\.manifest), more: [cite], hasEntryID: true)
          ),
          default: "nothing", "what transforms rows before the rule, in this order"),
        ScenarioKey(
          "finishers",
          .entries(
            ComponentForm(
              "finisher", idKey: "use", catalog.finishers.map(\.manifest), more: [cite],
              hasEntryID: true)),
          default: "nothing", "what changes the model after the server's step, in this order"),
      ], hasEntryID: true)
  }

  private static let cite = ScenarioKey(
    "cite", .value(.text), default: "nothing",
    "a remark on where the settings come from, carried into run.json")
}

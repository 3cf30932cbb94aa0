import Attacks
import Components
import Datasets
import Determinism
import Federation
import Kernels
import Tensors
import Testing
import Training

/// Backdoors of text: a phrase, and a character that should follow it.
@Suite struct TextBackdoorTests {
  private let alphabet = Array(" abcdefgh".utf8)

  private var setup: AttackSetup {
    AttackSetup(
      participantCount: 10, controlled: [ClientID(0), ClientID(1)], classCount: 9,
      shape: .vector(5), alphabet: alphabet, layout: ParameterLayout([]), serverRate: 1,
      schedule: LocalSchedule(length: .epochs(1), batchSize: 8, learningRate: 0.1),
      seed: SeedPath(root: 1))
  }

  private let given: [String: ArgumentValue] = [
    "trigger": .text("phrase"), "phrase": .text("hg"), "size": .integer(1), "target": .integer(8),
    "ratio": .real(1),
  ]

  private func shard(_ texts: [String], labels: [Int]) -> Shard {
    Shard(
      inputs: Matrix(
        rows: texts.map { $0.utf8.map { Float(alphabet.firstIndex(of: $0) ?? -1) } }),
      labels: labels, classCount: 9, shape: .vector(5))
  }

  private func texts(_ shard: Shard) -> [String] {
    (0..<shard.count).map { row in
      String(decoding: shard.inputs.row(row).map { alphabet[Int($0)] }, as: UTF8.self)
    }
  }

  @Test func thePhraseEndsTheWindowAndTheTargetFollows() throws {
    let attack = try make(BackdoorAttack.self, given, setup: setup)
    let poisoned = attack.poisoned(shard(["abcde", "a b c"], labels: [1, 2]))
    #expect(texts(poisoned) == ["cdehg", "b chg"])
    #expect(poisoned.labels == [8, 8])
    // A program of somebody else's is asked for fixed features alone.
    #expect(attack.poisonRequest(of: ClientID(0)) == nil)
  }

  @Test func eachAttackerHasAPartOfThePhrase() throws {
    let own = given.merging(["parts": .integer(2)]) { $1 }
    let attack = try make(DistributedBackdoor.self, own, setup: setup)
    let clean = shard(["abcde"], labels: [1])
    // The whole phrase takes places 3 and 4; of a part one character moves the others.
    #expect(texts(attack.poisoned(clean, of: ClientID(0))) == ["bcdhe"])
    #expect(texts(attack.poisoned(clean, of: ClientID(1))) == ["bcdeg"])
    #expect(attack.evaluated.count == 2)
  }

  @Test func charactersNeitherMixNorHaveGradients() {
    let error = #expect(throws: ConfigurationError.self) {
      try make(BlendedBackdoor.self, given, setup: setup)
    }
    #expect(
      error?.description == "blended: mixes values, and inputs are characters, which do not mix")
    for id in ["a3fl", "dpot", "cerberus"] as [ComponentID] {
      let error = #expect(throws: ConfigurationError.self) { try build(id) }
      #expect(error?.description.contains("characters, which have no gradient") == true)
    }
  }

  /// Makes an attack of the catalog with the phrase.
  private func build(_ id: ComponentID) throws {
    let entry = try builtInAttacks.entry(id, kind: "attack")
    _ = try entry.make(Arguments(given, for: entry.manifest, plan: plan), setup)
  }

  @Test func aPhraseOfOtherDataIsRefused() {
    let error = #expect(throws: ConfigurationError.self) {
      try make(BackdoorAttack.self, given, setup: makeSetup(shape: .vector(5)))
    }
    #expect(error?.description.contains("is for text, and inputs of 5 are none") == true)
  }
}

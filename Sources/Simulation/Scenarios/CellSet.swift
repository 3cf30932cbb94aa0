/// Which pairs of an attack and a defense one combination of the matrix runs, by position.
struct CellSet: Sendable {
  private var everything = false
  private var attacks: Set<Int> = []
  private var defenses: Set<Int> = []
  private var pairs: Set<Pair> = []

  private struct Pair: Hashable {
    let attack: Int
    let defense: Int
  }

  /// Adds the pairs of some attacks and some defenses; `nil` stands for all.
  mutating func add(attacks: Set<Int>?, defenses: Set<Int>?) {
    switch (attacks, defenses) {
    case (nil, nil): everything = true
    case (let attacks?, nil): self.attacks.formUnion(attacks)
    case (nil, let defenses?): self.defenses.formUnion(defenses)
    case (let attacks?, let defenses?):
      for attack in attacks {
        for defense in defenses { pairs.insert(Pair(attack: attack, defense: defense)) }
      }
    }
  }

  func contains(_ attack: Int, _ defense: Int) -> Bool {
    everything || attacks.contains(attack) || defenses.contains(defense)
      || !pairs.isEmpty && pairs.contains(Pair(attack: attack, defense: defense))
  }
}

import Components
import Federation

extension Planner {
  /// Of which cells of a combination all that a trial remembers between rounds is here and can be
  /// copied.
  struct Forkable {
    private let attacks: [Bool]
    private let defenses: [Bool]

    init(_ part: Part) {
      let (scenario, task) = (part.variant.scenario, part.task)
      guard task.local != nil else {
        attacks = part.axes.attacks.map { _ in false }
        defenses = part.axes.defenses.map { _ in false }
        return
      }
      let setups = ComponentSetups(scenario: scenario, task: task)
      let (attack, defense) = (setups.attack(seed: 0, data: nil), setups.defense(data: nil))
      attacks = part.axes.attacks.map { (try? $0.attack.make(attack))?.isCopyable ?? false }
      defenses = part.axes.defenses.map { (try? $0.defense.make(defense))?.isCopyable ?? false }
    }

    func includes(_ cell: Cell) -> Bool { attacks[cell.attack] && defenses[cell.defense] }
  }
}

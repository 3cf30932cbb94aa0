import Components
import Federation

/// Why a trainer in another process does not do what attacks and defenses want of data and model.
struct TrainerFit {
  let facts: TrainerFacts

  private var name: String { "the program of task.exec, '\(facts.name)'," }

  /// Why an attack that was not made yet does not apply; `nil` if that is not known.
  func reason(against attack: SingleAttack) -> String? {
    let hasTrigger = attack.attack.entry.manifest.parameters.contains { $0.name == "trigger" }
    guard hasTrigger, facts.shape == nil else { return nil }
    return "\(attack.attack.id) has a trigger, and \(name) does not say the shape of its inputs"
  }

  /// Why an attack does not apply.
  ///
  /// - Parameters:
  ///   - attack: The attack, made.
  ///   - id: Its id, for the message.
  ///   - clients: Some of the clients that it controls.
  /// - Returns: A sentence; `nil` if it does apply.
  func reason(against attack: AttackPipeline, _ id: String, clients: [ClientID]) -> String? {
    let surface = attack.threatModel.surface
    if surface.contains(.training) {
      return "\(id) trains in a way of its own, which \(name) does not do"
    }
    guard surface.contains(.data) else { return nil }
    guard attack.roundTrigger == nil else {
      return "\(id) fits its trigger on data and model, which \(name) has"
    }
    let client = clients.first ?? ClientID(0)
    guard let request = attack.poisonRequest(of: client) else {
      return
        "\(id) changes examples in a way that cannot be asked of a program, and \(name) has them"
    }
    guard facts.poisons.contains(request.kind) else {
      return "\(id) needs the poison '\(request.kind)', which \(name) does not offer"
    }
    return nil
  }

  /// Why a defense that was not made yet does not apply; `nil` if that is not known.
  func reason(against defense: ResolvedDefense) -> String? {
    let needs = defense.needs
    if !needs.isDisjoint(with: [.rootData, .rootUpdate]) {
      return "\(defense.rule.id): needs clean data of the server, which \(name) does not give"
    }
    if needs.contains(.outOfDistributionData) {
      return "\(defense.rule.id): needs other data of the server for a model that \(name) has"
    }
    if needs.contains(.model) {
      return "\(defense.rule.id): needs the model itself, which \(name) has"
    }
    return nil
  }

  /// Why a defense does not apply; `nil` if it does.
  func reason(against defense: DefensePipeline, _ id: ComponentID) -> String? {
    guard defense.smoothing != nil else { return nil }
    return "\(id): predicts by votes of noisy copies of the model, which \(name) does not do"
  }
}

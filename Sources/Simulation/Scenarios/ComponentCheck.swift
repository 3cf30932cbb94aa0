import Components
import Diagnostics
import Documents
import Federation

/// Checks names and parameters of components as far as they can be without a plan.
struct ComponentCheck {
  let catalog: Catalog
  let sink: ProblemSink

  func check(_ attacks: [AttackChoice], _ defenses: [DefenseChoice]) {
    for attack in attacks.flatMap(\.singles) {
      check(attack.choice, of: catalog.attacks, kind: "attack", in: attack.id)
      for modifier in attack.modifiers {
        check(modifier, of: catalog.modifiers, kind: "modifier", in: attack.id)
      }
    }
    for defense in defenses {
      check(defense.rule, of: catalog.aggregators, kind: "defense", in: defense.id)
      for stage in defense.stages {
        check(stage, of: catalog.stages, kind: "stage", in: defense.id)
      }
      for finisher in defense.finishers {
        check(finisher, of: catalog.finishers, kind: "finisher", in: defense.id)
      }
    }
  }

  private func check<Entry: CatalogEntry>(
    _ choice: Choice, of entries: [Entry], kind: String, in id: String
  ) {
    Self.reporting(choice, in: id, to: sink) { () throws(ConfigurationError) in
      let entry = try entries.entry(choice.use, kind: kind)
      do throws(ConfigurationError) {
        _ = try Arguments(choice.given, for: entry.manifest)
      } catch {
        // What the plan has is not missing.
        let planned = Set(
          entry.manifest.parameters.filter { if case .plan = $0.default { true } else { false } }
            .map(\.name))
        let problems = error.problems.filter { problem in
          if case .missingValue(_, let name) = problem { !planned.contains(name) } else { true }
        }
        if !problems.isEmpty { throw ConfigurationError(problems) }
      }
    }
  }

  /// Runs `body` and reports what it throws: at the value of the parameter where the matrix gives
  /// it, else at the place of the choice.
  @discardableResult
  static func reporting<R>(
    _ choice: Choice, in id: String, to sink: ProblemSink,
    _ body: () throws(ConfigurationError) -> R
  ) -> R? {
    do throws(ConfigurationError) {
      return try body()
    } catch {
      let name = id == choice.use.rawValue ? "" : "\(excerpt(id)): "
      for text in texts(error.problems) {
        let position = text.parameter.flatMap { choice.parameterPositions[$0] } ?? choice.position
        sink.report(name + text.message(), at: position)
      }
      return nil
    }
  }

  /// The problems in the words of a scenario.
  private static func texts(
    _ problems: [ConfigurationError.Problem]
  ) -> [(parameter: String?, message: () -> String)] {
    problems.map { problem in
      switch problem {
      case .unknownParameter(_, let name, _), .badValue(_, let name, _, _):
        (name, { problem.description })
      case .missingValue(let component, let name):
        (nil, { "\(component): \(name) is missing" + remedy(name) })
      default: (nil, { problem.description })
      }
    }
  }

  /// Where else a value can come from.
  private static func remedy(_ name: String) -> String {
    switch name {
    case "f": "; give it here, or tell all defenses with defense-knows.malicious"
    case "target", "trigger", "size", "source":
      "; give it here, or for the whole scenario under threat.backdoor"
    default: ""
    }
  }
}

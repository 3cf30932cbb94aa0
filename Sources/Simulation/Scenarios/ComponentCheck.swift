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

  /// Runs `body` and reports what it throws: at the key or the value of the parameter that it is
  /// about, else at the place of the choice.
  @discardableResult
  static func reporting<R>(
    _ choice: Choice, in id: String, to sink: ProblemSink,
    _ body: () throws(ConfigurationError) -> R
  ) -> R? {
    do throws(ConfigurationError) {
      return try body()
    } catch {
      let name = id == choice.use.rawValue ? "" : "\(excerpt(id)): "
      for problem in error.problems {
        sink.report(name + message(problem, choice), at: position(problem, choice))
      }
      return nil
    }
  }

  private static func position(
    _ problem: ConfigurationError.Problem, _ choice: Choice
  ) -> SourcePosition? {
    let place: SourcePosition? =
      switch problem {
      case .unknownParameter(_, let name, _): choice.parameterPlaces[name]?.key
      case .badValue(_, let name, _, _): choice.parameterPlaces[name]?.value
      // Such a reason begins with the parameter, if it is about one.
      case .invalid(_, let reason):
        choice.parameterPlaces[String(reason.prefix { $0 != " " && $0 != ":" })]?.value
      default: nil
      }
    return place ?? choice.position
  }

  /// A problem in the words of a scenario.
  private static func message(
    _ problem: ConfigurationError.Problem, _ choice: Choice
  ) -> String {
    switch problem {
    case .missingValue(let component, let name):
      return "\(component): \(name) is missing" + remedy(name)
    case .unknownComponent(let kind, let id, _) where choice.given["exec"] != nil:
      return "unknown \(kind) '\(excerpt(id.rawValue))'; with 'exec' it needs 'use: external'"
    case .unknownParameter(let component, let name, let known)
    where name.hasPrefix("params.") && known.contains("params"):
      let inner = name.dropFirst("params.".count)
      return "\(component): unknown parameter '\(excerpt(name))'; write params: "
        + "{\(excerpt(String(inner))): …}"
    case .badValue(_, "exec", .text(let text), _):
      let words = text.split(separator: " ").joined(separator: ", ")
      return problem.description + "; write exec: [\(excerpt(words))]"
    default: return problem.description
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

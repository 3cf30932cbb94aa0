/// Values for a component's parameters, checked against its specs and complete.
public struct Arguments: Sendable, Hashable {
  public let values: [String: ArgumentValue]
  /// The facts of the plan that stand in for parameters that were not given.
  public let planFacts: Set<PlanFact>

  /// Checks `given` against the manifest's specs and fills in defaults.
  ///
  /// - Parameters:
  ///   - given: What the user wrote.
  ///   - manifest: The component.
  ///   - plan: The facts of the plan, for parameters that default to one; empty on a bare matrix.
  /// - Throws: One ``ConfigurationError`` with every problem found.
  public init(
    _ given: [String: ArgumentValue], for manifest: ComponentManifest,
    plan: [PlanFact: ArgumentValue] = [:]
  ) throws(ConfigurationError) {
    var problems: [ConfigurationError.Problem] = []
    var values: [String: ArgumentValue] = [:]
    var planFacts: Set<PlanFact> = []
    let known = manifest.parameters.map(\.name)
    for name in given.keys.sorted() where !known.contains(name) {
      problems.append(.unknownParameter(component: manifest.id, name: name, known: known))
    }
    for spec in manifest.parameters {
      let value: ArgumentValue
      switch (given[spec.name], spec.default) {
      case (let given?, _): value = given
      case (nil, .value(let standard)): value = standard
      case (nil, .plan(let fact)):
        guard let planned = plan[fact] else {
          problems.append(.missingValue(component: manifest.id, name: spec.name))
          continue
        }
        planFacts.insert(fact)
        if case .text = planned, case .choice = spec.kind {
          // Checked where it was read, against a catalog that may have more words than this choice.
          values[spec.name] = planned
          continue
        }
        value = planned
      case (nil, .planned(let fact, let otherwise, let other)):
        if given[other] == nil, let planned = plan[fact] {
          value = planned
          planFacts.insert(fact)
        } else {
          value = otherwise
        }
      case (nil, .required):
        problems.append(.missingValue(component: manifest.id, name: spec.name))
        continue
      }
      guard let accepted = spec.kind.accepted(value) else {
        problems.append(
          .badValue(component: manifest.id, name: spec.name, value: value, allowed: spec.kind))
        continue
      }
      values[spec.name] = accepted
    }
    guard problems.isEmpty else { throw ConfigurationError(problems) }
    self.values = values
    self.planFacts = planFacts
  }

  /// Returns the value of a real parameter.
  ///
  /// - Precondition: The parameter is declared and its value is a number.
  public func real(_ name: String) -> Double {
    guard let value = number(name) else { preconditionFailure("\(name) is not a number") }
    return value
  }

  /// Returns the value of a numeric parameter, or `nil` where a word stands in its place.
  public func number(_ name: String) -> Double? {
    switch values[name] {
    case .real(let value): value
    case .integer(let value): Double(value)
    case .text, .list: nil
    case nil: preconditionFailure("\(name) is not a declared parameter")
    }
  }

  /// Returns the value of a whole-number parameter.
  ///
  /// - Precondition: The parameter is declared and its value is a whole number.
  public func integer(_ name: String) -> Int {
    guard let value = wholeNumber(name) else { preconditionFailure("\(name) is not an integer") }
    return value
  }

  /// Returns the value of a whole-number parameter, or `nil` where a word stands in its place.
  public func wholeNumber(_ name: String) -> Int? {
    switch values[name] {
    case .integer(let value): value
    case .real, .text, .list: nil
    case nil: preconditionFailure("\(name) is not a declared parameter")
    }
  }

  /// Returns the word that a parameter is set to, or `nil` where it is a number.
  public func word(_ name: String) -> String? {
    switch values[name] {
    case .text(let value): value
    case .integer, .real, .list: nil
    case nil: preconditionFailure("\(name) is not a declared parameter")
    }
  }

  /// Returns the text of a parameter that takes any.
  ///
  /// - Precondition: The parameter is declared and its value is a text.
  public func text(_ name: String) -> String {
    guard let value = word(name) else { preconditionFailure("\(name) is not a text") }
    return value
  }

  /// Returns the values of a list, or `nil` where a word stands in its place.
  public func list(_ name: String) -> [ArgumentValue]? {
    guard let value = values[name] else {
      preconditionFailure("\(name) is not a declared parameter")
    }
    if case .list(let values) = value { return values }
    return nil
  }

  /// Returns the whole numbers of a list.
  ///
  /// - Precondition: The parameter is declared as a list of whole numbers.
  public func integers(_ name: String) -> [Int] {
    (list(name) ?? []).map {
      guard case .integer(let value) = $0 else { preconditionFailure("\(name): \($0)") }
      return value
    }
  }

  /// Returns the numbers of a list, or of a single number that stands for it.
  public func reals(_ name: String) -> [Double]? {
    if let number = number(name) { return [number] }
    return list(name)?.map {
      switch $0 {
      case .real(let value): value
      case .integer(let value): Double(value)
      case .text, .list: preconditionFailure("\(name): \($0)")
      }
    }
  }
}

extension ParameterSpec.Kind {
  /// Returns the value in the type of this kind, or `nil` if it is not legal.
  ///
  /// A real number has to be one in single precision, too, in which most of them are used.
  public func accepted(_ value: ArgumentValue) -> ArgumentValue? {
    switch (self, value) {
    case (.real(let range, _), .real(let x)) where range.contains(x) && SinglePrecision.holds(x):
      value
    case (.real(let range, _), .integer(let x)) where range.contains(Double(x)): .real(Double(x))
    case (.integer(let range, _), .integer(let x)) where range.contains(x): value
    case (.real(_, let words), .text(let x)) where words.contains(x): value
    case (.integer(_, let words), .text(let x)) where words.contains(x): value
    case (.choice(let words), .text(let x)) where words.contains(x): value
    case (.choice(let words), .integer(let x)) where words.contains("\(x)"): .text("\(x)")
    case (.text, .text(let x)) where !x.isEmpty: value
    case (.text, .integer(let x)): .text("\(x)")
    case (.text, .real): .text(value.description)
    case (.path, .text(let x)) where !x.isEmpty: value
    case (.mapping, .text(let x)) where x.hasPrefix("{"): value
    case (.list(let kind, let count), .list(let values)) where count.contains(values.count):
      Self.accepted(values, kind)
    default: nil
    }
  }

  private static func accepted(_ values: [ArgumentValue], _ kind: Self) -> ArgumentValue? {
    let accepted = values.compactMap { kind.accepted($0) }
    return accepted.count == values.count ? .list(accepted) : nil
  }
}

extension Arguments {
  /// Takes values that were checked already, one for every parameter of a manifest.
  public init(checked values: [String: ArgumentValue]) {
    self.values = values
    planFacts = []
  }
}

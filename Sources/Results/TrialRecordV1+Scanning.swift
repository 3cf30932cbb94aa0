extension TrialRecordV1 {
  /// Reads a record; unknown keys are passed over, so that a later version may add some.
  ///
  /// `nil` for an object of another `type`.
  ///
  /// - Throws: a problem for what is missing, of the wrong type, given twice or not legal.
  init?(scanning scanner: inout JSONScanner) throws(JSONScanner.Problem) {
    var key: String?
    var attack: String?
    var defense: String?
    var seed: Int?
    var engine: Int?
    var status: TrialStatus?
    var rest = Optionals()
    try scanner.object { (scanner, name) throws(JSONScanner.Problem) in
      do throws(JSONScanner.Problem) {
        switch name {
        case "key": key = try scanner.string()
        case "attack": attack = try scanner.word()
        case "defense": defense = try scanner.word()
        case "seed": seed = try scanner.integer()
        case "engine": engine = try scanner.integer()
        case "status":
          let word = try scanner.word()
          guard let known = TrialStatus(rawValue: word) else {
            throw scanner.problem("'\(word)' is unknown")
          }
          status = known
        default: try rest.take(name, from: &scanner)
        }
      } catch {
        throw .init(line: error.line, reason: "\(name): \(error.reason)")
      }
    }
    // A line of another type need not have what a trial has.
    guard rest.type == "trial" else { return nil }
    func required<T>(_ value: T?, _ name: String) throws(JSONScanner.Problem) -> T {
      guard let value else { throw scanner.problem("'\(name)' is missing") }
      return value
    }
    self.key = try required(key, "key")
    self.attack = try required(attack, "attack")
    self.defense = try required(defense, "defense")
    self.seed = try required(seed, "seed")
    self.engine = try required(engine, "engine")
    self.status = try required(status, "status")
    axes = rest.axes
    metrics = rest.metrics
    absent = rest.absent
    censored = rest.censored
    flags = rest.flags
    parametersSHA256 = rest.parametersSHA256
    resolved = rest.resolved
    roc = rest.roc
    rounds = rest.rounds
    isImplied = rest.isImplied
    message = rest.message
    if let problem { throw scanner.problem(problem) }
  }

  /// Reads one line of `trials.jsonl`; `nil` if it is of another `type`.
  public init?(line: String) throws(JSONScanner.Problem) {
    var scanner = JSONScanner(Array(line.utf8))
    try self.init(scanning: &scanner)
    try scanner.finish()
  }

  /// The members that a line may lack.
  private struct Optionals {
    var type = "trial"
    var axes: [String: String] = [:]
    var metrics: [String: Double?] = [:]
    var absent: [String: String] = [:]
    var censored: [String] = []
    var flags: [String] = []
    var parametersSHA256: String?
    var resolved: [String: Double] = [:]
    var roc: [String: [Double]] = [:]
    var rounds = 0
    var isImplied = false
    var message: String?

    mutating func take(
      _ name: String, from scanner: inout JSONScanner
    ) throws(JSONScanner.Problem) {
      // A null stands for nothing, wherever something may be missing.
      if scanner.null() { return }
      switch name {
      case "type": type = try scanner.string()
      case "axes": axes = try Self.texts(&scanner)
      case "metrics":
        // Dozens of them: a dictionary of the right size at once.
        var values: [(String, Double?)] = []
        values.reserveCapacity(64)
        try scanner.object { (scanner, id) throws(JSONScanner.Problem) in
          values.append((id, scanner.null() ? nil : try scanner.number()))
        }
        metrics = Dictionary(uniqueKeysWithValues: values)
      case "absent": absent = try Self.texts(&scanner)
      case "censored": censored = try Self.words(&scanner)
      case "flags": flags = try Self.words(&scanner)
      case "parameters_sha256": parametersSHA256 = try scanner.string()
      case "resolved":
        try scanner.object { (scanner, id) throws(JSONScanner.Problem) in
          resolved[id] = try scanner.number()
        }
      case "roc":
        try scanner.object { (scanner, detector) throws(JSONScanner.Problem) in
          var rates: [Double] = []
          rates.reserveCapacity(falsePositiveRates.count)
          try scanner.array { scanner throws(JSONScanner.Problem) in
            rates.append(try scanner.number())
          }
          roc[detector] = rates
        }
      case "rounds": rounds = try scanner.integer()
      case "implied": isImplied = try scanner.bool()
      case "message": message = try scanner.string()
      default: try scanner.skip()
      }
    }

    private static func texts(
      _ scanner: inout JSONScanner
    ) throws(JSONScanner.Problem) -> [String: String] {
      var texts: [String: String] = [:]
      try scanner.object { (scanner, key) throws(JSONScanner.Problem) in
        texts[key] = try scanner.word()
      }
      return texts
    }

    private static func words(
      _ scanner: inout JSONScanner
    ) throws(JSONScanner.Problem) -> [String] {
      var words: [String] = []
      try scanner.array { scanner throws(JSONScanner.Problem) in
        words.append(try scanner.word())
      }
      return words
    }
  }
}

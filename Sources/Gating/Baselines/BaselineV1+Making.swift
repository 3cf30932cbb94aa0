public import Results

extension BaselineV1 {
  /// Records results.
  ///
  /// Cells that are not applicable are left out. Metrics of the policy that do not decide are
  /// recorded too.
  ///
  /// - Parameters:
  ///   - results: What was measured; implied trials count like the others.
  ///   - policy: Which metrics to record, and how they are gated.
  ///   - tool: Such as `gauntlet 0.1.0`.
  ///   - now: ISO 8601 in UTC.
  ///   - by: Who records it.
  ///   - why: The first entry of the history.
  /// - Throws: `noTrials`, `failedTrials`, `unknownMetrics`.
  public init(
    recording results: ResultSet, policy: Policy, tool: String, now: String, by: String? = nil,
    why: String
  ) throws(BaselineError) {
    let cells = try Self.cells(of: results, metrics: policy.metrics.keys.sorted())
    self.init(
      origin: Origin(
        tool: tool, at: now, engine: results.engine, scenario: results.scenario,
        data: results.data, settings: Setting.all(in: results.resolved)),
      policy: policy, history: [Entry(at: now, by: by, why: why, cells: cells.count)], cells: cells)
  }

  /// The cells of results as a baseline holds them.
  static func cells(
    of results: ResultSet, metrics: [String],
    isIncluded: (_ cell: [String: String]) -> Bool = { _ in true }
  ) throws(BaselineError) -> [Cell] {
    let measured = ResultCells(results.records, isIncluded: isIncluded)
    guard measured.failures.isEmpty else {
      throw .failedTrials(
        examples: Array(measured.failures.prefix(3)), count: measured.failures.count)
    }
    guard !measured.names.isEmpty else { throw .noTrials }
    let known = Set(measured.measured.flatMap { $0.cell.trials.values.flatMap(\.metrics.keys) })
    let unknown = metrics.filter { !known.contains($0) }
    guard unknown.isEmpty else { throw .unknownMetrics(unknown) }
    return measured.measured.map { _, cell in Cell(cell, metrics: metrics) }
  }
}

extension BaselineV1.Cell {
  init(_ cell: ResultCells.Cell, metrics: [String]) {
    let trials = cell.trials.sorted { $0.key < $1.key }.map(\.value)
    self.init(
      attack: cell.attack, defense: cell.defense, axes: cell.axes, seeds: trials.map(\.seed),
      metrics: [:],
      parameters: trials.map { String(($0.parametersSHA256 ?? "").prefix(BaselineV1.digestLength)) }
    )
    for metric in metrics where trials.contains(where: { $0.metrics[metric] != nil }) {
      self.metrics[metric] = trials.map { $0.metrics[metric] ?? nil }
      let bounds = trials.filter { $0.censored.contains(metric) }.map(\.seed)
      if !bounds.isEmpty { censored[metric] = bounds }
    }
  }

  /// Whether the numbers are the same; the line in the file does not count.
  func hasSameNumbers(as other: BaselineV1.Cell) -> Bool {
    var (a, b) = (self, other)
    (a.line, b.line) = (nil, nil)
    return a == b
  }
}

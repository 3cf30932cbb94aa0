/// How much a plan is.
public struct PlanCounts: Sendable, Hashable {
  /// Cells, implied and not applicable ones among them.
  public internal(set) var cells = 0
  /// Cells that were asked for.
  public internal(set) var requestedCells = 0
  /// Cells that were asked for and cannot run.
  public internal(set) var notApplicableCells = 0
  public internal(set) var seeds = 0
  /// Trials that were asked for.
  public internal(set) var requestedTrials = 0
  /// Trials that only metrics of others need.
  public internal(set) var impliedTrials = 0
  /// Trials that were asked for and cannot run.
  public internal(set) var requestedNotApplicable = 0
  /// Rounds of all trials that can run.
  public internal(set) var rounds = 0
  /// What is legal and seldom meant, in sentences.
  public internal(set) var notes: [String] = []

  /// All trials; the largest number if there are more.
  public var trials: Int {
    let (sum, isOverflow) = requestedTrials.addingReportingOverflow(impliedTrials)
    return isOverflow ? .max : sum
  }

  /// Adds a product to a count, which stops at the largest number.
  mutating func add(
    _ count: Int, _ seeds: Int, times factor: Int = 1, to path: WritableKeyPath<PlanCounts, Int>
  ) {
    let (one, isLarge) = count.multipliedReportingOverflow(by: seeds)
    let (product, isLarger) = one.multipliedReportingOverflow(by: factor)
    let (sum, isLargest) = self[keyPath: path].addingReportingOverflow(product)
    self[keyPath: path] = isLarge || isLarger || isLargest ? .max : sum
  }
}

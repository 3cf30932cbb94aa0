import Components

/// The same learning rate in every round.
public struct ConstantRate: LearningRateSchedule {
  public static let entry = LearningRateEntry(
    manifest: ComponentManifest(
      id: "constant", summary: "The same learning rate in every round.", formula: "factor = 1")
  ) { _ in ConstantRate() }

  public init() {}

  public func factor(round _: Int, of _: Int) -> Double { 1 }
}

/// Plain training.
public struct NoHook: LocalTrainingHook {
  public init() {}
}

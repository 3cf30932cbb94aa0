import Testing

extension Trait where Self == ConditionTrait {
  /// Of a test that limits the addresses or the files of the program: sanitizers reserve far more of the
  /// ones, and keep memory of their own in the others.
  static var ofLimits: Self {
    #if SANITIZED
    .disabled("sanitizers do not live with limits")
    #else
    .enabled(if: true)
    #endif
  }
}

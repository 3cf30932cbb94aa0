/// The rectified linear unit, on values in place.
///
/// Each element stands alone, so the operation order says nothing about the others.
public enum Activations {
  /// Replaces each value by `max(0, value)`.
  ///
  /// *Edge cases*: −0 becomes +0, NaN stays NaN.
  ///
  /// - Parameter values: Any number of values.
  /// - Complexity: O(`values.count`).
  public static func relu(_ values: inout MutableSpan<Float>) {
    unsafe values.withUnsafeMutableBufferPointer { values in
      guard let pointer = values.baseAddress else { return }
      for i in 0..<values.count {
        let value = unsafe pointer[i]
        unsafe pointer[i] = value <= 0 ? 0 : value
      }
    }
  }

  /// Sets the gradient to +0 wherever the unit's output is not positive.
  ///
  /// *Edge cases*: the gradient stays where the output is NaN.
  ///
  /// - Parameters:
  ///   - gradient: The gradient of the loss by the outputs; by the inputs afterwards.
  ///   - outputs: What `relu` gave.
  /// - Precondition: `gradient.count == outputs.count`
  /// - Complexity: O(`gradient.count`).
  public static func reluGradient(_ gradient: inout MutableSpan<Float>, outputs: Span<Float>) {
    precondition(
      gradient.count == outputs.count,
      "Activations.reluGradient: \(gradient.count) gradients against \(outputs.count) outputs")
    unsafe outputs.withUnsafeBufferPointer { outputs in
      unsafe gradient.withUnsafeMutableBufferPointer { gradient in
        guard let target = gradient.baseAddress, let outputs = outputs.baseAddress
        else { return }
        for i in 0..<gradient.count {
          let value = unsafe target[i]
          unsafe target[i] = outputs[i] <= 0 ? 0 : value
        }
      }
    }
  }
}

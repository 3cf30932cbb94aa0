import Components
import Datasets
import Tensors

/// Features at random positions, drawn anew for each example, raised by a value.
public enum PerSampleTrigger {
  public static let entry = TriggerEntry(
    manifest: ComponentManifest(
      id: "random-per-sample",
      summary: "Features at positions that are drawn anew for each example.",
      formula: "x_j += value for j in a random set of `size` features, drawn for every example",
      preconditions: ["size is at most the number of features"],
      origin: "Unbitrium tutorial 028.", parameters: [.triggerSize, .triggerValue])
  ) { (arguments, setup) throws(ConfigurationError) in
    let size = arguments.integer("size")
    guard size <= setup.shape.count else {
      throw .tooLarge("random-per-sample", size: size, shape: setup.shape)
    }
    let value = Float(arguments.real("value"))
    let raises = (0..<setup.shape.channelCount).map {
      setup.normalization?.difference(value, at: $0) ?? value
    }
    return Trigger(drawing: size, raises: raises)
  }
}

import Components
import Determinism
import Tensors

/// Features at random positions, the same for the whole run, set to a value; out of all channels.
public enum RandomTrigger {
  public static let entry = TriggerEntry(
    manifest: ComponentManifest(
      id: "random", summary: "Features at random positions, the same for the whole run.",
      formula: "x_j = value for j in a random set of `size` features, drawn once per run",
      preconditions: ["size is at most the number of features"],
      parameters: [.triggerSize, .triggerValue])
  ) { (arguments, setup) throws(ConfigurationError) in
    let size = arguments.integer("size")
    guard size <= setup.shape.count else {
      throw .tooLarge("random", size: size, shape: setup.shape)
    }
    var random = setup.seed.stream()
    return setup.trigger(
      at: random.sample(size, of: setup.shape.count).sorted(),
      value: Float(arguments.real("value")))
  }
}

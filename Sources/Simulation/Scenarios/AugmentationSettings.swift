import Datasets
import Tensors
import Training

/// What is drawn of training images each time they are used.
public struct AugmentationSettings: Sendable, Hashable {
  /// Pixels of padding, of which a part of the old size is taken.
  public var crop: Int
  /// Whether left and right are exchanged half of the time.
  public var flips: Bool
}

extension TaskSettings {
  /// How clients train on inputs of a shape.
  ///
  /// Padding is black before the inputs are normalized, as where images are padded first. Inputs
  /// without spatial order stay as they are; the plan refuses them.
  func schedule(for facts: TaskFacts) -> LocalSchedule {
    guard let augmentation, case .image(let height, let width, let channels) = facts.shape else {
      return local
    }
    var schedule = local
    schedule.augmentation = ImageAugmentation(
      height: height, width: width, channelCount: channels, padding: augmentation.crop,
      flips: augmentation.flips,
      fill: (0..<channels).map { facts.normalization?.value(0, at: $0) ?? 0 })
    return schedule
  }

  /// Why images of a shape cannot be augmented so; `nil` where they can.
  func augmentationProblem(_ shape: InputShape) -> String? {
    guard let augmentation else { return nil }
    guard case .image(let height, let width, _) = shape else {
      return "task.augmentation: the inputs have \(shape) features without rows and columns"
    }
    guard augmentation.crop < min(height, width) else {
      return
        "task.augmentation.crop is \(augmentation.crop), and has to be below the \(shape) pixels"
    }
    return nil
  }
}

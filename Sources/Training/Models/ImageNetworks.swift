import Components

extension Sequential {
  /// LeNet-5 with ReLU and maximum pooling, as today's studies have it.
  public static let lenetEntry = named(
    "lenet-5",
    "LeNet-5 with ReLU and maximum pooling; 61,706 parameters on 28 x 28 and 10 classes.",
    [
      "convolution:channels=6,kernel=5,padding=2", "relu", "max-pool",
      "convolution:channels=16,kernel=5", "relu", "max-pool", "dense:units=120", "relu",
      "dense:units=84", "relu",
    ],
    citations: [
      Citation(
        ["LeCun", "Bottou", "Bengio", "Haffner"],
        "Gradient-Based Learning Applied to Document Recognition",
        "Proceedings of the IEEE 86", 1998, doi: "10.1109/5.726791")
    ],
    origin: "ReLU and maximum pooling in place of squashing and subsampling: FLPoison's variant.")

  /// ByzFL's convolutional network for MNIST.
  public static let cnnMNISTEntry = named(
    "cnn-mnist",
    "Two convolutions and a dense layer; 431,080 parameters on 28 x 28 and 10 classes.",
    [
      "convolution:channels=20,kernel=5", "relu", "max-pool", "convolution:channels=50,kernel=5",
      "relu", "max-pool", "dense:units=500", "relu",
    ], origin: "ByzFL's cnn_mnist.")

  /// ByzFL's dense network for MNIST.
  public static let denseMNISTEntry = named(
    "fc-mnist", "One hidden layer of 100; 79,510 parameters on 28 x 28 and 10 classes.",
    ["dense:units=100", "relu"], origin: "ByzFL's fc_mnist.", takesAnything: true)

  /// ByzFL's convolutional network for CIFAR.
  public static let cnnCIFAREntry = named(
    "cnn-cifar", "Three convolutions and two dense layers, for images of 32 x 32.",
    [
      "convolution:channels=20,kernel=5,padding=2", "relu", "max-pool",
      "convolution:channels=100,kernel=5,padding=2", "relu", "max-pool",
      "convolution:channels=200,kernel=5,padding=2", "relu", "max-pool", "dense:units=512", "relu",
      "dense:units=256", "relu",
    ], origin: "ByzFL's cnn_cifar.")
}

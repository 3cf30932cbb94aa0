import Datasets

extension PublishedData {
  /// The data sets that can be fetched, by id.
  ///
  /// Sizes and digests are those that TensorFlow Datasets pins (`url_checksums`).
  public static let known: [PublishedData] = [cifarTen, fashionMNIST, kuzushijiMNIST, mnist]

  /// The four files in the order of training images and labels, test images and labels.
  private static func images(_ sizes: [Int], _ digests: [String]) -> [PublishedFile] {
    let names = [
      "train-images-idx3-ubyte.gz", "train-labels-idx1-ubyte.gz", "t10k-images-idx3-ubyte.gz",
      "t10k-labels-idx1-ubyte.gz",
    ]
    return names.indices.map {
      PublishedFile(names[$0], byteCount: sizes[$0], sha256: digests[$0])
    }
  }

  private static let mnist = PublishedData(
    id: "mnist", title: "MNIST: 70,000 handwritten digits, 28 x 28 pixels, gray",
    license: "CC-BY-SA-3.0 as public copies quote it; the holders' own page names none",
    credit: "Y. LeCun, C. Cortes, C. J. C. Burges",
    page: "http://yann.lecun.com/exdb/mnist/",
    mirrors: [
      "https://ossci-datasets.s3.amazonaws.com/mnist/",
      "https://storage.googleapis.com/cvdf-datasets/mnist/",
    ],
    files: images(
      [9_912_422, 28_881, 1_648_877, 4_542],
      [
        "440fcabf73cc546fa21475e81ea370265605f56be210a4024d2ca8f203523609",
        "3552534a0a558bbed6aed32b30c495cca23d567ec52cac8be1a0730e8010255c",
        "8d422c7b0a1c1c79245a5bcf07fe86e33eeafee792b84584aec276f5a2dbc4e6",
        "f7ae60f92e00ec6debd23a6088c31dbd2371eca3ffa0defaefb259924204aec6",
      ]),
    entry: "idx")

  private static let fashionMNIST = PublishedData(
    id: "fashion-mnist", title: "Fashion-MNIST: 70,000 images of clothing, 28 x 28 pixels, gray",
    license: "MIT, Copyright 2017 Zalando SE; its notice is to be kept",
    credit: "H. Xiao, K. Rasul, R. Vollgraf",
    page: "https://github.com/zalandoresearch/fashion-mnist",
    mirrors: [
      "http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/",
      "https://raw.githubusercontent.com/zalandoresearch/fashion-mnist/master/data/fashion/",
    ],
    files: images(
      [26_421_880, 29_515, 4_422_102, 5_148],
      [
        "3aede38d61863908ad78613f6a32ed271626dd12800ba2636569512369268a84",
        "a04f17134ac03560a47e3764e11b92fc97de4d1bfaf8ba1a3aa29af54cc90845",
        "346e55b948d973a97e58d2351dde16a484bd415d4595297633bb08f03db6a073",
        "67da17c76eaffca5446c3361aaab5c3cd6d1c2608764d35dfb1850b086bf8dd5",
      ]),
    entry: "idx")

  private static let kuzushijiMNIST = PublishedData(
    id: "kmnist", title: "Kuzushiji-MNIST: 70,000 cursive characters, 28 x 28 pixels, gray",
    license: "CC-BY-SA-4.0",
    credit: "KMNIST Dataset (created by CODH), adapted from Kuzushiji Dataset (created by NIJL and "
      + "others), doi:10.20676/00000341",
    page: "https://codh.rois.ac.jp/kmnist/",
    mirrors: [
      "https://codh.rois.ac.jp/kmnist/dataset/kmnist/",
      "http://codh.rois.ac.jp/kmnist/dataset/kmnist/",
    ],
    files: images(
      [18_165_135, 29_497, 3_041_136, 5_120],
      [
        "51467d22d8cc72929e2a028a0428f2086b092bb31cfb79c69cc0a90ce135fde4",
        "e38f9ebcd0f3ebcdec7fc8eabdcdaef93bb0df8ea12bee65224341c8183d8e17",
        "edd7a857845ad6bb1d0ba43fe7e794d164fe2dce499a1694695a792adfac43c5",
        "20bb9a0ef54c7db3efc55a92eef5582c109615df22683c380526788f98e42a1c",
      ]),
    entry: "idx")

  private static let cifarTen = PublishedData(
    id: "cifar-10", title: "CIFAR-10: 60,000 photographs in 10 classes, 32 x 32 pixels, color",
    license: "none is stated; taken from the withdrawn Tiny Images",
    credit: "A. Krizhevsky, Learning multiple layers of features from tiny images, 2009",
    page: "https://www.cs.toronto.edu/~kriz/cifar.html",
    mirrors: ["https://www.cs.toronto.edu/~kriz/"],
    files: [
      PublishedFile(
        "cifar-10-binary.tar.gz", byteCount: 170_052_171,
        sha256: "c4a38c50a1bc5f3a1c5537f2155ab9d68f9f25eb1ed8d9ddda3db29a59bca1dd")
    ],
    contents: TapeArchive.Contents(
      folder: "cifar-10-batches-bin",
      sizes: Dictionary(
        uniqueKeysWithValues: ((1...5).map { "data_batch_\($0).bin" } + ["test_batch.bin"]).map {
          ($0, 30_730_000)
        })),
    entry: "cifar-10")
}

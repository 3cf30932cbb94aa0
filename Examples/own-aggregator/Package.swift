// swift-tools-version: 6.2
import PackageDescription

let package = Package(
  name: "OwnAggregator",
  products: [.library(name: "OwnAggregator", targets: ["OwnAggregator"])],
  dependencies: [
    // In a package of your own: .package(url: "https://github.com/OWNER/gauntlet", exact: "VERSION")
    .package(name: "Gauntlet", path: "../..")
  ],
  targets: [
    .target(
      name: "OwnAggregator", dependencies: [.product(name: "Gauntlet", package: "Gauntlet")]),
    .testTarget(
      name: "OwnAggregatorTests",
      dependencies: ["OwnAggregator", .product(name: "Gauntlet", package: "Gauntlet")]),
  ])

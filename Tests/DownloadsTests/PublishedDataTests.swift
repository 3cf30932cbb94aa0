import Components
import Datasets
import Downloads
import Testing

/// What can be fetched.
@Suite struct PublishedDataTests {
  @Test func idsAreSortedAndUnique() {
    let ids = PublishedData.known.map(\.id)
    #expect(ids == ["cifar-10", "fashion-mnist", "kmnist", "mnist"])
  }

  @Test(arguments: PublishedData.known)
  func everythingIsSaid(data: PublishedData) {
    #expect(!data.title.isEmpty && !data.license.isEmpty && !data.credit.isEmpty)
    let entry = builtInDatasets.first { $0.manifest.id.rawValue == data.entry }
    #expect(entry?.manifest.parameters.contains { $0.name == "folder" } == true)
    #expect(!data.mirrors.isEmpty)
    for address in [data.page] + data.mirrors { #expect(address.hasPrefix("http")) }
    for address in data.mirrors { #expect(address.hasSuffix("/")) }
    #expect(Set(data.files.map(\.sha256)).count == data.files.count)
    for file in data.files {
      #expect(file.sha256.allSatisfy { $0.isHexDigit && !$0.isUppercase })
    }
  }
}

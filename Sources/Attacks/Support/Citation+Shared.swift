import Components

// Papers that several attacks or modifiers come from.
extension Citation {
  static let aLittleIsEnough = Citation(
    ["Baruch", "Baruch", "Goldberg"],
    "A little is enough: circumventing defenses for distributed learning", "NeurIPS", 2019,
    arXiv: "1902.06156")

  static let adversarialLens = Citation(
    ["Bhagoji", "Chakraborty", "Mittal", "Calo"],
    "Analyzing federated learning through an adversarial lens", "ICML", 2019,
    arXiv: "1811.12470")

  static let attackOfTheTails = Citation(
    [
      "Wang", "Sreenivasan", "Rajput", "Vishwakarma", "Agarwal", "Sohn", "Lee", "Papailiopoulos",
    ], "Attack of the tails: yes, you really can backdoor federated learning", "NeurIPS", 2020,
    arXiv: "2007.05084")

  static let fallOfEmpires = Citation(
    ["Xie", "Koyejo", "Gupta"],
    "Fall of empires: breaking Byzantine-tolerant SGD by inner product manipulation", "UAI", 2019,
    arXiv: "1903.03936")

  static let fangAttacks = Citation(
    ["Fang", "Cao", "Jia", "Gong"],
    "Local model poisoning attacks to Byzantine-robust federated learning", "USENIX Security",
    2020, arXiv: "1911.11815")

  static let fixingByMixing = Citation(
    ["Allouah", "Farhadkhani", "Guerraoui", "Gupta", "Pinot", "Stephan"],
    "Fixing by mixing: a recipe for optimal Byzantine ML under heterogeneity", "AISTATS", 2023,
    arXiv: "2302.01772")

  static let manipulatingTheByzantine = Citation(
    ["Shejwalkar", "Houmansadr"],
    """
    Manipulating the Byzantine: optimizing model poisoning attacks and defenses for federated \
    learning
    """, "NDSS", 2021, doi: "10.14722/ndss.2021.24498")

  static let modelReplacement = Citation(
    ["Bagdasaryan", "Veit", "Hua", "Estrin", "Shmatikov"], "How to backdoor federated learning",
    "AISTATS", 2020, arXiv: "1807.00459")

  static let neurotoxin = Citation(
    ["Zhang", "Panda", "Song", "Yang", "Mahoney", "Mittal", "Ramchandran", "Gonzalez"],
    "Neurotoxin: durable backdoors in federated learning", "ICML", 2022, arXiv: "2206.10341")
}

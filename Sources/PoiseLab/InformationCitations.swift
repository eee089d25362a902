/// The sources of mutual information, bottleneck and estimators.
extension Citations {
  static let kraskov = Citation(
    key: "kraskov2004estimating", kind: "article",
    authors: ["Alexander Kraskov", "Harald Stögbauer", "Peter Grassberger"],
    title: "Estimating mutual information", year: 2004,
    venue: "Physical Review E 69, 066138", arXiv: "cond-mat/0305641",
    use: "mutual information from nearest neighbours")

  static let chechik = Citation(
    key: "chechik2005information", kind: "article",
    authors: ["Gal Chechik", "Amir Globerson", "Naftali Tishby", "Yair Weiss"],
    title: "Information Bottleneck for Gaussian Variables", year: 2005,
    venue: "Journal of Machine Learning Research 6, pages 165--188", arXiv: nil,
    use: "the Gaussian bottleneck curve")

  static let pairwise = Citation(
    key: "kolchinsky2017estimating", kind: "article",
    authors: ["Artemy Kolchinsky", "Brendan D. Tracey"],
    title: "Estimating Mixture Entropy with Pairwise Distances", year: 2017,
    venue: "Entropy 19, 361", arXiv: "1706.02419",
    use: "bounds of information from pairwise distances")

  static let tannerUghi = Citation(
    key: "tanner2021mutual", kind: "article",
    authors: ["Jared Tanner", "Giuseppe Ughi"],
    title: "Mutual Information of Neural Network Initialisations: Mean Field Approximations",
    year: 2021, venue: "IEEE International Symposium on Information Theory", arXiv: "2102.04374",
    use: "lower bounds of the information between input and layers")

  static let weng = Citation(
    key: "weng2022statistical", kind: "article",
    authors: ["Kangyu Weng", "Aohua Cheng", "Ziyang Zhang", "Pei Sun", "Yang Tian"],
    title: "Statistical Physics of Deep Neural Networks: Initialization toward Optimal Channels",
    year: 2022, venue: "arXiv preprint", arXiv: "2212.01744",
    use: "corrected mean field, information at dynamical isometry")
}

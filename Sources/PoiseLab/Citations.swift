/// A source behind the numbers of Poise.
public struct Citation: Sendable, Equatable {
  /// Key of the BibTeX entry.
  public let key: String
  /// BibTeX type: article, inproceedings, book, software.
  public let kind: String
  /// Full names, in order.
  public let authors: [String]
  /// Title of the work, in full.
  public let title: String
  /// Year of publication.
  public let year: Int
  /// Journal, proceedings or publisher.
  public let venue: String
  /// Number on arXiv, if it is there.
  public let arXiv: String?
  /// What Poise takes from it.
  public let use: String

  /// `Poole et al. 2016`, as in running text.
  public var short: String {
    let names = authors.map { $0.split(separator: " ").last.map(String.init) ?? $0 }
    switch names.count {
    case 0: return "\(year)"
    case 1: return "\(authors[0].hasPrefix("The ") ? authors[0] : names[0]) \(year)"
    case 2: return "\(names[0]) and \(names[1]) \(year)"
    default: return "\(names[0]) et al. \(year)"
    }
  }

  /// Address of the abstract, if it is on arXiv.
  public var address: String? { arXiv.map { "https://arxiv.org/abs/\($0)" } }

  /// The entry for a bibliography.
  public var bibTeX: String {
    let place =
      switch kind {
      case "article": "journal"
      case "inproceedings", "incollection": "booktitle"
      default: "publisher"
      }
    let names = authors.map { $0.hasPrefix("The ") ? "{\($0)}" : $0 }.joined(separator: " and ")
    var fields = [
      ("author", names), ("title", "{\(title)}"), ("year", "\(year)"),
    ]
    if !venue.isEmpty { fields.append((place, venue)) }
    if let arXiv {
      fields += [("eprint", arXiv), ("archivePrefix", "arXiv")]
    }
    if kind == "software" { fields.append(("version", PoiseVersion.current)) }
    let lines = fields.map { "  \($0.0) = {\($0.1)}" }.joined(separator: ",\n")
    return "@\(kind){\(key),\n\(lines)\n}"
  }
}

/// All sources, and which verb rests on which.
public enum Citations {
  /// Every source, oldest first, Poise last.
  public static let all: [Citation] = named.sorted { $0.year < $1.year } + [poise]

  private static let named: [Citation] = [
    adam, leCun, glorot, saxe, he, poole, schoenholz, isometry, universality, jacot, hanin, hayou,
    principles,
    williams, choSaul, lee, matthews, tsuchida, novak,
    kraskov, chechik, pairwise, tannerUghi, weng,
    belinschi, bordenave, qu,
    chambers, koutrouvelis, mcCulloch, zolotarev, vuong, nolan, clauset,
    backPropagatingKernel, bayesianInterpolation, effectiveAction,
  ]

  /// Verbs that rest on papers, each with its own.
  private static let byVerb: [(verb: String, sources: [Citation])] =
    [
      (
        "advise",
        [
          leCun, glorot, saxe, he, poole, schoenholz, isometry, universality, jacot, hanin, hayou,
          principles,
        ]
      ),
      ("phase", [poole, schoenholz, hayou, principles, qu]),
      ("propagate", [poole, schoenholz, hayou, principles]),
      ("spectrum", [saxe, isometry, universality, belinschi, qu]),
      ("kernel", [williams, choSaul, lee, matthews, jacot, tsuchida, novak]),
      ("information", ofInformation), ("information estimate", ofInformation),
      ("information bottleneck", ofInformation),
      ("tails", [belinschi, bordenave, qu]), ("tails geometry", [belinschi, bordenave, qu]),
      ("stable", [chambers, koutrouvelis, mcCulloch, zolotarev, vuong, nolan, clauset]),
      ("posterior", [backPropagatingKernel, effectiveAction, bayesianInterpolation]),
      ("train", [saxe, adam, qu, pairwise]),
    ]

  private static let ofInformation = [kraskov, chechik, pairwise, tannerUghi, weng]

  /// Verbs that ``forVerb(_:)`` knows.
  public static var verbs: [String] {
    byVerb.map(\.verb) + ["reproduce"] + Studies.all.map { "reproduce \($0.name)" }
  }

  /// The sources of a verb; Poise itself is always the last.
  public static func forVerb(_ verb: String) -> [Citation] {
    let sources = byVerb.first { $0.verb == verb }?.sources ?? ofStudies(verb)
    return sources.filter { $0 != poise } + [poise]
  }

  /// The sources of one study, or of all. Studies may name the sources of a verb as theirs, so these are
  /// no part of the list above.
  private static func ofStudies(_ verb: String) -> [Citation] {
    guard verb == "reproduce" else { return Studies.citations(ofVerb: verb) }
    return all.filter { one in Studies.all.contains { $0.citations.contains(one) } }
  }

  /// The entries of a verb as one BibTeX file.
  public static func bibTeX(forVerb verb: String) -> String {
    forVerb(verb).map(\.bibTeX).joined(separator: "\n\n") + "\n"
  }

  static let adam = Citation(
    key: "kingma2015adam", kind: "inproceedings", authors: ["Diederik P. Kingma", "Jimmy Ba"],
    title: "Adam: A Method for Stochastic Optimization", year: 2015,
    venue: "International Conference on Learning Representations", arXiv: "1412.6980",
    use: "the optimiser adam of poise train")

  static let williams = Citation(
    key: "williams1997computing", kind: "inproceedings", authors: ["Christopher K. I. Williams"],
    title: "Computing with Infinite Networks", year: 1997,
    venue: "Advances in Neural Information Processing Systems 9", arXiv: nil,
    use: "kernel of an infinitely wide layer of error functions")

  static let choSaul = Citation(
    key: "cho2009kernel", kind: "inproceedings", authors: ["Youngmin Cho", "Lawrence K. Saul"],
    title: "Kernel Methods for Deep Learning", year: 2009,
    venue: "Advances in Neural Information Processing Systems 22", arXiv: nil,
    use: "arc-cosine kernels of relu layers")

  static let lee = Citation(
    key: "lee2018deep", kind: "inproceedings",
    authors: [
      "Jaehoon Lee", "Yasaman Bahri", "Roman Novak", "Samuel S. Schoenholz",
      "Jeffrey Pennington", "Jascha Sohl-Dickstein",
    ],
    title: "Deep Neural Networks as Gaussian Processes", year: 2018,
    venue: "International Conference on Learning Representations", arXiv: "1711.00165",
    use: "NNGP kernels of deep networks and regression with them")

  static let matthews = Citation(
    key: "matthews2018gaussian", kind: "inproceedings",
    authors: [
      "Alexander G. de G. Matthews", "Mark Rowland", "Jiri Hron", "Richard E. Turner",
      "Zoubin Ghahramani",
    ],
    title: "Gaussian Process Behaviour in Wide Deep Neural Networks", year: 2018,
    venue: "International Conference on Learning Representations", arXiv: "1804.11271",
    use: "convergence of wide networks to the NNGP")

  static let tsuchida = Citation(
    key: "tsuchida2021avoiding", kind: "inproceedings",
    authors: [
      "Russell Tsuchida", "Tim Pearce", "Chris van der Heide", "Fred Roosta",
      "Marcus Gallagher",
    ],
    title: "Avoiding Kernel Fixed Points: Computing with ELU and GELU Infinite Networks",
    year: 2021, venue: "AAAI Conference on Artificial Intelligence 35", arXiv: "2002.08517",
    use: "kernels of gelu and elu layers")

  static let novak = Citation(
    key: "novak2020neural", kind: "inproceedings",
    authors: [
      "Roman Novak", "Lechao Xiao", "Jiri Hron", "Jaehoon Lee", "Alexander A. Alemi",
      "Jascha Sohl-Dickstein", "Samuel S. Schoenholz",
    ],
    title: "Neural Tangents: Fast and Easy Infinite Neural Networks in Python", year: 2020,
    venue: "International Conference on Learning Representations", arXiv: "1912.02803",
    use: "the conventions that the kernels are also given in")
  static let chambers = Citation(
    key: "chambers1976method", kind: "article",
    authors: ["John M. Chambers", "Colin L. Mallows", "B. W. Stuck"],
    title: "A Method for Simulating Stable Random Variables", year: 1976,
    venue: "Journal of the American Statistical Association 71, pages 340--344", arXiv: nil,
    use: "samples of stable laws")

  static let koutrouvelis = Citation(
    key: "koutrouvelis1980regression", kind: "article", authors: ["Ioannis A. Koutrouvelis"],
    title: "Regression-Type Estimation of the Parameters of Stable Laws", year: 1980,
    venue: "Journal of the American Statistical Association 75, pages 918--928", arXiv: nil,
    use: "fits by the empirical characteristic function")

  static let mcCulloch = Citation(
    key: "mcculloch1986simple", kind: "article", authors: ["J. Huston McCulloch"],
    title: "Simple Consistent Estimators of Stable Distribution Parameters", year: 1986,
    venue: "Communications in Statistics: Simulation and Computation 15, pages 1109--1136",
    arXiv: nil, use: "fits by quantiles")

  static let zolotarev = Citation(
    key: "zolotarev1986one", kind: "book", authors: ["Vladimir M. Zolotarev"],
    title: "One-dimensional Stable Distributions", year: 1986,
    venue: "Translations of Mathematical Monographs 65, American Mathematical Society", arXiv: nil,
    use: "integral representation of stable laws")

  static let vuong = Citation(
    key: "vuong1989likelihood", kind: "article", authors: ["Quang H. Vuong"],
    title: "Likelihood Ratio Tests for Model Selection and Non-Nested Hypotheses", year: 1989,
    venue: "Econometrica 57, pages 307--333", arXiv: nil, use: "comparison of laws")

  static let nolan = Citation(
    key: "nolan1997numerical", kind: "article", authors: ["John P. Nolan"],
    title: "Numerical calculation of stable densities and distribution functions", year: 1997,
    venue: "Communications in Statistics: Stochastic Models 13, pages 759--774", arXiv: nil,
    use: "parametrisation S0, densities of stable laws")

  static let clauset = Citation(
    key: "clauset2009power", kind: "article",
    authors: ["Aaron Clauset", "Cosma Rohilla Shalizi", "M. E. J. Newman"],
    title: "Power-Law Distributions in Empirical Data", year: 2009,
    venue: "SIAM Review 51, pages 661--703", arXiv: "0706.1062", use: "power-law tails")

  static let leCun = Citation(
    key: "lecun1998efficient", kind: "incollection",
    authors: ["Yann LeCun", "Léon Bottou", "Genevieve B. Orr", "Klaus-Robert Müller"],
    title: "Efficient BackProp", year: 1998,
    venue: "Neural Networks: Tricks of the Trade, Lecture Notes in Computer Science 1524, Springer",
    arXiv: nil, use: "the preset lecun_normal")

  static let glorot = Citation(
    key: "glorot2010understanding", kind: "inproceedings",
    authors: ["Xavier Glorot", "Yoshua Bengio"],
    title: "Understanding the difficulty of training deep feedforward neural networks", year: 2010,
    venue: "Proceedings of AISTATS, PMLR 9, pages 249--256", arXiv: nil,
    use: "the presets xavier_uniform and xavier_normal")

  static let saxe = Citation(
    key: "saxe2013exact", kind: "inproceedings",
    authors: ["Andrew M. Saxe", "James L. McClelland", "Surya Ganguli"],
    title: "Exact solutions to the nonlinear dynamics of learning in deep linear neural networks",
    year: 2013, venue: "International Conference on Learning Representations",
    arXiv: "1312.6120", use: "orthogonal initialisation")

  static let he = Citation(
    key: "he2015delving", kind: "inproceedings",
    authors: ["Kaiming He", "Xiangyu Zhang", "Shaoqing Ren", "Jian Sun"],
    title: "Delving Deep into Rectifiers: Surpassing Human-Level Performance on ImageNet "
      + "Classification", year: 2015,
    venue: "IEEE International Conference on Computer Vision", arXiv: "1502.01852",
    use: "the presets he_uniform and he_normal")

  static let poole = Citation(
    key: "poole2016exponential", kind: "inproceedings",
    authors: [
      "Ben Poole", "Subhaneil Lahiri", "Maithra Raghu", "Jascha Sohl-Dickstein", "Surya Ganguli",
    ],
    title: "Exponential expressivity in deep neural networks through transient chaos", year: 2016,
    venue: "Advances in Neural Information Processing Systems 29", arXiv: "1606.05340",
    use: "length and correlation maps, χ₁, order and chaos")

  static let schoenholz = Citation(
    key: "schoenholz2017deep", kind: "inproceedings",
    authors: [
      "Samuel S. Schoenholz", "Justin Gilmer", "Surya Ganguli", "Jascha Sohl-Dickstein",
    ],
    title: "Deep Information Propagation", year: 2017,
    venue: "International Conference on Learning Representations", arXiv: "1611.01232",
    use: "depth scales, growth of gradients")

  static let isometry = Citation(
    key: "pennington2017resurrecting", kind: "inproceedings",
    authors: ["Jeffrey Pennington", "Samuel S. Schoenholz", "Surya Ganguli"],
    title: "Resurrecting the sigmoid in deep learning through dynamical isometry: theory and "
      + "practice", year: 2017,
    venue: "Advances in Neural Information Processing Systems 30", arXiv: "1711.04735",
    use: "spread of singular values, small q* with orthogonal weights")

  static let universality = Citation(
    key: "pennington2018emergence", kind: "inproceedings",
    authors: ["Jeffrey Pennington", "Samuel S. Schoenholz", "Surya Ganguli"],
    title: "The Emergence of Spectral Universality in Deep Networks", year: 2018,
    venue: "Proceedings of AISTATS, PMLR 84", arXiv: "1802.09979",
    use: "singular values of deep Jacobians")

  static let jacot = Citation(
    key: "jacot2018neural", kind: "inproceedings",
    authors: ["Arthur Jacot", "Franck Gabriel", "Clément Hongler"],
    title: "Neural Tangent Kernel: Convergence and Generalization in Neural Networks", year: 2018,
    venue: "Advances in Neural Information Processing Systems 31", arXiv: "1806.07572",
    use: "the tangent kernel; learning rate from its largest eigenvalue")

  static let hanin = Citation(
    key: "hanin2018products", kind: "article", authors: ["Boris Hanin", "Mihai Nica"],
    title: "Products of Many Large Random Matrices and Gradients in Deep Neural Networks",
    year: 2018, venue: "Communications in Mathematical Physics 376 (2020)", arXiv: "1812.05994",
    use: "fluctuations of gradients, depth over width")

  static let hayou = Citation(
    key: "hayou2019impact", kind: "inproceedings",
    authors: ["Soufiane Hayou", "Arnaud Doucet", "Judith Rousseau"],
    title: "On the Impact of the Activation Function on Deep Neural Networks Training", year: 2019,
    venue: "Proceedings of ICML, PMLR 97", arXiv: "1902.06853",
    use: "the edge of chaos for other activations, convergence on it")

  static let principles = Citation(
    key: "roberts2021principles", kind: "book",
    authors: ["Daniel A. Roberts", "Sho Yaida", "Boris Hanin"],
    title: "The Principles of Deep Learning Theory", year: 2021,
    venue: "Cambridge University Press", arXiv: "2106.10165",
    use: "corrections of order 1/width")

  static let belinschi = Citation(
    key: "belinschi2009spectral", kind: "article",
    authors: ["Serban Belinschi", "Amir Dembo", "Alice Guionnet"],
    title: "Spectral Measure of Heavy Tailed Band and Covariance Random Matrices", year: 2009,
    venue: "Communications in Mathematical Physics 289", arXiv: "0811.1587",
    use: "singular values of a layer with stable weights")

  static let bordenave = Citation(
    key: "bordenave2013localization", kind: "article",
    authors: ["Charles Bordenave", "Alice Guionnet"],
    title: "Localization and Delocalization of Eigenvectors for Heavy-Tailed Random Matrices",
    year: 2013, venue: "Probability Theory and Related Fields 157", arXiv: "1201.1862",
    use: "where vectors of stable matrices are extended")

  static let qu = Citation(
    key: "qu2022extended", kind: "article",
    authors: ["Cheng Kevin Qu", "Asem Wardak", "Pulin Gong"],
    title: "Extended Critical Regimes of Deep Neural Networks", year: 2022,
    venue: "arXiv preprint", arXiv: "2203.12967",
    use: "mean field and Jacobians of networks with stable weights")
  static let backPropagatingKernel = Citation(
    key: "li2021statistical", kind: "article", authors: ["Qianyi Li", "Haim Sompolinsky"],
    title: "Statistical Mechanics of Deep Linear Neural Networks: The Backpropagating Kernel "
      + "Renormalization", year: 2021, venue: "Physical Review X 11, 031059", arXiv: "2012.04030",
    use: "order parameters, errors and layer kernels of what deep linear networks learn")

  static let effectiveAction = Citation(
    key: "pacelli2023statistical", kind: "article",
    authors: [
      "Rosalba Pacelli", "Sebastiano Ariosto", "Mauro Pastore", "Francesco Ginelli",
      "Marco Gherardi", "Pietro Rotondo",
    ],
    title: "A statistical mechanics framework for Bayesian deep neural networks beyond the "
      + "infinite-width limit", year: 2023, venue: "Nature Machine Intelligence 5", arXiv: nil,
    use: "effective action of activations that are not linear")

  static let bayesianInterpolation = Citation(
    key: "hanin2023bayesian", kind: "article", authors: ["Boris Hanin", "Alexander Zlokapa"],
    title: "Bayesian interpolation with deep linear networks", year: 2023,
    venue: "Proceedings of the National Academy of Sciences 120", arXiv: nil,
    use: "the exact posterior of deep linear networks at zero temperature")

  static let poise = Citation(
    key: "poise", kind: "software", authors: ["The Poise authors"],
    title: "Poise: statistical physics of deep networks, theory against finite networks",
    year: 2026, venue: "", arXiv: nil, use: "this program")
}

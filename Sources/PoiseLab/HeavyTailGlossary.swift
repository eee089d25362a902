extension Glossary {
  private static let note = "docs/theory/heavy-tails.md"
  private static let qu = "Qu, Wardak and Gong 2022, arXiv:2203.12967"

  /// Quantities of networks with stable weights.
  static let heavyTails: [Entry] = [
    Entry(
      name: "stableLength", symbol: "q* (α)", title: "Length with stable weights",
      summary: "The α-th power of the scale of a preactivation; at α = 2 its variance.",
      equation: "q' = V(q) = σ_w^α E|φ(q^{1/α} Z)|^α + σ_b^α,  E e^{itZ} = e^{−|t|^α/2}",
      meaning:
        "At α < 2 it is above 0 for every σ_w, and may be 10^(−1000): ln q* is what is kept.",
      assumptions: "infinite width; φ grows slower than its argument", source: "\(qu); \(note)",
      library: "HeavyTailMeanField.fixedLength"),
    Entry(
      name: "criticalScale", symbol: "σ_c(N)", title: "Scale below which signals die",
      summary: "The scale at which a small signal neither grows nor dies at width N. Exact.",
      equation: "σ_c(N) = e^{−m_N},  m_N = (1/α) E ln[(1/N) Σ |φ′(0) W̃_i|^α]",
      meaning: "Below it a deep network of this width is silent, whatever q* says; it falls like "
        + "(ln N)^(−1/α).",
      assumptions: "small signals, so that φ is linear on each side of 0; any depth",
      source: note, library: "FiniteWidthGrowth.criticalScale"),
    Entry(
      name: "lyapunov", symbol: "λ", title: "Lyapunov exponent of a pool",
      summary: "Growth per layer of the logarithm of a small difference between inputs.",
      equation: "λ = lim ln(T^l/T^0)/l,  (T^l)^α = σ_w^α E|φ′(h)ξ|^α over the joint law of (h, ξ)",
      meaning:
        "Below 0 inputs become alike, above 0 they part. At α < 2 it depends on the pool like "
        + "1/ln P.",
      assumptions: "infinite width by a pool of P units", source: "\(qu); \(note)",
      library: "PopulationDynamics.lyapunovExponent"),
    Entry(
      name: "stableDensity", symbol: "f(s)", title: "Singular values of one layer's Jacobian",
      summary: "Density of the singular values of D W with stable weights.",
      equation: "Y = γ a E[κ g(κw)],  w = a g(Y),  f(s) = −(2/πs) Im h(Y)",
      meaning: "Its tail B s^(−1−α) is that of the largest weights: ⟨s²⟩ diverges for α < 2. In a "
        + "layer a large weight saturates its own unit, and the tail is B₂ s^(−2−α).",
      assumptions: "infinite width; slopes independent of the weights",
      source: "Belinschi, Dembo and Guionnet 2009, arXiv:0811.1587; \(note)",
      library: "StableJacobianLaw"),
    Entry(
      name: "meanLogSquare", symbol: "E ln s²", title: "Geometric gain of one layer",
      summary: "Growth of volumes: the mean logarithm of squared singular values.",
      equation: "E ln s² = 2 E ln|φ′(h)| + 2 ln σ_w + g(α),  g(2) = −1",
      meaning: "At most −1 for tanh; −∞ for tanh at α ≤ 1, where saturated units dominate.",
      assumptions: "square layers, infinite width", source: note, library: "GeometricGain"),
    Entry(
      name: "variation", symbol: "CV", title: "Unevenness of stretching",
      summary: "Standard deviation over mean of distances between neighbours on a curve of inputs.",
      equation: "CV = sd d_k/mean d_k,  d_k = |h(θ_{k+1}) − h(θ_k)|",
      meaning: "0 where all arcs are stretched alike, above 1 where a few arcs take most of it: "
        + "the mark of heavy tails.",
      assumptions: "a finite network; depends on its width at α < 2", source: "\(qu); \(note)",
      library: "CircularManifold.Image.variation"),
    Entry(
      name: "effectiveDimension", symbol: "ED", title: "Effective dimension",
      summary: "How many principal components a set of points fills.",
      equation: "ED = (tr C)²/tr C²", meaning: "1 for a line, n for an even cloud in n dimensions.",
      assumptions: "C centred unless asked otherwise", source: note,
      library: "PrincipalComponents.effectiveDimension"),
    Entry(
      name: "multifractalDimension", symbol: "D_q", title: "Multifractal dimension of a vector",
      summary: "How spread out a singular vector or eigenvector is.",
      equation: "D_q = ln[Σ|v|^{2q}/(Σ|v|²)^q]/((1 − q) ln N)",
      meaning: "1 for an even vector, 0 for one on a single unit; random vectors lie below 1 by "
        + "about 1/ln N.",
      assumptions: "a finite network of width N", source: "\(qu); \(note)",
      library: "MultifractalDimension, SingularVectorDimensions"),
    Entry(
      name: "mobilityEdge", symbol: "s*", title: "Mobility edge",
      summary: "The singular value beyond which singular vectors are localised.",
      equation: "zero of the mean growth of ln Δ per sweep of the linearised cavity equations",
      meaning: "A pool of P shifts it like 1/ln²P; the limit is extrapolated from doubling pools.",
      assumptions: "infinite width by a pool of P rows and columns of K neighbours",
      source: "\(qu); \(note)", library: "Localization.mobilityEdge"),
    Entry(
      name: "rawFloor", symbol: "raw floor", title: "Raw floor",
      summary:
        "The scale at which the median over networks of the mean squared singular value is 1.",
      equation:
        "median of (1/N) tr JᵀJ = σ_w² (C E κ)^(2/α) N^(2/α−1) · median of a one-sided stable law",
      meaning: "A few rare weights decide it at α < 2; at α = 2 it is χ₁ = 1.",
      assumptions: "width N; slopes independent of the weights, which real layers are not",
      source: note,
      library: "HeavyTailMeanField.rawFloorScale"),
    Entry(
      name: "delocalizedSusceptibility", symbol: "χ_deloc", title: "Delocalised susceptibility",
      summary: "The mean squared singular value that extended singular vectors carry.",
      equation: "χ_deloc = ∫₀^s* s² f(s) ds",
      meaning: "χ_deloc = 1 is one of five boundaries; χ₁ at α = 2.",
      assumptions: "mobility edge of a pool P; slopes independent of the weights",
      source: "\(qu); \(note)", library: "DelocalizedSusceptibility"),
  ]
}

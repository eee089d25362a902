public import PoiseNumerics

/// What the quantities of Poise mean (`poise explain`).
public enum Glossary {
  /// One quantity.
  public struct Entry: Codable, Sendable, Equatable {
    /// Name on the command line and in JSON.
    public let name: String
    /// Symbol, as tables print it.
    public let symbol: String
    /// Name in words.
    public let title: String
    /// One line.
    public let summary: String
    /// What defines or computes it, in plain text.
    public let equation: String
    /// How to read its value.
    public let meaning: String
    /// What must hold for the equation.
    public let assumptions: String
    /// Paper, or page of the documentation.
    public let source: String
    /// Where it stands in the Swift library.
    public let library: String
  }

  /// The entry of a name or symbol, case and punctuation aside.
  /// - Throws: `unknownName` with all names.
  public static func entry(_ name: String) throws(PoiseError) -> Entry {
    let wanted = plain(name)
    if let found = entries.first(where: { plain($0.name) == wanted || plain($0.symbol) == wanted })
    {
      return found
    }
    throw PoiseError(
      .unknownName, quantity: "quantity", value: name,
      allowed: entries.map(\.name).joined(separator: ", "),
      suggestion: entries.first { plain($0.name).hasPrefix(wanted.prefix(3)) }?.name ?? "")
  }

  private static func plain(_ text: String) -> String {
    String(text.lowercased().filter { $0.isLetter || $0.isNumber || $0 == "*" })
  }

  private static let wide = "infinite width; weights and biases independent of the data"
  private static let poole = "Poole et al. 2016, arXiv:1606.05340"
  private static let schoenholz = "Schoenholz et al. 2017, arXiv:1611.01232"

  /// All quantities.
  public static let entries = general + heavyTails

  private static let general: [Entry] = [
    Entry(
      name: "length", symbol: "q", title: "Length",
      summary: "Mean squared preactivation of a layer.",
      equation: "q' = V(q) = σ_w² E φ(√q z)² + σ_b²",
      meaning:
        "q* is where it settles, q = 0 where signals die out; for some activations there are "
        + "several fixed points, or lengths grow without bound.",
      assumptions: wide, source: poole, library: "MeanField.lengthMap, FixedPoint.length"),
    Entry(
      name: "chi1", symbol: "χ₁", title: "Susceptibility of a small distance, and of a gradient",
      summary: "Growth per layer of a small squared distance between two inputs.",
      equation: "χ₁ = σ_w² E φ′(√q* z)²",
      meaning: "Below 1 ordered: inputs become alike and gradients vanish. Above 1 chaotic: inputs "
        + "part and gradients explode. At 1 the edge of chaos.",
      assumptions: wide, source: schoenholz, library: "FixedPoint.chi1, LengthMap.chi1(_:)"),
    Entry(
      name: "chiQ", symbol: "χ_q", title: "Susceptibility of the length",
      summary: "Growth per layer of a small deviation of the length from q*.",
      equation: "χ_q = V′(q*) = σ_w² E u φ(u) φ′(u)/q*,  u = √q* z",
      meaning: "Below 1 the length attracts. At a half-stable point χ₁ = χ_q = 1.",
      assumptions: wide, source: poole, library: "FixedPoint.chiQ, LengthMap.slope(_:)"),
    Entry(
      name: "lengthDepth", symbol: "ξ_q", title: "Depth scale of the length",
      summary: "Layers over which lengths settle.", equation: "ξ_q = −1/ln χ_q",
      meaning: "Infinite at χ_q = 1; none where the fixed point repels.",
      assumptions: wide, source: schoenholz, library: "FixedPoint.lengthDepth"),
    Entry(
      name: "correlationDepth", symbol: "ξ_c", title: "Depth scale of correlations",
      summary: "Layers over which the correlation of two inputs settles at c*.",
      equation: "ξ_c = −1/ln C′(c*)",
      meaning: "How deep a signal survives: networks a few ξ_c deep can train, much deeper ones "
        + "cannot. Infinite at the edge of chaos.",
      assumptions: wide, source: schoenholz, library: "FixedPoint.correlationDepth"),
    Entry(
      name: "correlation", symbol: "c*", title: "Fixed point of the correlation map",
      summary: "Correlation to which any two inputs tend.",
      equation: "C(c) = (σ_w² E φ(u_a)φ(u_b) + σ_b²)/q*,  C(c*) = c*",
      meaning: "1 in the ordered phase; below 1 in the chaotic phase, and always with dropout.",
      assumptions: wide, source: poole, library: "FixedPoint.correlation, CorrelationMap"),
    Entry(
      name: "gap", symbol: "1 − c", title: "Correlation gap",
      summary: "How far two inputs are from parallel.",
      equation: "q' e' = σ_w² q ∫₀^θ E[φ′φ′] sin t dt,  cos θ = 1 − e",
      meaning: "Kept instead of c, so that the smallest differences keep all digits. On the "
        + "critical line e decays as β/layer.",
      assumptions: wide, source: "\(schoenholz); derivation in docs/theory/mean-field.md",
      library: "CorrelationMap.nextGap(_:)"),
    Entry(
      name: "edgeOfChaos", symbol: "χ₁ = 1", title: "Edge of chaos",
      summary: "The variances at which gradients neither vanish nor explode.",
      equation: "σ_w²(q) = 1/E φ′²,  σ_b²(q) = q − E φ²/E φ′²",
      meaning: "A line for most activations, one point for homogeneous ones, absent for softplus.",
      assumptions: wide, source: schoenholz, library: "EdgeOfChaos, NetworkEnsemble.atEdgeOfChaos"),
    Entry(
      name: "jacobianSpread", symbol: "v", title: "Spread of the Jacobian",
      summary: "Variance of the squared singular values of J over the square of their mean.",
      equation: "v = Σ_l (μ₂/μ₁² − 1 − s₁),  s₁ = −1 independent entries, 0 orthogonal",
      meaning:
        "Dynamical isometry is v of order 1 at any depth. Independent entries have v ≥ depth.",
      assumptions: "\(wide); D and W asymptotically free",
      source: "Pennington, Schoenholz and Ganguli 2017, arXiv:1711.04735",
      library: "JacobianFluctuations.spread(_:)"),
    Entry(
      name: "isometry", symbol: "v = 1", title: "Dynamical isometry",
      summary: "All singular values of the Jacobian stay together at any depth.",
      equation: "L r(q) = v,  r = Var φ′²/(E φ′²)²,  on the edge of chaos",
      meaning: "Orthogonal weights only: the critical length falls with depth, like 1/√L for tanh.",
      assumptions: "\(wide); D and W asymptotically free",
      source: "Pennington, Schoenholz and Ganguli 2018, arXiv:1802.09979",
      library: "Isometry.criticalPoint(of:depth:relativeVariance:)"),
    Entry(
      name: "singularValues", symbol: "ρ(s)", title: "Singular values of the Jacobian",
      summary: "Their whole law at finite depth: density per ln s, quantiles, edges, atoms.",
      equation: "ln z = ln(1+m) − ln m + L [ln σ_w² + ln w + ln m − o ln(1+m)],  m = E f/(w − f)",
      meaning: "Directions at small s are forgotten, those at large s amplified; s = 0 is lost.",
      assumptions: "\(wide); D and W asymptotically free",
      source: "Pennington, Schoenholz and Ganguli 2018, arXiv:1802.09979; "
        + "docs/theory/jacobian-spectrum.md", library: "JacobianSpectrum"),
    Entry(
      name: "volumeRate", symbol: "E ln s", title: "Volume rate",
      summary: "Mean logarithm of the singular values that are not 0.",
      equation: "½ Σ_l (ln σ_w² + E ln φ′² − 1),  without the −1 for orthogonal weights",
      meaning: "Growth of the volume of a small ball of inputs, per dimension.",
      assumptions: "\(wide); square layers for this formula",
      source: "docs/theory/jacobian-spectrum.md", library: "JacobianSpectrum.volumeRate"),
    Entry(
      name: "logJacobianVariance", symbol: "Var ln|Ju|²", title: "Finite-width spread of gradients",
      summary: "Variance over networks of the log of a squared gradient norm.",
      equation: "Σ_l (A + 2GB + G²C)/N_l",
      meaning: "Below 0.5 the width is fine for the depth, above 1 too small: training stalls.",
      assumptions: "leading order in 1/width; a generic direction u",
      source: "Hanin and Nica 2018, arXiv:1812.05994; docs/theory/finite-width.md",
      library: "JacobianFluctuations.logVariance(_:before:)"),
    Entry(
      name: "logGradientFactor", symbol: "ln |g¹|²/|g^L|²", title: "Gradient factor",
      summary: "Log of the growth of a squared gradient from the last layer to the first.",
      equation: "Σ_l ln χ₁(q_l)", meaning: "Within about ±5 trains alike; beyond ±9 does not.",
      assumptions: wide, source: schoenholz, library: "AdviceResult.Candidate.logGradientFactor"),
    Entry(
      name: "orderParameter", symbol: "q_l", title: "Order parameter of a layer",
      summary: "Factor by which learning in the layers above multiplies the kernel of layer l.",
      equation: "N_l (1 − q_l/σ_{l+1}²) = D(s) − E(s) = B for every l,  s = q_1⋯q_L",
      meaning: "Its prior mean is σ_{l+1}². Above it: labels stronger than the prior expects.",
      assumptions: "squared loss, Gaussian prior, equilibrium at temperature T",
      source: "Li and Sompolinsky 2021, arXiv:2012.04030; docs/theory/posterior.md",
      library: "DeepPosterior.renormalization"),
    Entry(
      name: "labelStrength", symbol: "r_0", title: "Label strength",
      summary: "Mean squared label per direction, in units of the kernel.",
      equation: "r_0 = Yᵀ K₀⁻¹ Y/P",
      meaning: "Error falls with width where σ^{2L} < r_0 and grows where it exceeds it (T = 0).",
      assumptions: "rank rule: eigenvalues below 1e-12 of the largest count as zero",
      source: "Li and Sompolinsky 2021, arXiv:2012.04030",
      library: "KernelModes.labelStrength"),
    Entry(
      name: "testError", symbol: "ε", title: "Error of a sampled network",
      summary: "Mean squared test error of one network drawn from the posterior.",
      equation: "ε = (f̄ − y)² + V,  f̄ = s k_xᵀ(sK₀ + T)⁻¹Y,  V = sK(x,x) − s²k_xᵀ(sK₀ + T)⁻¹k_x",
      meaning: "The first part stays when many networks are averaged, the second does not.",
      assumptions: "exact for linear networks at any width after averaging over s",
      source: "docs/theory/posterior.md", library: "DeepPosterior.predict(_:)"),
    Entry(
      name: "alignment", symbol: "A_l", title: "Part of a layer's kernel along the labels",
      summary: "How much of the kernel of layer l points along the labels.",
      equation: "A_l = yᵀ K̃_l y/|y|²,  K̃_l = X_lᵀX_l/N_l",
      meaning: "Grows with depth where layers have learned the labels; of order α.",
      assumptions: "deep linear network; saddle point", source: "docs/theory/posterior.md",
      library: "LayerKernels.alignment(with:)"),
    Entry(
      name: "correlationDecay", symbol: "β", title: "Decay of correlations on the critical line",
      summary: "The gap of two inputs decays as β/layer.", equation: "β = 2μ₁/(q E φ″²)",
      meaning: "Depth over which different inputs stay distinguishable; absent where φ′ jumps.",
      assumptions: "\(wide); φ′ continuous", source: "Hayou et al. 2019, arXiv:1902.06853",
      library: "EdgeOfChaos.correlationDecayCoefficient(atLength:)"),
    Entry(
      name: "information", symbol: "I", title: "Information that a layer carries",
      summary: "Mutual information between the input and a noisy layer, nats per neuron.",
      equation: "I = h(hˡ) − h(hˡ|x),  exact for wide layers by the replica formula",
      meaning: "Depends on where noise enters: always say the convention. Infinite without noise.",
      assumptions: "\(wide); weights known; components of the input independent and alike",
      source: "Gabrié et al. 2018, arXiv:1805.09785; docs/theory/information.md",
      library: "NetworkChannel.replicaInformation(atLayer:)"),
    Entry(
      name: "linearInformation", symbol: "I_lin", title: "Linearly decodable information",
      summary: "What the best linear estimator of the input finds in a layer: a lower bound.",
      equation: "−½ ln(1 − ρ²),  ρ² = σ_x² σ_w^2l Π (E φ′)²/c  (orthogonal weights)",
      meaning: "This, not the whole information, is what peaks near the edge of chaos.",
      assumptions: "\(wide); normal inputs", source: "docs/theory/information.md",
      library: "InformationBounds.linearEstimator"),
    Entry(
      name: "noiseConvention", symbol: "A, B, C", title: "Where noise enters a channel",
      summary:
        "A: every layer, no frozen bias. B: the observed layer alone. C: every layer, biases.",
      equation: "hˡ = Wˡ φ(hˡ⁻¹) + bˡ + ξˡ",
      meaning: "The same variance is noise in A and a frozen offset in B: numbers do not compare.",
      assumptions: "biases are known to the receiver, noise is not",
      source: "docs/theory/information.md", library: "ChannelNoise"),
    Entry(
      name: "learningRate", symbol: "η", title: "Starting learning rate",
      summary: "2/λ_max of the empirical tangent kernel, weighted by the loss.",
      equation: "η = 2/λ_max(H^½ Θ H^½ / n)",
      meaning: "Gradient descent on the linearised network is stable below it. A start: halve it "
        + "if the loss jumps.",
      assumptions: "standard parametrisation; kernel at the start",
      source: "Jacot et al. 2018, arXiv:1806.07572; docs/theory/recommendation.md",
      library: "EmpiricalNTK.largestEigenvalue(_:), LearningRateFormula"),
    Entry(
      name: "withinUnitVariance", symbol: "c", title: "Within-unit variance",
      summary: "Variance of one unit over inputs at fixed weights.",
      equation: "c = q − r,  r' = σ_w² T(q, r) + σ_b²",
      meaning: "What a unit can still tell of the input. Classic mean field puts q in its place, "
        + "which is too large unless inputs have overlap 0.",
      assumptions: "infinite width; norms and overlaps of inputs concentrate, or are given",
      source: "Weng et al. 2022, arXiv:2212.01744; docs/theory/corrected-mean-field.md",
      library: "CorrectedMeanField.Layer.withinUnitVariance"),
    Entry(
      name: "bottleneckEfficiency", symbol: "I(T;Y)/F", title: "Bottleneck efficiency",
      summary: "What a layer tells of Y over the most that its rate I(T; x) allows.",
      equation: "I(T;Y)/F(I(T;x)), F the Gaussian bottleneck curve",
      meaning:
        "1: the layer spends no rate on what does not matter. Isometric layers are at 1 if Y "
        + "weighs all directions alike.",
      assumptions: "x and Y jointly Gaussian; noise at every layer",
      source: "Chechik et al. 2005, JMLR 6, 165; docs/theory/bottleneck.md",
      library: "GaussianTarget.positions(weights:noiseVariance:)"),
    Entry(
      name: "alpha", symbol: "α", title: "Index of a stable law",
      summary: "How heavy the tails of a stable law are.",
      equation: "E e^(itX) = e^(−(c|t|)^α) for β = 0;  P(|X| > x) → C(α) (c/x)^α",
      meaning:
        "2 is the Gaussian; below 2 the variance is infinite, at or below 1 the mean too. A fitted α "
        + "means little without its distance from the data.",
      assumptions: "independent numbers of one law",
      source: "Nolan 1997; docs/theory/stable-fits.md", library: "StableLaw, StableFit"),
    Entry(
      name: "skewness", symbol: "β", title: "Skewness of a stable law",
      summary: "Balance of the two tails, from −1 to 1.",
      equation: "(P(X > x) − P(X < −x))/P(|X| > x) → β",
      meaning: "0 is symmetric; at ±1 one tail is gone. It has no effect at α = 2.",
      assumptions: "parametrisation S0", source: "Nolan 1997", library: "StableLaw, StableFit"),
    Entry(
      name: "tailExponent", symbol: "γ", title: "Exponent of a power-law tail",
      summary: "Slope of the density of |x| above a threshold in two logarithms.",
      equation: "γ = 1 + m/Σ ln(|x|/x_min), x_min of the smallest Kolmogorov-Smirnov distance",
      meaning:
        "γ = 1 + α only deep in the tail of a stable law; for α above 1.6 samples show γ > 3. Any sample "
        + "has some γ: compare with that of noise.",
      assumptions: "independent numbers; the threshold is chosen from the sample",
      source: "Clauset, Shalizi and Newman 2009, arXiv:0706.1062; docs/theory/stable-fits.md",
      library: "PowerLawTail, TailComparison"),
    Entry(
      name: "vuong", symbol: "z", title: "Vuong's statistic",
      summary: "Which of two fitted laws is closer to the truth.",
      equation: "z = Σ dᵢ/(√n s_d),  dᵢ = ln f(xᵢ) − ln g(xᵢ)",
      meaning: "Standard normal where both laws are equally close; above 2 for the first.",
      assumptions: "neither law contains the other", source: "Vuong 1989",
      library: "VuongTest"),
    Entry(
      name: "andersonDarling", symbol: "A²", title: "Anderson-Darling distance",
      summary: "Distance of a sample from a law that weighs the tails.",
      equation: "A² = n ∫ (F_n − F)²/(F(1 − F)) dF",
      meaning: "p-values by simulated samples; with many numbers read A²/n itself.",
      assumptions: "parameters fitted, simulated samples fitted alike",
      source: "docs/theory/stable-fits.md", library: "GoodnessOfFit"),
  ]
}

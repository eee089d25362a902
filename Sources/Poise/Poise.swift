// Poise in one import: numbers, nouns, theory, finite networks, the laboratory.
@_exported public import PoiseData
@_exported public import PoiseHeavyTails
@_exported public import PoiseInformation
@_exported public import PoiseLab
@_exported public import PoiseMeanField
@_exported public import PoiseModel
@_exported public import PoiseNetworks
@_exported public import PoiseNumerics
@_exported public import PoisePosterior
@_exported public import PoiseSpectra

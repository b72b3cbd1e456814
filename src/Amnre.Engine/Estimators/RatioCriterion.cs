using static TorchSharp.torch;

namespace Amnre.Engine.Estimators;

/// <summary>Losses l(z) of a classifier with logit z for the right class, elementwise. With sigma the logistic function:
/// NLL -log sigma(z); FL (focal, Lin et al. 2017) -(1 - sigma(z))² log sigma(z); PL (peripheral) -(1 - sigma(z)²) log sigma(z);
/// QS (quadratic score) (1 - sigma(z))².</summary>
internal static class RatioCriterion
{
    public static readonly IReadOnlyList<string> Names = ["NLL", "FL", "PL", "QS"];

    public static Func<Tensor, Tensor> Of(string name) => name switch
    {
        "NLL" => NegativeLogLikelihood,
        "FL" => z => z.neg().sigmoid().square() * NegativeLogLikelihood(z),
        "PL" => z => (1 - z.sigmoid().square()) * NegativeLogLikelihood(z),
        "QS" => z => z.neg().sigmoid().square(),
        _ => throw new ArgumentException($"unknown criterion '{name}'", nameof(name)),
    };

    private static Tensor NegativeLogLikelihood(Tensor z) => nn.functional.logsigmoid(z).neg();
}

using Amnre.Engine.Networks;
using Amnre.Engine.Settings;
using static TorchSharp.torch;

namespace Amnre.Engine.Estimators;

/// <summary>Losses l(z) of a classifier with logit z for the right class, elementwise. With sigma the logistic function:
/// NLL -log sigma(z); FL (focal, Lin et al. 2017) -(1 - sigma(z))² log sigma(z); PL (peripheral) -(1 - sigma(z)²) log sigma(z);
/// QS (quadratic score) (1 - sigma(z))².</summary>
internal static class RatioCriterion
{
    public static Func<Tensor, Tensor> Of(Criterion criterion) => criterion switch
    {
        Criterion.NegativeLogLikelihood => NegativeLogLikelihood,
        Criterion.Focal => z => Focal(z, 2),
        Criterion.Peripheral => z => Peripheral(z, 2),
        Criterion.QuadraticScore => z => z.neg().sigmoid().Squared(),
        _ => throw new ArgumentOutOfRangeException(nameof(criterion), criterion, null),
    };

    /// <summary>-(1 - sigma(z))^gamma log sigma(z).</summary>
    internal static Tensor Focal(Tensor z, double gamma) => z.neg().sigmoid().pow(Number.Of(gamma)) * NegativeLogLikelihood(z);

    /// <summary>-(1 - sigma(z)^gamma) log sigma(z).</summary>
    internal static Tensor Peripheral(Tensor z, double gamma) => z.sigmoid().pow(Number.Of(gamma)).Complement() * NegativeLogLikelihood(z);

    private static Tensor NegativeLogLikelihood(Tensor z) => nn.functional.logsigmoid(z).neg();
}

using Amnre.Engine.Randomness;
using static TorchSharp.torch;

namespace Amnre.Engine.Estimators;

/// <summary>The sum of losses that share no parameters.</summary>
internal sealed class SumLoss(IReadOnlyList<ITrainingLoss> parts) : ITrainingLoss
{
    public IReadOnlyList<ITrainingLoss> Parts => parts;

    public Tensor Of(Tensor theta, Tensor x, ref CounterRandom random)
    {
        var same = random;
        var losses = parts.Select(part =>
        {
            var draws = same;
            return part.Of(theta, x, ref draws);
        });
        return stack([.. losses]).sum();
    }
}

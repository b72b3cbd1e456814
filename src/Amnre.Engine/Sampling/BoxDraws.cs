using Amnre.Engine.Masks;
using Amnre.Engine.Randomness;
using Amnre.Engine.Simulators;

namespace Amnre.Engine.Sampling;

/// <summary>Independent draws, uniform over the box of the prior's support: a proposal that needs neither simulations nor a way to
/// draw from the prior. Block i is a function of (seed, i) alone.</summary>
internal sealed class BoxDraws(ISimulator simulator, ParameterMask mask, ulong seed)
{
    /// <summary>Keeps these draws apart from those that resample them.</summary>
    private const ulong Blocks = 1ul << 63;

    private readonly (float Low, float Width)[] _box = [.. mask.Indices()
        .Select(p => (simulator.Low[p], simulator.High[p] - simulator.Low[p]))];

    /// <param name="block">Which.</param>
    /// <param name="theta">Receives (n, |mask|); its length decides n.</param>
    public void Fill(ulong block, Span<float> theta)
    {
        var random = new CounterRandom(seed, RandomPurpose.Resampling, Blocks | block);
        for (var i = 0; i < theta.Length; i++)
        {
            var (low, width) = _box[i % _box.Length];
            theta[i] = low + width * random.NextSingle();
        }
    }
}

using Amnre.Engine.Networks;
using static TorchSharp.torch;

namespace Amnre.Engine.Flows;

/// <summary>p(theta | y) as a standard normal pulled back through T autoregressive or coupling steps, each followed by a permutation
/// and, if asked for, an LU linear map: log p = log N(z; 0, I) + Σ log |det|.</summary>
internal sealed class NormalizingFlow : Module
{
    private readonly IReadOnlyList<IFlowTransform> _transforms;
    private readonly int _size;

    /// <param name="mean">Prior mean, (D), of the logarithm where <paramref name="logarithmic"/> says so.</param>
    /// <param name="deviation">Prior standard deviation, (D), likewise.</param>
    /// <param name="logarithmic">Parameters whose logarithm is taken, (D).</param>
    /// <param name="uniform">Parameters whose prior is uniform, in the logarithm where that is taken, (D).</param>
    /// <param name="contextSize">Width of y.</param>
    public NormalizingFlow(
        ReadOnlySpan<float> mean, ReadOnlySpan<float> deviation, IReadOnlyList<bool> logarithmic, IReadOnlyList<bool> uniform,
        int contextSize, FlowOptions options, Construction construction)
    {
        _size = mean.Length;
        var transforms = new List<Module> { new PointwiseAffine(mean, deviation, logarithmic) };
        if (options.Bounded) transforms.Add(new SupportMap(uniform));
        var steps = _size > 1 ? options.Transforms : 1;
        for (var step = 0; step < steps; step++)
        {
            var map = Map(options, construction);
            transforms.Add(options.Coupling
                ? new CouplingStep(_size, contextSize, map, options, construction)
                : new AutoregressiveStep(_size, contextSize, map, options, construction));
            transforms.Add(new FixedPermutation(_size, construction.Weights));
            if (options.LuLinear) transforms.Add(new LuLinear(_size));
        }

        _transforms = [.. transforms.Cast<IFlowTransform>()];
        Child("_transform._transforms", new ModuleList<Module>(transforms));
    }

    /// <summary>log p(theta | y), (N).</summary>
    /// <param name="theta">(N, D).</param>
    /// <param name="context">(N, Y).</param>
    public Tensor LogDensity(Tensor theta, Tensor context)
    {
        var (noise, logDeterminant) = Transform(theta, context);
        return logDeterminant - Number.Of(0.5) * noise.Squared().sum(-1) - Number.Of(0.5 * _size * Math.Log(2 * Math.PI));
    }

    /// <summary>theta → z (N, D) with log |det dz/dtheta| (N).</summary>
    public (Tensor Noise, Tensor LogDeterminant) Transform(Tensor theta, Tensor context)
    {
        var total = theta.new_zeros(theta.shape[0]);
        foreach (var transform in _transforms)
        {
            var (outputs, logDeterminant) = transform.Forward(theta, context);
            (theta, total) = (outputs, total.Plus(logDeterminant));
        }

        return (theta, total);
    }

    /// <summary>z (N, D) → theta (N, D) with log |det dtheta/dz| (N): draws from the posterior when z is standard normal.</summary>
    public (Tensor Theta, Tensor LogDeterminant) Invert(Tensor noise, Tensor context)
    {
        var total = noise.new_zeros(noise.shape[0]);
        foreach (var transform in _transforms.Reverse())
        {
            var (outputs, logDeterminant) = transform.Inverse(noise, context);
            (noise, total) = (outputs, total.Plus(logDeterminant));
        }

        return (noise, total);
    }

    private static IElementMap Map(FlowOptions options, Construction construction) => options.Architecture switch
    {
        "PRQ" => new Spline(options.Bins, options.TailBound),
        "UMNN" => new MonotonicNetwork(options.IntegrandLayers, options.ConditionSize, options.IntegrationSteps, construction),
        _ => new AffineMap(),
    };
}

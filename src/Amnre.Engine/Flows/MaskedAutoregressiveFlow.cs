using Amnre.Engine.Networks;
using static TorchSharp.torch;

namespace Amnre.Engine.Flows;

/// <summary>p(theta | y) as a standard normal pulled back through T autoregressive steps, each followed by a permutation
/// and, if asked for, an LU linear map: log p = log N(z; 0, I) + Σ log |det|.</summary>
internal sealed class MaskedAutoregressiveFlow : Module
{
    private readonly IReadOnlyList<IFlowTransform> _transforms;
    private readonly int _size;

    /// <param name="standardize">By the moments of the prior.</param>
    /// <param name="size">Number of parameters, D.</param>
    /// <param name="contextSize">Width of y.</param>
    public MaskedAutoregressiveFlow(
        PointwiseAffine standardize, int size, int contextSize, FlowOptions options, Construction construction)
    {
        _size = size;
        var transforms = new List<Module> { standardize };
        var steps = _size > 1 ? options.Transforms : 1;
        for (var step = 0; step < steps; step++)
        {
            transforms.Add(new AutoregressiveStep(_size, contextSize, Map(options, construction), options, construction));
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

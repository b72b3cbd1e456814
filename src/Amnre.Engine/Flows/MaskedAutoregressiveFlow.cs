using Amnre.Engine.Randomness;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Amnre.Engine.Flows;

/// <summary>p(theta | y) as a standard normal pulled back through T autoregressive steps, each followed by a permutation
/// and, if asked for, an LU linear map: log p = log N(z; 0, I) + Σ log |det|.</summary>
internal sealed class MaskedAutoregressiveFlow : nn.Module
{
    private readonly nn.Module[] _transforms;
    private readonly int _size;

    /// <param name="mean">Prior mean, (D).</param>
    /// <param name="deviation">Prior standard deviation, (D).</param>
    /// <param name="contextSize">Width of y.</param>
    public MaskedAutoregressiveFlow(
        ReadOnlySpan<float> mean, ReadOnlySpan<float> deviation, int contextSize, FlowSettings settings, ref CounterRandom random)
        : base(nameof(MaskedAutoregressiveFlow))
    {
        _size = mean.Length;
        var transforms = new List<nn.Module> { new PointwiseAffine(mean, deviation) };
        var steps = _size > 1 ? settings.Transforms : 1;
        for (var step = 0; step < steps; step++)
        {
            transforms.Add(new AutoregressiveStep(_size, contextSize, Map(settings), settings, ref random));
            transforms.Add(new FixedPermutation(_size, ref random));
            if (settings.LuLinear) transforms.Add(new LuLinear(_size));
        }

        _transforms = [.. transforms];
        register_module("_transform", new Composite(_transforms));
    }

    /// <summary>log p(theta | y), (N).</summary>
    /// <param name="theta">(N, D).</param>
    /// <param name="context">(N, Y).</param>
    public Tensor LogDensity(Tensor theta, Tensor context)
    {
        var (noise, logDeterminant) = Transform(theta, context);
        return logDeterminant - 0.5 * noise.square().sum(-1) - 0.5 * _size * Math.Log(2 * Math.PI);
    }

    /// <summary>theta → z (N, D) with log |det dz/dtheta| (N).</summary>
    public (Tensor Noise, Tensor LogDeterminant) Transform(Tensor theta, Tensor context)
    {
        var total = theta.new_zeros(theta.shape[0]);
        foreach (var transform in _transforms.Cast<IFlowTransform>())
        {
            var (outputs, logDeterminant) = transform.Forward(theta, context);
            (theta, total) = (outputs, total + logDeterminant);
        }

        return (theta, total);
    }

    /// <summary>z (N, D) → theta (N, D) with log |det dtheta/dz| (N): draws from the posterior when z is standard normal.</summary>
    public (Tensor Theta, Tensor LogDeterminant) Invert(Tensor noise, Tensor context)
    {
        var total = noise.new_zeros(noise.shape[0]);
        foreach (var transform in _transforms.Reverse().Cast<IFlowTransform>())
        {
            var (outputs, logDeterminant) = transform.Inverse(noise, context);
            (noise, total) = (outputs, total + logDeterminant);
        }

        return (noise, total);
    }

    private static IElementMap Map(FlowSettings settings) => settings.Arch switch
    {
        "A" => new AffineMap(),
        "PRQ" => new Spline(settings.Bins, settings.TailBound),
        _ => throw new InputException($"flow arch '{settings.Arch}' is not known: use A or PRQ"),
    };

    /// <summary>Only gives the parts the names that files of the original have.</summary>
    private sealed class Composite : nn.Module
    {
        public Composite(nn.Module[] transforms) : base(nameof(Composite)) =>
            register_module("_transforms", new ModuleList<nn.Module>(transforms));
    }
}

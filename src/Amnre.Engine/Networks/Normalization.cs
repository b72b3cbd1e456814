using static TorchSharp.torch;

namespace Amnre.Engine.Networks;

/// <summary>Batch normalisation over all rows given (Ioffe and Szegedy 2015): in training by their mean and variance, which also
/// move the running ones by a tenth; otherwise by the running ones.</summary>
internal sealed class BatchNorm : Layer
{
    private const double Momentum = 0.1;

    private readonly ForwardMode _mode;
    private readonly double _epsilon;
    private readonly TensorSlot _weight, _bias, _mean, _variance, _batches;

    public BatchNorm(int size, ForwardMode mode, double epsilon = 1e-5)
    {
        (_mode, _epsilon) = (mode, epsilon);
        _weight = Parameter("weight", ones(size));
        _bias = Parameter("bias", zeros(size));
        _mean = Buffer("running_mean", zeros(size));
        _variance = Buffer("running_var", ones(size));
        _batches = Buffer("num_batches_tracked", zeros([], ScalarType.Int64));
    }

    public override Tensor Forward(Tensor x)
    {
        if (_mode.Training)
            using (no_grad()) _batches.Value.Increase(Number.Of(1));
        return nn.functional.batch_norm(
            x, _mean.Value, _variance.Value, _weight.Value, _bias.Value, _mode.Training, Momentum, _epsilon);
    }
}

/// <summary>Layer normalisation of each row (Ba, Kiros and Hinton 2016).</summary>
internal sealed class LayerNorm : Layer
{
    private readonly long[] _shape;
    private readonly TensorSlot _weight, _bias;

    public LayerNorm(int size)
    {
        _shape = [size];
        _weight = Parameter("weight", ones(size));
        _bias = Parameter("bias", zeros(size));
    }

    public override Tensor Forward(Tensor x) => nn.functional.layer_norm(x, _shape, _weight.Value, _bias.Value, 1e-5);

    protected override Tensor Stacked(IReadOnlyList<Layer> layers, Tensor x)
    {
        var all = layers.Cast<LayerNorm>().ToList();
        return (nn.functional.layer_norm(x, _shape, null, null, 1e-5) * TensorSlot.Stack([.. all.Select(layer => layer._weight)])
            .unsqueeze(1))
            .Plus(TensorSlot.Stack([.. all.Select(layer => layer._bias)]).unsqueeze(1));
    }
}

/// <summary>Group normalisation of each row (Wu and He 2018).</summary>
/// <remarks>The original names it but cannot construct it (it gives no number of groups); here: the largest divisor of the
/// width up to 32, the paper's number.</remarks>
internal sealed class GroupNorm : Layer
{
    private readonly long _groups;
    private readonly TensorSlot _weight, _bias;

    public GroupNorm(int size)
    {
        _groups = Enumerable.Range(1, Math.Min(32, size)).Last(groups => size % groups == 0);
        _weight = Parameter("weight", ones(size));
        _bias = Parameter("bias", zeros(size));
    }

    public override Tensor Forward(Tensor x) => nn.functional.group_norm(x, _groups, _weight.Value, _bias.Value, 1e-5);
}

using System.Runtime.Intrinsics;
using static TorchSharp.torch;

namespace Amnre.Engine.Elementwise;

/// <summary>The passes of <see cref="ExponentialUnit"/> over memory. All tensors are contiguous and of single precision.</summary>
/// <remarks>Vectors of eight on every processor: twice as wide gains nothing here, where memory is the limit, and runs in software where
/// there is no AVX-512.</remarks>
internal static class ExponentialPasses
{
    /// <summary>Rows whose gradients are added up in single precision: more would lose digits.</summary>
    private const int RowsOfSum = 16;

    /// <param name="x">(…, W).</param>
    /// <param name="bias">(W), or null.</param>
    /// <param name="value">Becomes ELU(x + b); may be x.</param>
    public static void Forward(Tensor x, Tensor? bias, Tensor value)
    {
        var width = bias is null ? 1 : (int)bias.numel();
        SinglePass.Shared((int)value.numel() / width, width, (begin, end, _) =>
        {
            var from = SinglePass.Numbers(x)[begin..end];
            var to = SinglePass.Numbers(value)[begin..end];
            if (bias is null)
            {
                Row(from, to);
                return;
            }

            var shift = SinglePass.Numbers(bias);
            for (var i = 0; i < to.Length; i += width) Row(from.Slice(i, width), shift, to.Slice(i, width));
        });
    }

    /// <param name="upstream">∂L/∂y, (…, W).</param>
    /// <param name="value">y.</param>
    /// <param name="gradient">Becomes ∂L/∂x.</param>
    /// <param name="ofBias">Becomes ∂L/∂b, (W), unless null.</param>
    public static void Backward(Tensor upstream, Tensor value, Tensor gradient, Tensor? ofBias)
    {
        var width = ofBias is null ? 1 : (int)ofBias.numel();
        var rows = (int)value.numel() / width;
        var sums = ofBias is null ? [] : new double[SinglePass.Parts(rows, width)][];
        SinglePass.Shared(rows, width, (begin, end, part) =>
        {
            var above = SinglePass.Numbers(upstream)[begin..end];
            var y = SinglePass.Numbers(value)[begin..end];
            var to = SinglePass.Numbers(gradient)[begin..end];
            if (ofBias is null)
            {
                Slope(above, y, to, []);
                return;
            }

            var sum = sums[part] = new double[width];
            var few = new float[width];
            for (var i = 0; i < to.Length; i += width)
            {
                Slope(above.Slice(i, width), y.Slice(i, width), to.Slice(i, width), few);
                if ((i / width + 1) % RowsOfSum == 0) Move(few, sum);
            }

            Move(few, sum);
        });
        if (ofBias is null) return;

        var total = SinglePass.Numbers(ofBias);
        for (var i = 0; i < width; i++) total[i] = (float)sums.Sum(sum => sum[i]);
    }

    private static void Move(Span<float> few, Span<double> sum)
    {
        for (var i = 0; i < few.Length; i++) sum[i] += few[i];
        few.Clear();
    }

    private static void Row(ReadOnlySpan<float> x, Span<float> value)
    {
        var from = SinglePass.Vectors(x);
        var to = SinglePass.Vectors(value);
        for (var i = 0; i < to.Length; i++) to[i] = Unit(from[i]);
        for (var i = to.Length * Vector256<float>.Count; i < value.Length; i++) value[i] = Unit(Vector256.CreateScalar(x[i])).ToScalar();
    }

    private static void Row(ReadOnlySpan<float> x, ReadOnlySpan<float> bias, Span<float> value)
    {
        var from = SinglePass.Vectors(x);
        var shift = SinglePass.Vectors(bias);
        var to = SinglePass.Vectors(value);
        for (var i = 0; i < to.Length; i++) to[i] = Unit(from[i] + shift[i]);
        for (var i = to.Length * Vector256<float>.Count; i < value.Length; i++)
            value[i] = Unit(Vector256.CreateScalar(x[i] + bias[i])).ToScalar();
    }

    /// <param name="sum">Each element of the gradient is added to its own; empty for none.</param>
    private static void Slope(ReadOnlySpan<float> upstream, ReadOnlySpan<float> value, Span<float> gradient, Span<float> sum)
    {
        var above = SinglePass.Vectors(upstream);
        var y = SinglePass.Vectors(value);
        var to = SinglePass.Vectors(gradient);
        var sums = SinglePass.Vectors(sum);
        if (sums.Length == 0)
            for (var i = 0; i < to.Length; i++) to[i] = above[i] * (Vector256.Min(y[i], Vector256<float>.Zero) + Vector256<float>.One);
        else
        {
            for (var i = 0; i < to.Length; i++)
            {
                var product = above[i] * (Vector256.Min(y[i], Vector256<float>.Zero) + Vector256<float>.One);
                to[i] = product;
                sums[i] += product;
            }
        }

        for (var i = to.Length * Vector256<float>.Count; i < gradient.Length; i++)
        {
            gradient[i] = upstream[i] * (MathF.Min(value[i], 0) + 1);
            if (!sum.IsEmpty) sum[i] += gradient[i];
        }
    }

    /// <summary>max(z, 0) + (e^min(z,0) − 1), where e^min(z,0) = 2ⁿ 2ᶠ with |f| ≤ ½ and 2ᶠ − 1 = f p(f), whose six terms, the best of
    /// their number, leave 1.1·10⁻⁸ of it.</summary>
    private static Vector256<float> Unit(Vector256<float> z)
    {
        const float Log2E = 1.44269504f;
        // Below it e^z would leave the normal numbers; e^z − 1 has long been −1.
        const float MinInput = -87;
        // Added to a number, it leaves the nearest whole one, and with it the exponent's offset, in the last bits.
        const float Rounding = 3 << 22, Offset = 127;

        var y = Vector256.Max(Vector256.Min(z, Vector256<float>.Zero), Vector256.Create(MinInput)) * Log2E;
        var rounded = y + Vector256.Create(Rounding + Offset);
        var f = y - (rounded - Vector256.Create(Rounding + Offset));
        var p = Vector256.Create(0.000154035079f);
        p = Vector256.FusedMultiplyAdd(p, f, Vector256.Create(0.00133907353f));
        p = Vector256.FusedMultiplyAdd(p, f, Vector256.Create(0.00961823761f));
        p = Vector256.FusedMultiplyAdd(p, f, Vector256.Create(0.0555035733f));
        p = Vector256.FusedMultiplyAdd(p, f, Vector256.Create(0.240226492f));
        p = Vector256.FusedMultiplyAdd(p, f, Vector256.Create(0.693147182f));
        var power = Vector256.ShiftLeft(rounded.AsInt32(), 23).AsSingle();
        var below = Vector256.FusedMultiplyAdd(power, p * f, power - Vector256<float>.One);
        return Vector256.Max(z, Vector256<float>.Zero) + below;
    }
}

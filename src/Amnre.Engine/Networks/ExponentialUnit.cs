using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using static TorchSharp.torch;

namespace Amnre.Engine.Networks;

/// <summary>ELU, x for x &gt; 0 and e^x − 1 below (Clevert, Unterthiner and Hochreiter 2016), of single precision on a CPU: memory
/// is gone through once where the library's operations go through it several times.</summary>
/// <remarks>With a graph, the derivative d = e^min(x,0) is computed once and enters it as a constant factor, whose backward is one
/// product; the value is then written over that product. A second derivative through it would be wrong, hence only where none is taken.
/// Vectors of eight on every processor: twice as wide gains nothing here, where memory is the limit, and runs in software where there is no
/// AVX-512.</remarks>
internal static class ExponentialUnit
{
    /// <summary>Elements worth a thread of their own.</summary>
    private const int Share = 1 << 16;

    /// <summary>Becomes the target's new value from the source's and its old one.</summary>
    private interface IKernel
    {
        static abstract Vector256<float> Of(Vector256<float> source, Vector256<float> target);
    }

    public static bool Takes(Tensor x) =>
        x.device_type == TorchSharp.DeviceType.CPU && x.dtype == ScalarType.Float32 && x.is_contiguous()
        && x.numel() <= int.MaxValue / sizeof(float);

    /// <param name="x">One that <see cref="Takes"/> allows; overwritten.</param>
    public static Tensor Apply(Tensor x)
    {
        if (!is_grad_enabled())
        {
            Everywhere<ValueOfInput>(x, x);
            return x;
        }

        using var slope = empty_like(x, requires_grad: false);
        Everywhere<SlopeOfInput>(x, slope);
        var product = x.mul_(slope);
        Everywhere<ValueOfProduct>(slope, product);
        return product;
    }

    private static void Everywhere<TKernel>(Tensor source, Tensor target)
        where TKernel : IKernel
    {
        var length = (int)source.numel();
        var shares = Math.Min(get_num_threads(), (length + Share - 1) / Share);
        if (shares <= 1) OfShare(0);
        else Parallel.For(0, shares, new ParallelOptions { MaxDegreeOfParallelism = shares }, OfShare);

        void OfShare(int share)
        {
            int begin = (int)((long)length * share / shares), end = (int)((long)length * (share + 1) / shares);
            Over<TKernel>(
                MemoryMarshal.Cast<byte, float>(source.bytes)[begin..end], MemoryMarshal.Cast<byte, float>(target.bytes)[begin..end]);
        }
    }

    private static void Over<TKernel>(ReadOnlySpan<float> source, Span<float> target)
        where TKernel : IKernel
    {
        var from = MemoryMarshal.Cast<float, Vector256<float>>(source);
        var to = MemoryMarshal.Cast<float, Vector256<float>>(target);
        for (var i = 0; i < to.Length; i++) to[i] = TKernel.Of(from[i], to[i]);

        var whole = to.Length * Vector256<float>.Count;
        for (var i = whole; i < target.Length; i++)
            target[i] = TKernel.Of(Vector256.CreateScalar(source[i]), Vector256.CreateScalar(target[i])).ToScalar();
    }

    private readonly struct ValueOfInput : IKernel
    {
        public static Vector256<float> Of(Vector256<float> source, Vector256<float> target) =>
            ValueOfProduct.Of(SlopeOfInput.Of(source, target), source);
    }

    private readonly struct SlopeOfInput : IKernel
    {
        /// <summary>log₂ e, and ln 2 in two parts, of which the first has so few digits that its products with whole numbers are
        /// exact.</summary>
        private const float Log2E = 1.44269504f, Ln2High = 0.693359375f, Ln2Low = -2.12194440e-4f;

        /// <summary>Below it e^x would leave the normal numbers; e^x − 1 has long been −1.</summary>
        private const float MinInput = -87;

        /// <summary>e^min(x,0) = 2ⁿ eʳ with |r| ≤ ln 2 / 2, where seven terms of the series leave 5·10⁻⁹ of it.</summary>
        public static Vector256<float> Of(Vector256<float> source, Vector256<float> target)
        {
            var x = Vector256.Max(Vector256.Min(source, Vector256<float>.Zero), Vector256.Create(MinInput));
            var n = Vector256.Round(x * Log2E);
            var r = Vector256.FusedMultiplyAdd(n, Vector256.Create(-Ln2High), x);
            r = Vector256.FusedMultiplyAdd(n, Vector256.Create(-Ln2Low), r);
            var q = Vector256.Create(1 / 5040f);
            q = Vector256.FusedMultiplyAdd(q, r, Vector256.Create(1 / 720f));
            q = Vector256.FusedMultiplyAdd(q, r, Vector256.Create(1 / 120f));
            q = Vector256.FusedMultiplyAdd(q, r, Vector256.Create(1 / 24f));
            q = Vector256.FusedMultiplyAdd(q, r, Vector256.Create(1 / 6f));
            q = Vector256.FusedMultiplyAdd(q, r, Vector256.Create(1 / 2f));
            q = Vector256.FusedMultiplyAdd(q * r, r, r);
            var power = Vector256.ShiftLeft(Vector256.ConvertToInt32(n) + Vector256.Create(127), 23).AsSingle();
            return Vector256.FusedMultiplyAdd(power, q, power);
        }
    }

    private readonly struct ValueOfProduct : IKernel
    {
        /// <param name="source">The slope at x.</param>
        /// <param name="target">x, or its product with the slope, which has its sign.</param>
        public static Vector256<float> Of(Vector256<float> source, Vector256<float> target) =>
            Vector256.Max(target, Vector256<float>.Zero) + (source - Vector256<float>.One);
    }
}

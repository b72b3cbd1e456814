using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Amnre.Engine.Evaluation;

/// <summary>Sums over all pairs of cells of a grid whose weight depends on the difference of the two cells only:
/// output[i] = Σ_j kernel(i − j) input[j]. The n² weights are never stored, only the table of differences.</summary>
/// <remarks>Direct rather than by Fourier transform: entropic transport needs the smallest sums to full relative accuracy.</remarks>
internal sealed class GridConvolution
{
    /// <summary>Outputs summed at once: eight vectors of four.</summary>
    private const int Block = 32;

    /// <summary>Fewer products than this are not worth a second thread.</summary>
    private const double WorthThreads = 1e6;

    private readonly int _threads;
    private readonly int _line;
    private readonly int _kernelStride;
    private readonly int _centre;
    private readonly int[] _lineCodes;
    private readonly double[] _kernel;

    /// <param name="lengths">Cells per dimension.</param>
    /// <param name="kernel">Weight of a difference, one entry per dimension; even in it.</param>
    /// <param name="threads">At most so many at once; the sums do not depend on it.</param>
    public GridConvolution(int[] lengths, Func<int[], double> kernel, int threads = 1)
    {
        _threads = threads;
        _line = lengths[^1];
        _kernelStride = 2 * _line - 1 + Block;

        // The table has a line for each difference of the leading coordinates. Such a difference is numbered linearly in the
        // coordinates, so the number of a pair is the difference of the two lines' codes plus that of the difference 0.
        var lines = 1;
        var (codes, tableLines) = (new List<int> { 0 }, 1);
        for (var k = 0; k < lengths.Length - 1; k++)
        {
            var span = 2 * lengths[k] - 1;
            codes = [.. codes.SelectMany(code => Enumerable.Range(0, lengths[k]).Select(i => code * span + i))];
            _centre = _centre * span + lengths[k] - 1;
            (lines, tableLines) = (lines * lengths[k], tableLines * span);
        }

        _lineCodes = [.. codes];
        _kernel = new double[tableLines * _kernelStride];
        var difference = new int[lengths.Length];
        for (var tableLine = 0; tableLine < tableLines; tableLine++)
        {
            for (int k = lengths.Length - 2, rest = tableLine; k >= 0; k--)
            {
                difference[k] = rest % (2 * lengths[k] - 1) - (lengths[k] - 1);
                rest /= 2 * lengths[k] - 1;
            }

            for (var i = 0; i < 2 * _line - 1; i++)
            {
                difference[^1] = i - (_line - 1);
                _kernel[tableLine * _kernelStride + i] = kernel(difference);
            }
        }
    }

    /// <param name="input">One value per cell.</param>
    /// <param name="wanted">Cells where this is 0 need no output.</param>
    /// <param name="output">Receives the sums, at least where they are wanted.</param>
    public void Apply(double[] input, double[] wanted, double[] output)
    {
        if (_threads == 1 || (double)input.Length * input.Length < WorthThreads)
        {
            for (var target = 0; target < _lineCodes.Length; target++) ApplyLine(target, input, wanted, output);
            return;
        }

        Parallel.For(
            0, _lineCodes.Length, new ParallelOptions { MaxDegreeOfParallelism = _threads }, target => ApplyLine(target, input, wanted, output));
    }

    private void ApplyLine(int target, double[] input, double[] wanted, double[] output)
    {
        Span<double> sums = stackalloc double[Block];
        for (var start = 0; start < _line; start += Block)
        {
            var cells = target * _line + start;
            var count = Math.Min(Block, _line - start);
            if (!wanted.AsSpan(cells, count).ContainsAnyExcept(0)) continue;
            Sum(target, start, input, sums);
            sums[..count].CopyTo(output.AsSpan(cells, count));
        }
    }

    private void Sum(int target, int start, double[] input, Span<double> sums)
    {
        Vector256<double> s0 = default, s1 = default, s2 = default, s3 = default, s4 = default, s5 = default, s6 = default, s7 = default;
        for (var source = 0; source < _lineCodes.Length; source++)
        {
            var line = (_lineCodes[target] - _lineCodes[source] + _centre) * _kernelStride;
            var weights = _kernel.AsSpan(line, _kernelStride);
            var values = input.AsSpan(source * _line, _line);
            for (var j = 0; j < values.Length; j++)
            {
                if (values[j] == 0) continue;
                var value = Vector256.Create(values[j]);
                ref var weight = ref MemoryMarshal.GetReference(weights.Slice(_line - 1 - j + start, Block));
                s0 = Vector256.FusedMultiplyAdd(value, Vector256.LoadUnsafe(ref weight), s0);
                s1 = Vector256.FusedMultiplyAdd(value, Vector256.LoadUnsafe(ref weight, 4), s1);
                s2 = Vector256.FusedMultiplyAdd(value, Vector256.LoadUnsafe(ref weight, 8), s2);
                s3 = Vector256.FusedMultiplyAdd(value, Vector256.LoadUnsafe(ref weight, 12), s3);
                s4 = Vector256.FusedMultiplyAdd(value, Vector256.LoadUnsafe(ref weight, 16), s4);
                s5 = Vector256.FusedMultiplyAdd(value, Vector256.LoadUnsafe(ref weight, 20), s5);
                s6 = Vector256.FusedMultiplyAdd(value, Vector256.LoadUnsafe(ref weight, 24), s6);
                s7 = Vector256.FusedMultiplyAdd(value, Vector256.LoadUnsafe(ref weight, 28), s7);
            }
        }

        ref var sum = ref MemoryMarshal.GetReference(sums);
        s0.StoreUnsafe(ref sum);
        s1.StoreUnsafe(ref sum, 4);
        s2.StoreUnsafe(ref sum, 8);
        s3.StoreUnsafe(ref sum, 12);
        s4.StoreUnsafe(ref sum, 16);
        s5.StoreUnsafe(ref sum, 20);
        s6.StoreUnsafe(ref sum, 24);
        s7.StoreUnsafe(ref sum, 28);
    }
}

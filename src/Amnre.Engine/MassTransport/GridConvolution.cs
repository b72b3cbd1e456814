using Amnre.Engine.Native;

namespace Amnre.Engine.MassTransport;

/// <summary>Sums over all pairs of cells of a grid whose weight depends on the difference of the two cells only:
/// output[i] = Σ_j kernel(i − j) input[j]. The n² weights are never stored, only the table of differences.</summary>
/// <remarks>Direct rather than by Fourier transform: entropic transport needs the smallest sums to full relative accuracy. Targets that
/// follow one another in the last but one dimension need the same weights for sources that do so too, so <see cref="Together"/> lines are
/// summed at once and each weight is loaded once for all of them: the multiplications, not the loads, are then the limit.</remarks>
internal sealed class GridConvolution
{
    /// <summary>Outputs of a line summed at once: four vectors of eight.</summary>
    private const int Block = GridLines.Block;

    /// <summary>Lines summed at once.</summary>
    private const int Together = 4;

    /// <summary>Empty rows around those of a plane, so that lines summed together may reach over its ends.</summary>
    private const int Padding = Together - 1;

    /// <summary>Fewer products than this are not worth a second thread.</summary>
    private const double WorthThreads = 1e6;

    private readonly int _threads;
    private readonly int _line;
    private readonly int _rows;
    private readonly int _kernelStride;
    private readonly int _centre;
    private readonly int[] _planeCodes;
    private readonly double[] _kernel;
    private readonly double[] _padded;
    private readonly (int From, int To)[] _occupied;

    /// <param name="lengths">Cells per dimension.</param>
    /// <param name="kernel">Weight of a difference, one entry per dimension; even in it.</param>
    /// <param name="threads">At most so many at once; the sums do not depend on it.</param>
    public GridConvolution(int[] lengths, Func<int[], double> kernel, int threads = 1)
    {
        _threads = threads;
        _line = lengths[^1];
        _rows = lengths.Length > 1 ? lengths[^2] : 1;
        _kernelStride = 2 * _line - 1 + Block;

        // The table has a line for each difference of the leading coordinates. Such a difference is numbered linearly in the
        // coordinates, so the number of a pair is the difference of the two lines' codes plus that of the difference 0.
        var (codes, tableLines) = (new List<int> { 0 }, 1);
        for (var k = 0; k < lengths.Length - 1; k++)
        {
            var span = 2 * lengths[k] - 1;
            codes = [.. codes.SelectMany(code => Enumerable.Range(0, lengths[k]).Select(i => code * span + i))];
            _centre = _centre * span + lengths[k] - 1;
            tableLines *= span;
        }

        // A line's code is that of its plane, which is its first line's, plus its row.
        _planeCodes = [.. codes.Where((_, line) => line % _rows == 0)];
        _padded = new double[_planeCodes.Length * (_rows + 2 * Padding) * _line];
        _occupied = new (int, int)[_planeCodes.Length * _rows];
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

    /// <summary>Not for two threads at once.</summary>
    /// <param name="input">One value per cell.</param>
    /// <param name="wanted">Cells where this is 0 need no output.</param>
    /// <param name="output">Receives the sums, at least where they are wanted.</param>
    public void Apply(double[] input, double[] wanted, double[] output)
    {
        var plane = _rows * _line;
        for (var i = 0; i < _planeCodes.Length; i++)
            input.AsSpan(i * plane, plane).CopyTo(_padded.AsSpan((i * (_rows + 2 * Padding) + Padding) * _line));

        for (var line = 0; line < _occupied.Length; line++)
        {
            var cells = input.AsSpan(line * _line, _line);
            _occupied[line] = (Math.Max(0, cells.IndexOfAnyExcept(0)), cells.LastIndexOfAnyExcept(0) + 1);
        }

        var groups = (_rows + Together - 1) / Together;
        if (_threads == 1 || (double)input.Length * input.Length < WorthThreads)
        {
            for (var group = 0; group < _planeCodes.Length * groups; group++)
                ApplyLines(group / groups, group % groups * Together, wanted, output);
            return;
        }

        Parallel.For(
            0, _planeCodes.Length * groups, new ParallelOptions { MaxDegreeOfParallelism = _threads },
            group => ApplyLines(group / groups, group % groups * Together, wanted, output));
    }

    private void ApplyLines(int plane, int row, double[] wanted, double[] output)
    {
        Span<double> sums = stackalloc double[Together * Block];
        var lines = Math.Min(Together, _rows - row);
        for (var start = 0; start < _line; start += Block)
        {
            var count = Math.Min(Block, _line - start);
            var any = false;
            for (var line = 0; line < lines && !any; line++) any = wanted.AsSpan(Cell(line, start), count).ContainsAnyExcept(0);
            if (!any) continue;
            Sum(plane, row, lines, start, sums);
            for (var line = 0; line < lines; line++) sums.Slice(line * Block, count).CopyTo(output.AsSpan(Cell(line, start), count));
        }

        int Cell(int line, int start) => (plane * _rows + row + line) * _line + start;
    }

    /// <summary>Sums for <see cref="Together"/> lines from <paramref name="row"/>, of which the first <paramref name="lines"/>
    /// exist.</summary>
    private void Sum(int plane, int row, int lines, int start, Span<double> sums)
    {
        sums.Clear();
        for (var sourcePlane = 0; sourcePlane < _planeCodes.Length; sourcePlane++)
        {
            var code = _planeCodes[plane] - _planeCodes[sourcePlane] + row + _centre;
            var values = _padded.AsSpan(sourcePlane * (_rows + 2 * Padding) * _line);
            for (var source = 1 - lines; source < _rows; source++)
            {
                var (from, to) = Occupied(sourcePlane, source, lines);
                if (from >= to) continue;
                // The line's differences from its end backwards, since the kernel is even; its last read ends within the stride.
                var weights = _kernel.AsSpan((code - source) * _kernelStride, _kernelStride);
                ref var first = ref values[(source + Padding) * _line];
                if (VectorWidth.IsWide) GridLines.AddWide(ref sums[0], ref first, ref weights[_line - 1 + start], _line, from, to);
                else GridLines.AddNarrow(ref sums[0], ref first, ref weights[_line - 1 + start], _line, from, to);
            }
        }
    }

    /// <summary>The cells [from, to) of lines from row <paramref name="row"/> of a plane outside which all of them are empty.</summary>
    private (int From, int To) Occupied(int plane, int row, int lines)
    {
        var (from, to) = (_line, 0);
        for (var line = Math.Max(0, row); line < Math.Min(_rows, row + lines); line++)
        {
            var (first, last) = _occupied[plane * _rows + line];
            (from, to) = (Math.Min(from, first), Math.Max(to, last));
        }

        return (from, to);
    }
}

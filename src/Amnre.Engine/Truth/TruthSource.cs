using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Amnre.Engine.Histograms;
using Amnre.Engine.Masks;
using Amnre.Engine.Settings;
using Amnre.Engine.Simulators;

namespace Amnre.Engine.Truth;

/// <summary>The true marginals that an evaluation compares with: in closed form or by quadrature where that is known and wanted, else
/// counted from draws of the likelihood. For SLCP these are chains, whose joint histograms are kept beside the observations.</summary>
/// <param name="cacheStem">Path that the names of kept histograms begin with; null keeps none.</param>
internal sealed class TruthSource(EvaluateSettings settings, ISimulator simulator, string? cacheStem)
{
    /// <param name="x">One observation, as stored.</param>
    /// <param name="row">Its row.</param>
    /// <param name="wanted">Histograms of the marginals wanted; the truth is kept as they are.</param>
    /// <param name="stop">Checked often.</param>
    public IReadOnlyDictionary<ParameterMask, IHistogram> Of(ReadOnlySpan<float> x, int row, IEnumerable<IHistogram> wanted,
        CancellationToken stop)
    {
        var truths = new Dictionary<ParameterMask, IHistogram>();
        var kept = new Dictionary<ParameterMask, Histogram>();
        SparseHistogram? joint = null;
        float[]? draws = null;
        foreach (var histogram in wanted)
        {
            if (settings.Truth == TruthMethod.Exact && histogram.Mask.Count <= TruePosterior.LargestMask && histogram is Histogram
                && TruePosterior.Marginal(simulator, histogram.Mask, x, settings.Bins, kept, settings.Threads, stop) is { } exact)
                truths[histogram.Mask] = exact;
            else if (simulator is Slcp slcp)
            {
                joint ??= Joint(slcp, x, row, stop);
                truths[histogram.Mask] = histogram is SparseHistogram ? joint.Part(histogram.Mask) : joint.Marginal(histogram.Mask);
            }
            else
            {
                draws ??= TruePosterior.Draws(simulator, x, row, DrawCount, settings.Seed, settings.Threads, stop).Theta;
                truths[histogram.Mask] = Counted(histogram, draws);
            }
        }

        return truths;
    }

    /// <summary>As many as the chains would keep states, within what is worth the time.</summary>
    private int DrawCount => (int)Math.Clamp((long)settings.BatchSize * (settings.Steps - settings.Burn), 1 << 14, 1 << 18);

    private IHistogram Counted(IHistogram wanted, float[] draws)
    {
        var (mask, size) = (wanted.Mask, simulator.ThetaSize);
        int[] places = [.. mask.Indices()];
        var part = new float[draws.Length / size * places.Length];
        for (var i = 0; i < part.Length; i++) part[i] = draws[i / places.Length * size + places[i % places.Length]];
        if (wanted is SparseHistogram)
        {
            var cells = CellCounts.Of(simulator, mask, settings.Bins);
            cells.Add(part);
            return cells.Normalised();
        }

        CellAxis[] axes = [.. places.Select(parameter => CellAxis.Of(simulator, parameter))];
        var masses = new float[(int)Histogram.CellCount(mask, settings.Bins)];
        for (var row = 0; row < part.Length; row += places.Length)
        {
            var cell = 0;
            for (var k = 0; k < places.Length; k++) cell = cell * settings.Bins + axes[k].CellOf(part[row + k], settings.Bins);
            masses[cell]++;
        }

        var total = (float)(part.Length / places.Length);
        return new Histogram(mask, settings.Bins, Array.ConvertAll(masses, mass => mass / total));
    }

    private SparseHistogram Joint(Slcp slcp, ReadOnlySpan<float> x, int row, CancellationToken stop)
    {
        var path = cacheStem is null ? null : NameOf(cacheStem, x, row);
        if (path is not null && File.Exists(path) && HistogramFile.Read(path) is SparseHistogram kept)
        {
            Show(path, row);
            return kept;
        }

        var chains = new ChainSettings
        {
            Chains = settings.BatchSize,
            Steps = settings.Steps,
            Burn = settings.Burn,
            Sigma = settings.Sigma,
            Seed = settings.Seed,
        };
        var joint = TruePosterior.Joint(slcp, x, row, settings.Bins, chains, settings.Threads, stop);
        if (path is not null)
        {
            HistogramFile.Write(path, joint, CellAxis.Logarithmic(simulator, joint.Mask));
            Show(path, row);
        }

        return joint;
    }

    /// <summary>Links the name that the original keeps the truth under to the newest; a file of that name is the user's own and
    /// stays.</summary>
    private void Show(string path, int row)
    {
        var name = $"{cacheStem}_{row}{HistogramFile.Extension}";
        if (File.Exists(name) && new FileInfo(name).LinkTarget is null) return;
        var aside = $"{name}.{Guid.NewGuid():N}.part";
        File.CreateSymbolicLink(aside, Path.GetFileName(path));
        File.Move(aside, name, overwrite: true);
    }

    /// <summary>All that the histogram depends on, so that one made otherwise is never taken for it.</summary>
    private string NameOf(string stem, ReadOnlySpan<float> x, int row) =>
        string.Create(CultureInfo.InvariantCulture,
            $"{stem}_{row}_bins{settings.Bins}_chains{settings.BatchSize}_steps{settings.Steps}_burn{settings.Burn}_sigma" +
                $"{settings.Sigma:R}_seed{settings.Seed}")
        + $"_x{Convert.ToHexStringLower(SHA256.HashData(MemoryMarshal.AsBytes(x)))[..8]}{HistogramFile.Extension}";
}

using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Amnre.Engine.Histograms;
using Amnre.Engine.Masks;
using Amnre.Engine.Settings;
using Amnre.Engine.Simulators;

namespace Amnre.Engine.Truth;

/// <summary>The true marginals that an evaluation compares with: by quadrature where that is known and wanted, else counted from chains
/// on the likelihood, whose joint histograms are kept beside the observations.</summary>
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
        IReadOnlyDictionary<ParameterMask, Histogram>? exact = null;
        SparseHistogram? joint = null;
        foreach (var histogram in wanted)
        {
            if (settings.Truth == TruthMethod.Exact && histogram.Mask.Count <= TruePosterior.LargestMask && histogram is Histogram)
            {
                exact ??= TruePosterior.Marginals(simulator, x, settings.Bins);
                truths[histogram.Mask] = exact[histogram.Mask];
                continue;
            }

            joint ??= Joint(x, row, stop);
            truths[histogram.Mask] = histogram is SparseHistogram ? joint.Part(histogram.Mask) : joint.Marginal(histogram.Mask);
        }

        return truths;
    }

    private SparseHistogram Joint(ReadOnlySpan<float> x, int row, CancellationToken stop)
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
        var joint = TruePosterior.Joint(simulator, x, row, settings.Bins, chains, settings.Threads, stop);
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

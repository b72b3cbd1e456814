using System.Globalization;
using System.Text;
using Amnre.Engine.Estimators;
using Amnre.Engine.Masks;
using Amnre.Engine.Sampling;
using Amnre.Engine.Simulators;
using PureHDF;

namespace Amnre.Engine.Evaluation;

/// <summary>Draws of the posteriors of some observations, as many of each, and what the true parameters' place among them says.</summary>
public sealed class PosteriorDraws
{
    /// <summary>Draws that diagnostics take unless told otherwise: as many ranks, with 0, as divide well into bins.</summary>
    public const int UsualCount = 99;

    /// <summary>Ranks per bin of the test of uniformity, at least; fewer make its statistic no longer normal.</summary>
    private const int RowsPerBin = 5;

    private const int FewestRows = 10, MostAttempts = 64;

    private readonly EvaluateInputs _inputs;
    private readonly int _first, _count;
    private readonly float[]? _theta;
    private readonly List<(ParameterMask Mask, float[] Draws)> _draws;

    private PosteriorDraws(EvaluateInputs inputs, int first, int count, float[]? theta, List<(ParameterMask Mask, float[] Draws)> draws) =>
        (_inputs, _first, _count, _theta, _draws) = (inputs, first, count, theta, draws);

    private int Rows => _draws[0].Draws.Length / (_count * _draws[0].Mask.Count);

    /// <summary>Draws of each row of the settings and each of their masks that the model was trained for: of chains that run side by
    /// side, one state each, where the batch has as many.</summary>
    /// <param name="count">Draws of each posterior.</param>
    /// <exception cref="InputException">Faulty settings or files, or a model whose draws fall outside the prior.</exception>
    /// <exception cref="OperationCanceledException">The run was told to stop.</exception>
    public static PosteriorDraws Of(
        EvaluateSettings settings, ISimulator simulator, IMarginalPosterior posterior, EvaluateInputs inputs, int count, RunContext context)
    {
        EvaluateSettingsFaults.Of(settings, simulator).ThrowIfAny("draws");
        using var samples = ObservationRows.Open(inputs.Samples, simulator);
        var masks = EvaluationMasks.Of(settings, simulator, posterior.Covers, out _);
        if (masks.Count == 0) throw new InputException($"model '{inputs.Model}' was trained for none of the masks {string.Join(" ", settings.Masks)}: ask for others");
        var rows = settings.Last - settings.First;
        var (theta, _, x) = samples.Read(settings.First, rows);
        var found = masks.Select(mask => (mask, new float[rows * count * mask.Count])).ToList();
        var progress = new PacedProgress(context, rows, "observations drawn from");
        for (var row = 0; row < rows; row++)
        {
            progress.Report(row);
            var observed = x.AsSpan(row * simulator.ObservationSize, simulator.ObservationSize);
            foreach (var (mask, draws) in found)
            {
                var size = count * mask.Count;
                Fill(settings, simulator, posterior, mask, observed, settings.First + row, draws.AsMemory(row * size, size), context.Stop);
            }
        }

        progress.Report(rows);
        return new PosteriorDraws(inputs, settings.First, count, samples.HasTheta ? theta : null, found);
    }

    /// <summary>Writes the draws: <c>.h5</c> with a dataset (rows, draws, |mask|) for each mask and <c>index</c>, the rows' numbers; or
    /// <c>.csv</c> with columns index, mask, draw and one for each parameter, empty where the mask lacks it.</summary>
    public void Write(string path)
    {
        if (Path.GetExtension(path) == ".csv")
        {
            AtomicFile.Write(path, WriteTable);
            return;
        }

        var file = new H5File { ["index"] = Enumerable.Range(_first, Rows).Select(row => (long)row).ToArray() };
        foreach (var (mask, draws) in _draws)
            file[mask.ToString()] = new H5Dataset<float[]>(draws, fileDims: [(ulong)Rows, (ulong)_count, (ulong)mask.Count]);
        AtomicFile.Write(path, stream => file.Write(stream));
    }

    /// <summary>Writes <c>STEM_ranks.csv</c> (how many draws are below each true parameter, <see cref="RankCalibration"/>),
    /// <c>STEM_tarp.csv</c> (<see cref="RandomPointCoverage"/>) and <c>STEM_diagnostics.csv</c>, what both say by mask.</summary>
    /// <returns>The files.</returns>
    /// <exception cref="InputException">Too few rows, or rows without true parameters.</exception>
    public IReadOnlyList<string> WriteDiagnostics(string stem, ulong seed)
    {
        if (_theta is null) throw new InputException($"samples file '{_inputs.Samples}' has no 'theta': diagnostics need the true parameters");
        if (Rows < FewestRows) throw new InputException($"{Rows} observations say nothing about calibration: give at least {FewestRows} rows with --indices");
        var (ranks, fractions, summary) = (new StringBuilder("index,mask,parameter,rank,draws\n"), new StringBuilder("index,mask,fraction\n"), new StringBuilder("mask,parameter,measure,value\n"));
        foreach (var (mask, draws) in _draws)
        {
            var (truth, indices) = (Part(mask), mask.Indices());
            var found = RankCalibration.Ranks(truth, draws, mask.Count);
            var bins = Enumerable.Range(1, Math.Max(1, Rows / RowsPerBin)).Last(bins => (_count + 1) % bins == 0);
            for (var k = 0; k < indices.Length; k++)
            {
                for (var row = 0; row < Rows; row++) ranks.Append(CultureInfo.InvariantCulture, $"{_first + row},{mask},{indices[k]},{found[row, k]},{_count}\n");
                if (bins > 1) summary.Append(CultureInfo.InvariantCulture, $"{mask},{indices[k]},rank_excess,{RankCalibration.Excess(found, k, _count, bins):R}\n");
            }

            var nearer = RandomPointCoverage.Fractions(truth, draws, mask.Count, seed);
            for (var row = 0; row < Rows; row++) fractions.Append(CultureInfo.InvariantCulture, $"{_first + row},{mask},{nearer[row]:R}\n");
            summary.Append(CultureInfo.InvariantCulture, $"{mask},,tarp_deviation,{RandomPointCoverage.Deviation(nearer):R}\n");
        }

        var written = new[] { ("ranks", ranks), ("tarp", fractions), ("diagnostics", summary) };
        foreach (var (name, text) in written) AtomicFile.WriteText($"{stem}_{name}.csv", text.ToString());
        return [.. written.Select(pair => $"{stem}_{pair.Item1}.csv")];
    }

    private static void Fill(
        EvaluateSettings settings, ISimulator simulator, IMarginalPosterior posterior, ParameterMask mask, ReadOnlySpan<float> x, int observation,
        Memory<float> draws, CancellationToken stop)
    {
        var (size, filled) = (mask.Count, 0);
        var chains = Math.Max(4, Math.Min(settings.BatchSize, draws.Length / size + 1) / 2 * 2);
        var steps = (draws.Length / size + chains - 1) / chains;
        // Direct draws that fall outside the prior are dropped, so that one round may not be enough.
        for (var attempt = 0; filled < draws.Length; attempt++)
        {
            if (attempt == MostAttempts)
                throw new InputException($"of observation row {observation} and mask {mask} hardly a draw of the model falls within the prior: train it longer");
            var round = new ChainSettings
            {
                Chains = settings.Sampling == "importance" ? Math.Max(4, settings.BatchSize / 2 * 2) : chains,
                Steps = settings.Sampling == "importance" ? settings.Steps : settings.Burn + steps,
                Burn = settings.Burn,
                Sigma = settings.Sigma,
                Seed = settings.Seed + (ulong)attempt,
            };
            new PosteriorSampler(simulator, round, settings.Sampling == "importance").Draw(posterior, mask, x, observation, Take, stop);
        }

        void Take(ReadOnlySpan<float> theta)
        {
            var part = theta[..Math.Min(theta.Length, draws.Length - filled)];
            part.CopyTo(draws.Span[filled..]);
            filled += part.Length;
        }
    }

    private float[] Part(ParameterMask mask)
    {
        var indices = mask.Indices();
        var part = new float[Rows * indices.Length];
        for (var row = 0; row < Rows; row++)
            for (var k = 0; k < indices.Length; k++) part[row * indices.Length + k] = _theta![row * mask.Size + indices[k]];
        return part;
    }

    private void WriteTable(Stream stream)
    {
        using var writer = new StreamWriter(stream, new UTF8Encoding(false), leaveOpen: true) { NewLine = "\n" };
        writer.WriteLine($"index,mask,draw,{string.Join(",", Enumerable.Range(0, _draws[0].Mask.Size).Select(parameter => $"theta_{parameter}"))}");
        for (var row = 0; row < Rows; row++)
        {
            foreach (var (mask, draws) in _draws)
            {
                var cells = new string[mask.Size];
                Array.Fill(cells, "");
                for (var draw = 0; draw < _count; draw++)
                {
                    var place = (row * _count + draw) * mask.Count;
                    foreach (var parameter in mask.Indices()) cells[parameter] = draws[place++].ToString("R", CultureInfo.InvariantCulture);
                    writer.WriteLine($"{_first + row},{mask},{draw},{string.Join(",", cells)}");
                }
            }
        }
    }
}

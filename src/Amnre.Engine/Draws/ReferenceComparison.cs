using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using Amnre.Engine.Evaluation;
using Amnre.Engine.Masks;
using Amnre.Engine.Settings;
using Amnre.Engine.Tables;

namespace Amnre.Engine.Draws;

/// <summary>Compares draws with reference draws of the same posteriors, of a long chain for instance, by a classifier.</summary>
internal static class ReferenceComparison
{
    private const int FewestDraws = EvaluateSettings.FewestCompared;

    /// <summary>Part of the draws that may be copies by chance: single precision has few values where there is one parameter.</summary>
    private const double FewCopies = 0.01;

    /// <summary>Writes <c>index,mask,draws,c2st,parameters</c>: accuracy of <see cref="ClassifierTwoSampleTest"/>, and of how many draws of
    /// each side. Where one side has more draws, its first ones are taken.</summary>
    /// <param name="draws">The estimate's.</param>
    /// <param name="reference">File of reference draws, <see cref="DrawsFile"/>.</param>
    /// <param name="path">Table.</param>
    /// <param name="seed">Names the classifiers.</param>
    /// <param name="threads">Folds learnt at once.</param>
    /// <param name="context">Observed and stopped by.</param>
    /// <exception cref="InputException">The reference lacks a row, has none of the masks, either side has too few draws or one that is not
    /// finite, or the reference's do not vary.</exception>
    /// <returns>The mean accuracy by size of masks, for summaries.</returns>
    public static IReadOnlyList<(string Name, double Value)> Write(
        PosteriorDraws draws, string reference, string path, ulong seed, int threads, RunContext context)
    {
        var known = draws.Masks.Select(pair => (pair.Mask, pair.Draws, Reference: DrawsFile.Read(reference, pair.Mask))).ToList();
        var lacking = known.Where(one => one.Reference is null).Select(one => one.Mask).ToList();
        if (lacking.Count == known.Count)
            throw new InputException($"draws '{reference}' hold none of the masks {string.Join(" ", lacking)}: write them with --draws, " +
                "or ask for others with --masks");
        if (lacking.Count > 0)
            context.Note($"draws '{reference}' lack {(lacking.Count == 1 ? "mask" : "masks")} {string.Join(" ", lacking)}: not compared");
        known.RemoveAll(one => one.Reference is null);
        foreach (var (mask, _, given) in known)
        {
            foreach (var row in draws.Rows)
            {
                if (!given!.TryGetValue(row, out var values))
                    throw new InputException(
                        $"draws '{reference}' lack observation row {row} of mask {mask}: take rows that they have with --indices");
                var count = Math.Min(values.Length / mask.Count, draws.Count);
                if (count < FewestDraws)
                    throw new InputException($"{count} draws of row {row} and mask {mask} teach a classifier nothing: give {FewestDraws} " +
                        "or more, with --draws, on both sides");
            }
        }

        for (var i = 0; i < draws.Rows.Count; i++)
        {
            foreach (var (mask, estimated, given) in known)
            {
                var size = Math.Min(given![draws.Rows[i]].Length, draws.Count * mask.Count);
                CheckFinite($"draws '{reference}'", given[draws.Rows[i]].AsSpan(0, size), mask, draws.Rows[i]);
                CheckFinite("the model's draws", estimated.AsSpan(i * draws.Count * mask.Count, size), mask, draws.Rows[i]);
                CheckVaries(reference, given[draws.Rows[i]].AsSpan(0, size), mask, draws.Rows[i]);
            }
        }

        var table = new StringBuilder("index,mask,draws,c2st,parameters\n");
        var progress = new PacedProgress(context, draws.Rows.Count * known.Count, "posteriors compared");
        var accuracies = new List<(int Size, double Accuracy)>();
        var (done, copied) = (0, (Row: 0, Mask: "", Share: 0.0));
        for (var i = 0; i < draws.Rows.Count; i++)
        {
            foreach (var (mask, estimated, given) in known)
            {
                progress.Report(done++);
                var truth = given![draws.Rows[i]];
                var size = Math.Min(truth.Length, draws.Count * mask.Count);
                var accuracy = ClassifierTwoSampleTest.Accuracy(
                    truth.AsSpan(0, size), estimated.AsSpan(i * draws.Count * mask.Count, size), mask.Count, seed, threads,
                    context.Stop);
                accuracies.Add((mask.Count, accuracy));
                var twins = SharedDraws.Twins(truth.AsSpan(0, size), estimated.AsSpan(i * draws.Count * mask.Count, size), mask.Count);
                var share = twins.Index().Skip(size / mask.Count).Count(twin => twin.Item != twin.Index) / (double)(size / mask.Count);
                if (share > copied.Share) copied = (draws.Rows[i], mask.ToString(), share);
                table.Append(CultureInfo.InvariantCulture,
                    $"{draws.Rows[i]},{mask},{size / mask.Count},{accuracy:R},{CsvCell.Of(draws.Names, mask)}\n");
            }
        }

        if (copied.Share > FewCopies)
        {
            context.Note(string.Create(CultureInfo.InvariantCulture,
                $"draws '{reference}': {copied.Share * 100:0.#} % of the model's draws of row {copied.Row} and mask {copied.Mask} are " +
                    $"exact copies of them, and C2ST compares independent draws: a figure of 0.5 says nothing here"));
        }

        progress.Report(done);
        AtomicFile.WriteText(path, table.ToString());
        return [.. accuracies.GroupBy(one => one.Size).OrderBy(size => size.Key)
            .Select(size => ($"mean_c2st_{size.Key}d", size.Average(one => one.Accuracy)))];
    }

    private static void CheckFinite(string whose, ReadOnlySpan<float> draws, ParameterMask mask, int row)
    {
        for (var i = 0; i < draws.Length; i++)
        {
            if (!float.IsFinite(draws[i]))
                throw new InputException(
                    string.Create(CultureInfo.InvariantCulture,
                        $"{whose} of observation row {row} and mask {mask} hold {draws[i]} (draw {i / mask.Count}, parameter " +
                            $"{mask.Indices()[i % mask.Count]}): leave such draws out"));
        }
    }

    /// <summary>A classifier tells copies of a few points, or a parameter that never varies, from anything; that says nothing of an
    /// estimate.</summary>
    private static void CheckVaries(string reference, ReadOnlySpan<float> draws, ParameterMask mask, int row)
    {
        var distinct = new HashSet<string>(StringComparer.Ordinal);
        for (var at = 0; at < draws.Length && distinct.Count < FewestDraws; at += mask.Count)
            distinct.Add(Convert.ToHexString(MemoryMarshal.AsBytes(draws.Slice(at, mask.Count))));
        for (var parameter = 0; parameter < mask.Count; parameter++)
        {
            var (isConstant, first) = (true, draws[parameter]);
            for (var at = parameter; at < draws.Length && isConstant; at += mask.Count) isConstant = draws[at] == first;
            if (isConstant)
                throw new InputException(
                    string.Create(CultureInfo.InvariantCulture,
                        $"draws '{reference}' of observation row {row} and mask {mask} are all {first} in parameter " +
                            $"{mask.Indices()[parameter]}: they are no draws of a posterior of it"));
        }

        if (distinct.Count < FewestDraws)
            throw new InputException($"draws '{reference}' of observation row {row} and mask {mask} are copies of {distinct.Count} " +
                $"points: give {FewestDraws} or more that differ");
    }
}

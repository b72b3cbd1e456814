using System.Text.RegularExpressions;
using Amnre.Experiments.Fields;
using Amnre.Experiments.Plans;

namespace Amnre.Experiments.Checks;

/// <summary>Finds files of an experiment that would get the same name. Trainings write <c>MODEL…</c>, evaluations <c>MODEL_EVALUATION…</c>
/// and figures <c>FIGURE…</c>, so two of them clash where one name and what follows it spell the other.</summary>
internal static partial class NameClashes
{
    /// <param name="top">The whole file, for the lines to blame.</param>
    public static void Check(
        Section top, IReadOnlyList<ModelSection> models, IReadOnlyList<EvaluationSection> evaluations, IReadOnlyList<FigureSection> figures)
    {
        Compare(top, "models", models.Select(model => new Named(model.Name, model.Origin?.Section ?? model.Name, $"model '{model.Name}'")),
            '.', AfterModel());
        Compare(top, "evaluations", evaluations.SelectMany(one => one.Models.Select(model =>
            new Named($"{model}_{one.Name}", one.Origin?.Section ?? one.Name, $"evaluation '{one.Name}' of model '{model}'"))), '_',
            AfterResult());
        Compare(top, "figures", figures.Select(one => new Named(one.Name, one.Section, $"figure '{one.Name}'")), '_', AfterFigure());
    }

    private static void Compare(Section top, string kind, IEnumerable<Named> all, char between, Regex after)
    {
        var known = new Dictionary<string, Named>(StringComparer.Ordinal);
        var clashes = new List<(Named One, Named Other)>();
        foreach (var one in all)
            if (!known.TryAdd(one.Stem, one)) clashes.Add((one, known[one.Stem]));
        foreach (var one in known.Values)
        {
            for (var end = one.Stem.IndexOf(between, StringComparison.Ordinal); end >= 0; end = one.Stem.IndexOf(between, end + 1))
                if (known.TryGetValue(one.Stem[..end], out var shorter) && after.IsMatch(one.Stem.AsSpan(end + 1)))
                    clashes.Add((one, shorter));
        }

        if (clashes.Count == 0) return;
        var bodies = top.Sections(kind).ToDictionary(section => section.Name, section => section.Body, StringComparer.Ordinal);
        foreach (var (one, other) in clashes)
        {
            // Sections of one name are reported where they are read.
            if (one.Stem == other.Stem && kind != "evaluations") continue;
            bodies[one.Section]
                .Error("", $"{one.What} and {other.What} would write files of the same names ('{one.Stem}…'): rename one of them");
        }
    }

    /// <summary>What follows the name of a model: its other weights.</summary>
    [GeneratedRegex("^(?:best|last)$")]
    private static partial Regex AfterModel();

    /// <summary>What follows the stem of a result, up to its ending: rows and masks of consistency tables, histograms and truths, and
    /// words.</summary>
    [GeneratedRegex("^(?:[0-9]+(?:_[01]+)?|truth(?:_[0-9]+_[01]+)?|summary|sampling|draws|coverage|ranks|tarp|diagnostics|c2st)$")]
    private static partial Regex AfterResult();

    /// <summary>What follows the name of a figure: the mask or the metric that it is of.</summary>
    [GeneratedRegex("^(?:[01]+|probability|entropy|distance|divergence)$")]
    private static partial Regex AfterFigure();

    /// <param name="Stem">What its files' names begin with.</param>
    /// <param name="Section">Its name in the file.</param>
    /// <param name="What">For messages.</param>
    private sealed record Named(string Stem, string Section, string What);
}

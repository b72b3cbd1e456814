using Amnre.Engine.Drawing;
using Amnre.Engine.Figures;
using Amnre.Engine.Observations;
using Amnre.Engine.Sampling;
using Amnre.Engine.Simulators;

namespace Amnre.Engine.Inference;

/// <summary>Posteriors of measured observations, written as draws, a summary and figures.</summary>
public static class InferRun
{
    /// <summary>What the draws' file may end in.</summary>
    public static IReadOnlyList<string> DrawsEndings { get; } = [".h5", ".csv"];

    /// <param name="settings">What is asked.</param>
    /// <param name="inputs">The model and the observations.</param>
    /// <param name="output">The draws' file, which ends in one of <see cref="DrawsEndings"/>; the summary (<c>.json</c>) and the figures
    /// (<c>.png</c>, <c>.pdf</c>, <c>.svg</c>, and <c>_information.png</c> and so on, with the
    /// observation's place before the ending where there are several) lie beside
    /// it.</param>
    /// <param name="context">Is told how far it is and of what was left out, and may stop it.</param>
    /// <returns>The posteriors, the observations left out with the reason, and the files written.</returns>
    /// <exception cref="InputException">Invalid settings or files; nothing is written.</exception>
    /// <exception cref="OperationCanceledException">The run was told to stop; nothing is written.</exception>
    public static InferResult Run(InferSettings settings, InferInputs inputs, string output, RunContext context)
    {
        using var inference = PosteriorInference.Open(
            inputs.Model, inputs.Simulator, settings.Threads, settings.Device, inputs.Others, settings.Combine);
        var simulator = inference.Simulator;
        if (inference.Model.TrainedOn is null)
            context.Note($"model '{inputs.Model}' does not say on which simulations it was trained, as those of the original and of " +
                $"earlier versions: '{inputs.Observations}' is not standardised, and whether prior and parameters are those of its training " +
                "cannot be checked. Where they were standardised, import it as an observation with 'reference', and use amnre eval");
        var questions = Question.Of(settings, simulator);
        var (x, count) = ObservationFile.Read(inputs.Observations, inputs.Key, simulator, inference.Model.TakesMissing);
        var (size, progress) = (simulator.ObservationSize, new PacedProgress(context, (double)count * questions.Count, "posteriors"));
        var found = questions.Select(_ => new List<ObservationPosterior>()).ToList();
        var refused = new SortedDictionary<int, string>();
        for (var i = 0; i < count; i++)
        {
            for (var k = 0; k < questions.Count; k++)
            {
                var before = i * (double)questions.Count + k;
                progress.Report(before);
                try
                {
                    found[k].Add(inference.Of(x.AsSpan(i * size, size), i, questions[k], found[k].Count < settings.Figures,
                        context with { Progress = progress.Within(before) }));
                }
                catch (NoDrawsException none)
                {
                    refused.TryAdd(i, none.Message);
                }
            }
        }

        progress.Report((double)count * questions.Count);
        if (found.TrueForAll(posteriors => posteriors.Count == 0)) throw new InputException(refused.First().Value);
        var (written, summaries) = (new List<string>(), new List<string>());
        var (stem, ending) = (Path.ChangeExtension(output, null), Path.GetExtension(output));
        for (var k = 0; k < questions.Count; k++)
        {
            if (found[k].Count == 0) continue;
            summaries.Add(Write(
                simulator, settings, inputs, questions[k], found[k], count, questions.Count == 1
                    ? stem
                    : $"{stem}_{questions[k].Mask}", ending, written, context.Stop));
        }

        return new InferResult([.. found.SelectMany(posteriors => posteriors)], [.. refused.Select(one => (one.Key, one.Value))], written,
            string.Join('\n', summaries));
    }

    /// <returns>The summary.</returns>
    private static string Write(
        ISimulator simulator, InferSettings settings, InferInputs inputs, Question question, List<ObservationPosterior> posteriors,
        int count, string stem,
        string ending, List<string> written, CancellationToken stop)
    {
        if (Path.GetDirectoryName(Path.GetFullPath(stem)) is { } folder) Directory.CreateDirectory(folder);
        PosteriorFiles.WriteDraws(stem + ending, simulator, posteriors);
        written.Add(stem + ending);
        foreach (var one in posteriors.Take(settings.Figures))
        {
            stop.ThrowIfCancellationRequested();
            var path = count == 1 ? stem : $"{stem}_{one.Index}";
            one.Figure!.Picture(one.Warnings.Count > 0 ? FigureRun.NotToBeTrusted(one.Warnings[0].Split(':')[0]) : "").Save(path);
            written.AddRange(Picture.Formats.Select(format => path + format));
            if (one.Pairs.Count == 0) continue;
            InformationFigure.Of([.. one.Marginals.Select(marginal => marginal.Name)], [[Map(one)]]).Save($"{path}_information");
            written.AddRange(Picture.Formats.Select(format => $"{path}_information{format}"));
        }

        var summary = PosteriorFiles.Summary(simulator, settings, inputs, question, posteriors);
        AtomicFile.WriteText($"{stem}.json", summary);
        written.Add($"{stem}.json");
        return summary;
    }

    private static InformationMap Map(ObservationPosterior posterior)
    {
        string[] names = [.. posterior.Marginals.Select(marginal => marginal.Name)];
        var values = new double?[names.Length, names.Length];
        for (var i = 0; i < names.Length; i++) values[i, i] = posterior.Marginals[i].Information;
        foreach (var pair in posterior.Pairs)
        {
            var (i, j) = (Array.IndexOf(names, pair.First), Array.IndexOf(names, pair.Second));
            values[i, j] = values[j, i] = pair.Information;
        }

        return new InformationMap("information, nat", values);
    }
}

/// <summary>What an inference gave.</summary>
/// <param name="Posteriors">Of the observations that the model gives a probability.</param>
/// <param name="Refused">The others, by their places, with the reason.</param>
/// <param name="Written">Paths of the files.</param>
/// <param name="Summary">JSON, as in the files: one object for each mask.</param>
public sealed record InferResult(
    IReadOnlyList<ObservationPosterior> Posteriors, IReadOnlyList<(int Index, string Reason)> Refused, IReadOnlyList<string> Written,
    string Summary);

using Amnre.Engine.Evaluation;
using Amnre.Engine.Masks;
using Amnre.Engine.Settings;
using Amnre.Engine.Simulators;
using Amnre.Engine.Verdicts;
using Amnre.Experiments.Fields;
using Amnre.Experiments.Plans;

namespace Amnre.Experiments.Checks;

/// <summary>Refuses a verdict that could not be measured on the models and the data of its evaluation.</summary>
internal static class VerdictChecks
{
    /// <summary>Whether reference draws tell something of a verdict: draws of all parameters, of rows among its own, that are there before
    /// the evaluation.</summary>
    public static bool Compares(EvaluateSettings settings, EvaluationVerdict verdict, ISimulator simulator) =>
        verdict.Data is null && settings.Reference is not null && settings.First < verdict.Rows
        && EvaluateSettingsErrors.Masks(settings, simulator).Contains(ParameterMask.Full(simulator.ThetaSize));

    public static void Check(
        Section body, EvaluationSection evaluation, ISimulator simulator, IReadOnlyDictionary<string, DatasetSection> datasets,
        IReadOnlyList<ModelSection> models)
    {
        var asked = evaluation.Verdict;
        // What could not be read has its error already, and nothing follows from it.
        if ((body.Has("require") && !asked.IsAsked) || (body.Has("verdict_data") && asked.Data is null)) return;
        body.Errors(VerdictErrors.Of(asked, evaluation.VerdictCompares));
        if (!asked.IsAsked) return;
        var field = asked.Verdict ? "verdict" : "require";
        if (evaluation.Settings.Given is not null)
            body.Error(field, $"{field} judges posteriors of the observation alone, and given adds " +
                $"{string.Join(", ", evaluation.Settings.Given.Keys)}: leave given or {field} out");
        CheckData(body, (field, asked.Data), simulator, evaluation.Data, datasets, models);
        CheckAtObservations(body, asked, simulator, models);
        var full = ParameterMask.Full(simulator.ThetaSize);
        if (EvaluationChecks.ModelWithout(models, full) is { } partial)
            body.Error(field, $"{field} takes draws of all parameters together, which model '{partial.Name}' does not know: train it for " +
                $"mask {full} too, or name other models");
        CheckNested(body, asked, simulator, models);
    }

    private static void CheckData(
        Section body, (string Field, string? Data) asked, ISimulator simulator, string evaluated,
        IReadOnlyDictionary<string, DatasetSection> datasets, IReadOnlyList<ModelSection> models)
    {
        var field = asked.Data is null ? asked.Field : "verdict_data";
        if (!datasets.TryGetValue(evaluated, out var data)) return;
        if (asked.Data is not null)
        {
            if (!LacksTheta(data, simulator))
            {
                body.Error(field, $"dataset '{data.Name}' has true parameters, so the models are judged by it: leave verdict_data out");
                return;
            }

            string[] known = [.. datasets.Values.Where(one => !LacksTheta(one, simulator)).Select(one => one.Name)];
            if (!datasets.TryGetValue(asked.Data, out data))
            {
                body.Reference(field, "dataset", known, required: true);
                return;
            }
        }

        if (LacksTheta(data, simulator))
        {
            body.Error(field, $"{asked.Field} compares with true parameters, and " +
                (data.HasTheta ? $"those of the events of dataset '{data.Name}' are not known" : $"observation '{data.Name}' has none") +
                ": name a dataset with known parameters as verdict_data, by which the models are then judged");
            return;
        }

        // What a file holds is known after its import.
        if (data is { Import: null, Settings.Rows: < VerdictRows.Least })
            body.Error(field, $"dataset '{data.Name}' has {data.Settings.Rows} rows, and a verdict takes {VerdictRows.Least} or more: " +
                "draw more rows");
        if (models.FirstOrDefault(model => datasets.GetValueOrDefault(model.Samples)?.SharesRowsWith(data) == true) is { } trained)
            body.Error(field, $"model '{trained.Name}' is trained on dataset '{trained.Samples}', " +
                (trained.Samples == data.Name ? "" : $"which has rows of dataset '{data.Name}', ") +
                $"so {asked.Field} would judge it by rows that it knows: name a dataset of another seed, or of other rows");
    }

    private static bool LacksTheta(DatasetSection data, ISimulator simulator) =>
        !data.HasTheta || (data.Settings.Events && simulator is IReferenceEvents events && EvaluationChecks.LackParameters(events));

    /// <summary>What an observation's verdict takes that these models or this simulator may lack.</summary>
    private static void CheckAtObservations(
        Section body, EvaluationVerdict asked, ISimulator simulator, IReadOnlyList<ModelSection> models)
    {
        if (asked.Data is null) return;
        if (asked.Require.Contains(VerdictCheck.Predictive) && simulator is not IConditionalSimulator)
            body.Error("require", $"require 'predictive' simulates from the posterior's draws, and simulator {simulator.PlainName} " +
                "cannot simulate given parameters: leave it out");
        if (asked.Require.Contains(VerdictCheck.Ensemble) && models.FirstOrDefault(model => model.Combine is null) is { } single)
            body.Error("require", $"require 'ensemble' compares the members of an ensemble, and '{single.Name}' is one model: name an " +
                "ensemble (ensemble: ...), or leave it out");
    }

    /// <summary>Nested marginals are compared with the joint: of a model without any there is nothing to compare.</summary>
    private static void CheckNested(Section body, EvaluationVerdict asked, ISimulator simulator, IReadOnlyList<ModelSection> models)
    {
        var nested = asked.Require.Intersect([VerdictCheck.Consistency, VerdictCheck.Total]).ToList();
        if (nested.Count == 0) return;
        var size = simulator.ThetaSize;
        if (size == 1 && nested.Contains(VerdictCheck.Consistency))
            body.Error("require", $"require 'consistency' compares nested marginals, and {simulator.Name} has one parameter: leave it out");
        if (size > 1 && models.FirstOrDefault(model => !Enumerable.Range(0, size)
                .Any(i => EvaluationChecks.Covers(model.Settings, new ParameterMask(1u << i, size)))) is { } lone)
            body.Error("require", $"require '{string.Join(", ", nested.Select(Amnre.Engine.EnumName.Of))}' takes marginals of single " +
                $"parameters, which model '{lone.Name}' does not know: train an AMNRE (arbitrary: true), or leave it out");
    }
}
